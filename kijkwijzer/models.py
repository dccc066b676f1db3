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
    in_use_since = models.DateTimeField(
        null=True, blank=True, help_text="The one put in use last is what new look backs are asked with."
    )

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


class Sitting(InSchool):
    """A film scored together: everybody on a phone of her own, the picture of the team only from five (K4).

    A picture is fixed the moment it is shown and never changes afterwards: who finishes later is not in it, so that two
    pictures of one sitting never differ by one person.
    """

    class Occasion(models.TextChoices):
        TEAM = "team", _("teamoverleg")
        STUDY_DAY = "study_day", _("studiedag")
        TRAINING = "training", _("les op de lerarenopleiding")

    occasion = models.CharField(_("waarbij"), max_length=10, choices=Occasion, default=Occasion.TEAM)
    film = models.SlugField(_("film"), max_length=40)
    leader = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="sittings_led")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="sittings")
    opened_at = models.DateTimeField(default=timezone.now)
    after_at = models.DateTimeField(null=True, blank=True, help_text="When the second version of the film was begun.")
    before_shown_at = models.DateTimeField(null=True, blank=True)
    after_shown_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    pictures = models.JSONField(
        default=dict, blank=True, help_text="Per version the numbers that were shown; kept as they were, never counted again."
    )  # fmt: skip

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self):
        return f"sitting {self.pk}"


class Terugblik(InSchool):
    """What one observer scored: on an own gesprek, on a colleague's, or on a film. Without `saved_at` never saved.

    `about` is whose conversation it was: oneself, the colleague, nobody for a film. The scores belong to the observer
    and, once these are ready, to whom they are about, and to nobody else unless shared (K4).
    """

    class Mode(models.TextChoices):
        SELF = "self", _("Terugblik")
        COLLEAGUE = "colleague", _("Meekijken")
        FILM = "film", _("Oefenen met film")

    class Part(models.TextChoices):
        BEFORE = "before", _("liever niet zo")
        AFTER = "after", _("zo kan het ook")

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, null=True, blank=True, related_name="terugblikken")
    observer = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="terugblikken")
    about = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="terugblikken_about"
    )
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.SELF)
    film = models.SlugField(max_length=40, blank=True)
    part = models.CharField(max_length=10, choices=Part, blank=True)
    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, null=True, blank=True, related_name="terugblikken")
    first = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="again",
        help_text="Of a film: the scores of the first version, beside which these of the second stand.",
    )  # fmt: skip
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="terugblikken")
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(
        null=True, blank=True, help_text="The observer said it is ready: of a sitting, or for the colleague to read."
    )
    in_the_open = models.BooleanField(
        default=False, help_text="In a sitting: I do not mind a picture of fewer than five."
    )
    in_picture = models.BooleanField(default=False, help_text="In a sitting: among those of whom the picture was made.")
    difficult = models.BooleanField(_("dit was een lastig gesprek"), default=False)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gesprek", "observer", "mode", "about"],
                condition=Q(gesprek__isnull=False),
                name="terugblik_once",
            ),
            models.UniqueConstraint(
                fields=["sitting", "observer", "part"],
                condition=Q(sitting__isnull=False),
                name="terugblik_once_in_sitting",
            ),
            models.CheckConstraint(
                condition=Q(mode="film", part__in=["before", "after"], gesprek__isnull=True, about__isnull=True)
                & ~Q(film="")
                | Q(mode__in=["self", "colleague"], film="", part="", sitting__isnull=True, about__isnull=False),
                name="terugblik_on_a_gesprek_or_a_film",
            ),
            models.CheckConstraint(
                condition=~Q(mode="self") | Q(about=models.F("observer")), name="terugblik_self_is_about_oneself"
            ),
            models.CheckConstraint(
                condition=~Q(mode="colleague") | ~Q(about=models.F("observer")), name="terugblik_colleague_is_another"
            ),
        ]
        ordering = ["-created_at"]

    def __str__(self):
        return f"terugblik {self.pk}"


class ObserverInvite(InSchool):
    """A teacher asks a colleague to observe one gesprek. The colleague learns its date and kind, never whose it is."""

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="observer_invites")
    teacher = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="observers_asked")
    observer = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="asked_to_observe")
    words = models.CharField(_("waar let je op?"), max_length=300, blank=True)
    factor = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="What the teacher works on, where she chose to tell it."
    )
    agreed = models.BooleanField(default=False, help_text="The teacher discussed it with the parents, who agree.")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gesprek", "teacher", "observer"], name="observer_asked_once"),
            models.CheckConstraint(condition=~Q(teacher=models.F("observer")), name="observer_is_another"),
        ]
        ordering = ["-asked_at"]

    def __str__(self):
        return f"observer invite {self.pk}"


class Sharing(InSchool):
    """Whom it is about lets one other person read one look back, until that is withdrawn. Sharing is an act (K4)."""

    terugblik = models.ForeignKey(Terugblik, on_delete=models.CASCADE, related_name="sharings")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="shared_with")
    shared_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["terugblik", "person"], condition=Q(withdrawn_at__isnull=True), name="shared_once_at_a_time"
            ),
        ]

    def __str__(self):
        return f"sharing {self.pk}"


class Ontwikkelpunt(InSchool):
    """The one factor a member of staff works on now, in words of her own; the next look back asks it first."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="ontwikkelpunten")
    factor = models.PositiveSmallIntegerField()
    words = models.CharField(_("wat ga je doen?"), max_length=300, blank=True)
    terugblik = models.ForeignKey(
        Terugblik, on_delete=models.SET_NULL, null=True, blank=True, related_name="ontwikkelpunten",
        help_text="The look back after which it was chosen.",
    )  # fmt: skip
    chosen_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at__isnull=True), name="one_ontwikkelpunt"),
        ]
        ordering = ["-chosen_at"]

    def __str__(self):
        return f"ontwikkelpunt {self.pk}"


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
