"""A ronde, its gesprekken and who takes part in them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gesprekken.models.year import Soort
from school.models import Groep, InSchool, Leerling, Medewerker, Person, Schooljaar


def usual_reminder_days():
    """How many days after the invitation we ask again, unless the school wants something else."""
    return [4, 8]


class Ronde(InSchool):
    """One soort of conversation, in one period, for some groups (C3)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("in voorbereiding")
        OPEN = "open", _("open")
        CLOSED = "closed", _("afgesloten")

    class Form(models.TextChoices):
        SCHOOL = "school", _("op school")
        HOME = "home", _("thuis")
        VIDEO = "video", _("met beeldbellen")
        PHONE = "phone", _("aan de telefoon")

    class Mode(models.TextChoices):
        """How a time is found: who chooses first, or a plan made from what everybody can."""

        FIRST_COME = "first_come", _("ouders kiezen zelf een tijd")
        WISHES = "wishes", _("ouders geven aan wanneer zij kunnen, daarna maken wij een planning")

    class Whom(models.TextChoices):
        """Whose gesprekken there are: of every pupil of its groups, or only where somebody asked for it (C2)."""

        EVERYBODY = "everybody", _("voor alle leerlingen van de groepen")
        ASKED = "asked", _("alleen voor wie het is gevraagd")

    class Lead(models.TextChoices):
        LEERKRACHT = "leerkracht", _("de leerkracht leidt het gesprek")
        LEERLING = "leerling", _("de leerling leidt het gesprek")

    class LeadCheck(models.TextChoices):
        """What is ready before pupils lead: the source's three conditions."""

        TEAM = "team", _("Het team heeft zich samen voorbereid.")
        PUPILS = "pupils", _("De leerlingen worden door hun leerkracht begeleid.")
        PARENTS = "parents", _("De ouders weten ervan en waarom.")

    schooljaar = models.ForeignKey(Schooljaar, on_delete=models.CASCADE, related_name="rondes")
    whom = models.CharField(_("voor wie"), max_length=10, choices=Whom, default=Whom.EVERYBODY)
    soort = models.ForeignKey(Soort, on_delete=models.PROTECT, related_name="rondes")
    name = models.CharField(_("naam"), max_length=80)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    starts_on = models.DateField(_("eerste dag"))
    ends_on = models.DateField(_("laatste dag"))
    groepen = models.ManyToManyField(Groep, through="RondeGroep", related_name="rondes")
    for_levels = models.JSONField(
        default=list, blank=True, help_text="Year levels it is meant for while the year's groups are not known yet."
    )
    purpose = models.TextField(_("waarom we dit gesprek voeren"), blank=True)
    points = models.TextField(_("waar het over gaat"), blank=True, help_text=_("Elk punt op een eigen regel."))
    duration = models.PositiveSmallIntegerField(
        _("duur in minuten"), default=15, validators=[MinValueValidator(5), MaxValueValidator(120)]
    )
    buffer = models.PositiveSmallIntegerField(
        _("minuten tussen twee gesprekken"), default=0, validators=[MaxValueValidator(60)]
    )
    form = models.CharField(_("vorm"), max_length=10, choices=Form, default=Form.SCHOOL)
    place = models.CharField(_("plaats of link"), max_length=200, blank=True)
    reception = models.CharField(_("ontvangst van de ouders"), max_length=300, blank=True)
    pupils_join = models.BooleanField(_("leerlingen zijn erbij"), default=True)
    pupils_from = models.PositiveSmallIntegerField(_("vanaf groep"), default=4, validators=[MaxValueValidator(9)])
    lead = models.CharField(_("wie leidt"), max_length=10, choices=Lead, default=Lead.LEERKRACHT)
    lead_checks = models.JSONField(default=list, blank=True, help_text="Which preparations for pupil-led are done.")
    booking_closes_days = models.PositiveSmallIntegerField(
        _("kiezen kan tot zoveel dagen voor het eerste gesprek"), default=7, validators=[MaxValueValidator(30)]
    )
    mode = models.CharField(_("hoe de tijden worden verdeeld"), max_length=10, choices=Mode, default=Mode.FIRST_COME)
    choosing_opens_at = models.DateTimeField(_("kiezen kan vanaf"), null=True, blank=True)
    early_hours = models.PositiveSmallIntegerField(
        _("uren eerder voor gezinnen met meer kinderen"), default=0, validators=[MaxValueValidator(168)]
    )
    walking = models.PositiveSmallIntegerField(
        _("looptijd voor een gezin tussen twee gesprekken"), default=0, validators=[MaxValueValidator(30)]
    )
    margin = models.PositiveSmallIntegerField(
        _("extra tijdsloten per leerkracht, in procenten"), default=10, validators=[MaxValueValidator(100)]
    )
    has_rooms = models.BooleanField(_("gesprekken zijn in een lokaal dat we reserveren"), default=False)
    interpreter_minutes = models.PositiveSmallIntegerField(
        _("extra minuten met een tolk"), default=0, validators=[MaxValueValidator(60)]
    )
    colleague_pool = models.ManyToManyField(
        Medewerker, blank=True, related_name="pool_rondes", help_text="Second colleagues; any of them can join (C4)."
    )
    reminder_days = models.JSONField(
        _("herinneringen, zoveel dagen na de uitnodiging"), default=usual_reminder_days, blank=True
    )
    mail_per_child = models.BooleanField(
        _("een bericht per kind"), default=False, help_text="Else one mail tells a guardian of all her children."
    )
    announced_at = models.DateTimeField(
        null=True, blank=True, help_text="When families were told to keep these days free, long before (I2)."
    )
    plan_released_at = models.DateTimeField(null=True, blank=True, help_text="From then on parents may swap.")
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="ronde_forward"),
        ]
        ordering = ["starts_on", "pk"]

    def __str__(self):
        return self.name

    @property
    def point_list(self):
        return [line.strip() for line in self.points.splitlines() if line.strip()]

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_wishing(self):
        """Parents say when they can; times come with the plan. After its release they choose from what is free."""
        return self.mode == self.Mode.WISHES and self.plan_released_at is None

    @property
    def actual_form(self):
        """A Ronde.Form; as a gesprek has."""
        return self.Form(self.form)

    @property
    def actual_place(self):
        return self.place

    @property
    def missing_lead_checks(self):
        """What is still to be prepared before pupils can lead (C3); nothing where the teacher leads."""
        if self.lead != self.Lead.LEERLING:
            return []
        return [label for code, label in self.LeadCheck.choices if code not in self.lead_checks]

    def pupil_joins(self, level):
        """Whether a pupil of this year level is invited: one choice for a whole level (C3)."""
        return self.pupils_join and (level is None or level >= self.pupils_from)


