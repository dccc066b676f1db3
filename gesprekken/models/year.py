"""The year: kinds of conversation, the calendar that is shared, other parent activities."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from school.models import Groep, InSchool, Person, Schooljaar


class Soort(InSchool):
    """A kind of conversation (C2). The sources' kinds are a start; a school renames, leaves out and adds."""

    code = models.SlugField(max_length=40)
    name = models.CharField(_("naam"), max_length=80)
    purpose = models.TextField(_("waarom we dit gesprek voeren"), blank=True)
    points = models.TextField(_("waar het over gaat"), blank=True, help_text=_("Elk punt op een eigen regel."))
    duration = models.PositiveSmallIntegerField(
        _("duur in minuten"), default=15, validators=[MinValueValidator(5), MaxValueValidator(120)]
    )
    level_from = models.PositiveSmallIntegerField(_("vanaf groep"), null=True, blank=True)
    level_until = models.PositiveSmallIntegerField(_("tot en met groep"), null=True, blank=True)
    is_advice = models.BooleanField(_("adviesgesprek"), default=False, help_text="A second colleague is present (C4).")
    is_optional = models.BooleanField(_("op verzoek"), default=False)
    proposed_from = models.CharField(max_length=5, blank=True, help_text="MM-DD of the proposal; empty: not proposed.")
    proposed_until = models.CharField(max_length=5, blank=True)
    archived = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "code"], name="soort_code_once")]
        ordering = ["proposed_from", "name"]

    def __str__(self):
        return self.name


class Jaarplan(InSchool):
    """The calendar of a school year. Publishing is a deliberate act; each publication is a version (C1)."""

    schooljaar = models.OneToOneField(Schooljaar, on_delete=models.CASCADE, related_name="jaarplan")
    preliminary_from = models.DateField(_("voorlopig advies vanaf"), null=True, blank=True)
    preliminary_until = models.DateField(_("voorlopig advies tot en met"), null=True, blank=True)
    result_by = models.DateField(_("uitslag doorstroomtoets uiterlijk"), null=True, blank=True)
    final_by = models.DateField(_("definitief advies uiterlijk"), null=True, blank=True)
    gains_from = models.DateField(_("de jaarvraag staat open vanaf"), null=True, blank=True)
    gains_until = models.DateField(_("de jaarvraag staat open tot en met"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_version = models.PositiveIntegerField(default=0)
    factor_map = models.JSONField(default=dict, blank=True, help_text="The school's own: activity code to factors.")

    def __str__(self):
        return f"jaarplan {self.schooljaar}"

    @property
    def is_published(self):
        return self.published_version > 0


class JaarplanVersie(InSchool):
    """What stood in the calendar when it was published, so that a later change shows as a change."""

    jaarplan = models.ForeignKey(Jaarplan, on_delete=models.CASCADE, related_name="versies")
    version = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    entries = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["jaarplan", "version"], name="jaarplan_version_once")]

    def __str__(self):
        return f"{self.jaarplan} v{self.version}"


class Activiteit(InSchool):
    """Another parent activity in the year's calendar (C6): an information evening, a walk-in, homework together."""

    class Soort(models.TextChoices):
        INFORMATIEKAART = "informatiekaart", _("informatiekaart")
        INFORMATIEAVOND = "informatieavond", _("interactieve informatieavond")
        INLOOP = "inloop", _("inloopactiviteit")
        HUISWERK = "huiswerk", _("interactief huiswerk")
        ANDERS = "anders", _("andere activiteit")

    jaarplan = models.ForeignKey(Jaarplan, on_delete=models.CASCADE, related_name="activiteiten")
    soort = models.CharField(_("soort"), max_length=20, choices=Soort)
    name = models.CharField(_("naam"), max_length=80)
    on = models.DateField(_("datum"))
    starts = models.TimeField(_("van"), null=True, blank=True)
    ends = models.TimeField(_("tot"), null=True, blank=True)
    place = models.CharField(_("plaats"), max_length=80, blank=True)
    groepen = models.ManyToManyField(Groep, blank=True, related_name="activiteiten")
    invitation = models.TextField(_("wat er gebeurt en waarom u welkom bent"), blank=True)
    asks_sign_up = models.BooleanField(_("ouders melden zich aan"), default=False)
    places = models.PositiveSmallIntegerField(_("hoeveel mensen er kunnen komen"), null=True, blank=True)
    sign_up_until = models.DateField(_("aanmelden kan tot en met"), null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    called_off_at = models.DateTimeField(null=True, blank=True, help_text="After inviting it stays as a row.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(starts__lt=F("ends")),
                name="activiteit_forward",
            ),
        ]
        ordering = ["on", "starts"]

    def __str__(self):
        return self.name
