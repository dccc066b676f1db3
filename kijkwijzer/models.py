"""How well: the instrument as data, and what was scored with it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gesprekken.models import Gesprek
from school.models import InSchool, Person


class Instrument(InSchool):
    """A version of the Kijkwijzer. Scores stay with the version they were given on."""

    code = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="nl")
    source = models.TextField()
    content = models.JSONField(default=dict, help_text="The checked file: scale, clusters, factors and their words.")
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "code", "version"], name="instrument_version_once"),
        ]

    def __str__(self):
        return f"{self.title} ({self.version})"


class Item(InSchool):
    """One thing to look for: an indicator of a factor, or a conversation skill."""

    class Kind(models.TextChoices):
        INDICATOR = "indicator", _("indicator")
        SKILL = "skill", _("gespreksvaardigheid")
        DIFFICULT = "difficult", _("extra bij lastige gesprekken")

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=60)
    cluster = models.CharField(max_length=30, blank=True)
    factor = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "code"], name="item_code_once"),
            models.UniqueConstraint(fields=["instrument", "number"], name="item_number_once"),
        ]
        ordering = ["number"]

    def __str__(self):
        return self.text


class Terugblik(InSchool):
    """A look back with the Kijkwijzer. The scores are the observer's own (K4). Without `saved_at` it never was saved."""

    class Mode(models.TextChoices):
        SELF = "self", _("Terugblik")
        COLLEAGUE = "colleague", _("Meekijken")
        FILM = "film", _("Oefenen met film")

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, null=True, blank=True, related_name="terugblikken")
    observer = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="terugblikken")
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.SELF)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="terugblikken")
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(null=True, blank=True)
    difficult = models.BooleanField(_("dit was een lastig gesprek"), default=False)
    practise = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The factor the observer chose to practise after this look back."
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gesprek", "observer", "mode"], condition=Q(gesprek__isnull=False), name="terugblik_once"
            ),
        ]
        ordering = ["-created_at"]

    def __str__(self):
        return f"terugblik {self.pk}"


class Score(InSchool):
    """A value from 1 to 5, or 'nvt' for a skill. Unseen is normal: then there is no row at all."""

    terugblik = models.ForeignKey(Terugblik, on_delete=models.CASCADE, related_name="scores")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="scores")
    value = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    not_applicable = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["terugblik", "item"], name="score_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, value__range=(1, 5), not_applicable=False)
                | Q(value__isnull=True, not_applicable=True),
                name="score_is_1_to_5_or_nvt",
            ),
        ]

    def __str__(self):
        return f"score {self.pk}"


class Remark(InSchool):
    """A remark per factor, for the observer."""

    terugblik = models.ForeignKey(Terugblik, on_delete=models.CASCADE, related_name="remarks")
    factor = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["terugblik", "factor"], name="remark_once")]

    def __str__(self):
        return f"remark {self.pk}"