class RondeGroep(InSchool):
    class Duo(models.TextChoices):
        """How two teachers of one group share its gesprekken."""

        EITHER = "either", _("een van beiden, wie de gekozen tijd heeft")
        TOGETHER = "together", _("samen, bij elk gesprek")
        PARTS = "parts", _("ieder een eigen deel van de leerlingen")

    ronde = models.ForeignKey(Ronde, on_delete=models.CASCADE, related_name="ronde_groepen")
    groep = models.ForeignKey(Groep, on_delete=models.CASCADE, related_name="ronde_groepen")
    tweede_collega = models.ForeignKey(
        Medewerker, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="For advice (C4)."
    )
    duo = models.CharField(_("twee leerkrachten"), max_length=10, choices=Duo, default=Duo.EITHER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ronde", "groep"], name="ronde_groep_once")]
        ordering = ["groep__jaargroep", "groep__name"]

    def __str__(self):
        return f"{self.ronde} - {self.groep}"


class Gesprek(InSchool):
    """One conversation about one pupil, with one party of guardians. Two rows where parents talk apart."""

    TOGETHER = "samen"

    ronde = models.ForeignKey(Ronde, on_delete=models.CASCADE, related_name="gesprekken")
    leerling = models.ForeignKey(Leerling, on_delete=models.CASCADE, related_name="gesprekken")
    groep = models.ForeignKey(Groep, on_delete=models.CASCADE, related_name="gesprekken")
    party = models.CharField(max_length=20, default=TOGETHER, help_text="'samen', or the id of the guardian apart.")
    medewerker = models.ForeignKey(
        Medewerker,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="eigen_gesprekken",
        help_text="The one teacher it is with: of a duo that divides the pupils, or who replaces a colleague.",
    )
    minutes = models.PositiveSmallIntegerField(
        _("duur in minuten"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(120)],
        help_text="Empty: as long as the others of the ronde.",
    )
    form = models.CharField(_("vorm"), max_length=10, choices=Ronde.Form, blank=True, help_text="Empty: as the ronde.")
    place = models.CharField(_("plaats of link"), max_length=200, blank=True)
    held_on = models.DateField(null=True, blank=True)
    follows = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="followed_by",
        help_text="The gesprek that was too short, or from which it was agreed to go on.",
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ronde", "leerling", "party"], name="gesprek_once_per_party"),
        ]

    def __str__(self):
        return f"{self.ronde} - {self.leerling}"

    @property
    def is_held(self):
        return self.held_on is not None

    @property
    def is_ahead(self):
        """Whether it still comes: preparing it makes sense."""
        return self.held_on is None and self.cancelled_at is None

    @property
    def length(self):
        """How long it takes, in minutes."""
        return self.minutes or self.ronde.duration

    @property
    def actual_form(self):
        """A Ronde.Form: its own, else the ronde's."""
        return Ronde.Form(self.form or self.ronde.form)

    @property
    def actual_place(self):
        """Where it is, or the link; a gesprek with a form of its own does not inherit the ronde's place."""
        return self.place if self.form else self.place or self.ronde.place


