"""Who: schools, years, groups, people and how they relate."""

import zoneinfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class School(models.Model):
    class Soort(models.TextChoices):
        PO = "po", _("basisschool")
        VO = "vo", _("middelbare school")
        OPLEIDING = "opleiding", _("lerarenopleiding")

    slug = models.SlugField(unique=True, max_length=50)
    name = models.CharField(_("naam van de school"), max_length=120)
    soort = models.CharField(max_length=10, choices=Soort, default=Soort.PO)
    brin = models.CharField(max_length=20, blank=True)
    timezone = models.CharField(max_length=50, default="Europe/Amsterdam")
    sender_name = models.CharField(_("naam van de afzender"), max_length=120, blank=True)
    reply_to = models.EmailField(_("antwoordadres van de school"), blank=True)
    reply_to_teacher = models.BooleanField(_("antwoorden gaan naar de leerkracht"), default=True)
    phone = models.CharField(_("telefoonnummer"), max_length=30, blank=True)
    address = models.CharField(_("adres"), max_length=200, blank=True)
    languages = models.JSONField(_("talen"), default=list, blank=True)
    pupils_from = models.PositiveSmallIntegerField(
        _("leerlingen zijn erbij vanaf groep"), default=4, validators=[MaxValueValidator(9)]
    )
    outflow_from = models.PositiveSmallIntegerField(
        _("uitstroom bespreken vanaf groep"), default=6, validators=[MaxValueValidator(9)]
    )
    logo = models.ImageField(_("logo"), upload_to="logos/", blank=True)

    class Meta:
        verbose_name_plural = "schools"

    def __str__(self):
        return self.name

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def from_name(self):
        return self.sender_name or self.name


class InSchool(models.Model):
    """Every row but User carries its school, so that no query can reach another school by accident."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Schooljaar(InSchool):
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "starts_on"], name="schooljaar_once"),
            models.CheckConstraint(condition=Q(starts_on__lt=F("ends_on")), name="schooljaar_forward"),
        ]
        ordering = ["-starts_on"]

    def __str__(self):
        return f"{self.starts_on.year}-{self.starts_on.year + 1}"


class VrijeDag(InSchool):
    """A holiday, feast or study day: no conversations are planned on it."""

    class Soort(models.TextChoices):
        VAKANTIE = "vakantie", _("vakantie")
        FEESTDAG = "feestdag", _("feestdag")
        STUDIEDAG = "studiedag", _("studiedag")

    schooljaar = models.ForeignKey(Schooljaar, on_delete=models.CASCADE, related_name="vrije_dagen")
    soort = models.CharField(_("soort"), max_length=10, choices=Soort)
    name = models.CharField(_("naam"), max_length=80)
    starts_on = models.DateField(_("eerste dag"))
    ends_on = models.DateField(_("laatste dag"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="vrije_dag_forward"),
        ]
        ordering = ["starts_on"]

    def __str__(self):
        return self.name


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Only a login. It has no school and is never made by an import; who somebody is, says Person."""

    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May use the operators' admin.")

    session_round = models.PositiveIntegerField(default=0, help_text="Raising it ends every session of this login.")

    USERNAME_FIELD = "email"
    objects = UserManager()

    def __str__(self):
        return self.email

    def _get_session_auth_hash(self, secret=None):
        """Django's own hash of the password, and our counter: a session made in an earlier round is no longer good."""
        return salted_hmac(
            "school.User.session", f"{self.password}:{self.session_round}", secret=secret, algorithm="sha256"
        ).hexdigest()


class Person(InSchool):
    """Somebody a school knows. Roles follow from relations (Rol, Lesgeven, Relatie), never from this row."""

    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="people")
    first_name = models.CharField(_("roepnaam"), max_length=200, blank=True)
    prefix = models.CharField(_("voorvoegsel"), max_length=30, blank=True)
    last_name = models.CharField(_("achternaam"), max_length=200)
    email = models.EmailField(_("e-mailadres"), blank=True)
    phone = models.CharField(_("telefoon"), max_length=30, blank=True)
    language = models.CharField(_("taal"), max_length=10, default="nl")
    guardian_key = models.CharField(max_length=50, blank=True, help_text="The school's own key for a guardian.")
    linked_to = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="linked_from",
        help_text="The same human being under another hat: a member of staff who is also a parent.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "user"], name="person_once_per_user"),
            models.UniqueConstraint(
                fields=["school", "guardian_key"], condition=~Q(guardian_key=""), name="guardian_key_once"
            ),
        ]
        ordering = ["last_name", "first_name", "pk"]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return " ".join(part for part in (self.first_name, self.prefix, self.last_name) if part)

    @property
    def sort_name(self):
        return ", ".join(
            part for part in (self.last_name, " ".join(filter(None, [self.first_name, self.prefix]))) if part
        )

    @property
    def body_id(self):
        """One id per human being: nobody is in two places, whatever the hat."""
        return self.linked_to_id or self.pk


class Rol(InSchool):
    class Soort(models.TextChoices):
        LEIDING = "leiding", _("schoolleiding")
        IB = "ib", _("intern begeleider")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="rollen")
    soort = models.CharField(_("rol"), max_length=10, choices=Soort)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "soort"], name="rol_once")]

    def __str__(self):
        return self.get_soort_display()


class MedewerkerQuerySet(models.QuerySet):
    def active(self):
        return self.filter(deactivated_at__isnull=True)

    def never_invited(self):
        """In the file with an address, but nobody asked them yet: what a fresh import leaves."""
        return self.active().filter(person__user__isnull=True, left_on__isnull=True).exclude(person__email="")

    def by_name(self):
        return (
            self.select_related("person__user")
            .prefetch_related("person__rollen", "lesgeven__groep__schooljaar")
            .order_by("person__last_name", "person__first_name", "pk")
        )


class Medewerker(InSchool):
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="medewerker")
    key = models.CharField(max_length=256, blank=True, help_text="The key in the administration's export.")
    function = models.CharField(_("functie"), max_length=80, blank=True)
    left_on = models.DateField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True, help_text="The last invitation to choose a password.")
    deactivated_at = models.DateTimeField(null=True, blank=True, help_text="May not come in at this school any more.")
    workdays = models.CharField(
        _("werkdagen"), max_length=7, default="12345", help_text="Weekdays at work: 1 is Monday, 7 is Sunday."
    )

    objects = MedewerkerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "key"], condition=~Q(key=""), name="medewerker_key_once"),
        ]

    def __str__(self):
        return str(self.person)

    @property
    def is_active(self):
        return self.deactivated_at is None

    def is_here_on(self, on):
        """Whether this member of staff belongs to the school on this date: not shut out, and not gone."""
        return self.is_active and (self.left_on is None or self.left_on > on)

    def works_on(self, on):
        """Whether this date falls on one of the days this member of staff works."""
        return str(on.isoweekday()) in self.workdays

    @property
    def login_state(self):
        """Where this member of staff is on the way to signing in, as one word for the list."""
        user = self.person.user
        if not self.is_active:
            return "off"
        if user is None:
            return "new" if self.person.email else "no_address"
        return "in_use" if user.last_login else "invited"


class Leerling(InSchool):
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="leerling")
    key = models.CharField(max_length=256)
    born_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "key"], name="leerling_key_once")]

    def __str__(self):
        return str(self.person)


class Groep(InSchool):
    class Soort(models.TextChoices):
        STAM = "stam", _("stamgroep")
        SAMENGESTELD = "samengesteld", _("samengestelde groep")

    schooljaar = models.ForeignKey(Schooljaar, on_delete=models.CASCADE, related_name="groepen")
    key = models.CharField(max_length=256)
    name = models.CharField(_("naam"), max_length=64)
    jaargroep = models.CharField(max_length=3, blank=True, help_text="As EDEXML writes it: 1-8, 11-16, C, V, S ...")
    soort = models.CharField(max_length=15, choices=Soort, default=Soort.STAM)
    gone = models.BooleanField(default=False, help_text="No longer in the administration; kept for its history.")
    leerlingen = models.ManyToManyField(Leerling, through="Lidmaatschap", related_name="groepen")
    leerkrachten = models.ManyToManyField(Medewerker, through="Lesgeven", related_name="groepen")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schooljaar", "key"], name="groep_key_once")]
        ordering = ["jaargroep", "name"]

    def __str__(self):
        return self.name

    @property
    def level(self):
        """The year level as a number (1-8, 11-16 for secondary), or None where the letter codes stand for none."""
        return int(self.jaargroep) if self.jaargroep.isdigit() else None


class Lidmaatschap(InSchool):
    groep = models.ForeignKey(Groep, on_delete=models.CASCADE, related_name="lidmaatschappen")
    leerling = models.ForeignKey(Leerling, on_delete=models.CASCADE, related_name="lidmaatschappen")
    jaargroep = models.CharField(max_length=3, blank=True, help_text="The pupil's own, where it differs (S, V, C).")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["groep", "leerling"], name="lidmaatschap_once")]

    def __str__(self):
        return f"{self.leerling} - {self.groep}"