class Deelname(InSchool):
    """Somebody who takes part in a gesprek."""

    class As(models.TextChoices):
        OUDER = "ouder", _("ouder of verzorger")
        LEERLING = "leerling", _("leerling")
        LEERKRACHT = "leerkracht", _("leerkracht")
        TWEEDE_COLLEGA = "tweede_collega", _("tweede collega")
        EXPERT = "expert", _("expert")
        TOLK = "tolk", _("tolk")
        ACHTERAF = "achteraf", _("hoort het achteraf")

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="deelnames")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="deelnames")
    as_role = models.CharField(max_length=15, choices=As)
    what = models.CharField(
        _("wat deze persoon doet"), max_length=80, blank=True, help_text="Of an expert: 'logopedist'."
    )
    attended = models.BooleanField(null=True, blank=True)
    spoke = models.BooleanField(null=True, blank=True, help_text="Of a pupil or guardian: had a turn to speak.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gesprek", "person"], name="deelname_once")]

    def __str__(self):
        return f"{self.person} ({self.get_as_role_display()})"


class Aanvraag(InSchool):
    """Somebody asks for a gesprek that is not held with everybody (C2): a parent, a pupil or a teacher, with a reason."""

    class As(models.TextChoices):
        OUDER = "ouder", _("ouder of verzorger")
        LEERLING = "leerling", _("leerling")
        MEDEWERKER = "medewerker", _("school")

    class Answer(models.TextChoices):
        WAITING = "waiting", _("wacht op antwoord")
        PLANNED = "planned", _("komt er")
        DECLINED = "declined", _("nu niet")

    leerling = models.ForeignKey(Leerling, on_delete=models.CASCADE, related_name="aanvragen")
    soort = models.ForeignKey(Soort, on_delete=models.CASCADE, related_name="aanvragen")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="aanvragen", help_text="Who asks.")
    as_role = models.CharField(max_length=10, choices=As)
    reason = models.CharField(_("waarom"), max_length=300)
    created_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    ronde = models.ForeignKey(
        Ronde,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="aanvragen",
        help_text="Once granted: in which ronde the gesprek is.",
    )
    follows = models.ForeignKey(
        Gesprek,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="aanvragen",
        help_text="Asked for because this gesprek was too short: the one that comes, follows it.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["leerling", "soort", "person"], condition=Q(answer="waiting"), name="one_aanvraag_at_once"
            ),
        ]
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"aanvraag {self.pk}"