class Lesgeven(InSchool):
    groep = models.ForeignKey(Groep, on_delete=models.CASCADE, related_name="lesgeven")
    medewerker = models.ForeignKey(Medewerker, on_delete=models.CASCADE, related_name="lesgeven")
    taak = models.CharField(max_length=20, blank=True, help_text="EDEXML's role code, such as STA.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["groep", "medewerker"], name="lesgeven_once")]

    def __str__(self):
        return f"{self.medewerker} - {self.groep}"


class Gezin(InSchool):
    """Who belongs together according to the school: a named link, never inferred from an address."""

    key = models.CharField(max_length=50)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "key"], name="gezin_key_once")]

    def __str__(self):
        return self.key


class RelatieQuerySet(models.QuerySet):
    def reachable(self):
        """Guardians a school may write to about this child: no restriction, and not cut off from information."""
        return self.filter(restriction=False, gone=False).exclude(information=Relatie.Information.NONE)

    def invited(self):
        """Guardians who get an invitation of their own: those who are informed as a matter of course."""
        return self.reachable().filter(information=Relatie.Information.FULL)

    def talking(self):
        """Guardians who are asked for a gesprek, not those who hear afterwards what was said."""
        return self.invited().filter(afterwards=False)

    def of_guardian(self, person):
        """The children of one guardian, with the other adults of each child."""
        return (
            self.filter(person=person, gone=False)
            .select_related("leerling__person")
            .prefetch_related("leerling__relaties__person", "leerling__groepen")
            .order_by("leerling__born_on", "pk")
        )


class Relatie(InSchool):
    class Soort(models.TextChoices):
        OUDER = "ouder", _("ouder")
        STIEFOUDER = "stiefouder", _("stiefouder")
        VOOGD = "voogd", _("voogd")
        GROOTOUDER = "grootouder", _("grootouder")
        ANDERS = "anders", _("andere begeleider")

    class Information(models.TextChoices):
        FULL = "volledig", _("volledig")
        ON_REQUEST = "op verzoek", _("op verzoek")
        NONE = "geen", _("geen")

    class Talks(models.TextChoices):
        """How a guardian takes part in the gesprekken about this child."""

        TOGETHER = "together", _("praat mee, samen met de anderen")
        APART = "apart", _("heeft een eigen gesprek")
        AFTERWARDS = "afterwards", _("praat niet mee en hoort het achteraf")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="relaties")
    leerling = models.ForeignKey(Leerling, on_delete=models.CASCADE, related_name="relaties")
    gezin = models.ForeignKey(Gezin, on_delete=models.SET_NULL, null=True, blank=True, related_name="relaties")
    soort = models.CharField(max_length=12, choices=Soort, default=Soort.OUDER)
    custody = models.BooleanField(default=True)
    information = models.CharField(max_length=12, choices=Information, default=Information.FULL)
    restriction = models.BooleanField(default=False, help_text="No contact: works at once, everywhere.")
    apart = models.BooleanField(default=False, help_text="Wants a conversation apart from the other parent.")
    afterwards = models.BooleanField(
        default=False, help_text="Takes no part in the conversation; hears afterwards what was said and agreed."
    )
    talks_chosen_at = models.DateTimeField(
        null=True, blank=True, help_text="When this was chosen here; from then on a file does not change it."
    )
    interpreter = models.BooleanField(default=False)
    gone = models.BooleanField(default=False, help_text="No longer in the school's file; kept for its history.")

    objects = RelatieQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "leerling"], name="relatie_once"),
            models.CheckConstraint(condition=Q(apart=False) | Q(afterwards=False), name="apart_or_afterwards"),
        ]
        ordering = ["pk"]

    def __str__(self):
        return f"{self.person} - {self.leerling}"

    @property
    def talks(self):
        """A Relatie.Talks."""
        if self.afterwards:
            return self.Talks.AFTERWARDS
        return self.Talks.APART if self.apart else self.Talks.TOGETHER


class Toetsresultaat(InSchool):
    leerling = models.ForeignKey(Leerling, on_delete=models.CASCADE, related_name="toetsresultaten")
    vak = models.CharField(max_length=60)
    toets = models.CharField(max_length=30)
    taken_on = models.DateField()
    score = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    niveau = models.CharField(max_length=5, blank=True)
    functioneringsniveau = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["leerling", "vak", "toets", "taken_on"], name="toetsresultaat_once"),
        ]
        ordering = ["taken_on"]

    def __str__(self):
        return f"{self.vak} {self.toets}"
