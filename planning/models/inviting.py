"""Who is invited with which words, what was tried to reach them, and the item in their calendar."""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gesprekken.models import Activiteit, Gesprek, Ronde, Soort
from planning.models.times import Booking, Slot
from school.models import InSchool, Person


class InvitationText(InSchool):
    """The standard invitation (I1) of a soort, or of one ronde, in one language, for one way of sending.

    What was sent stays readable: each change is a version.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", _("e-mail")
        LETTER = "letter", _("brief")
        SHORT = "short", _("kort bericht")

    soort = models.ForeignKey(Soort, on_delete=models.CASCADE, null=True, blank=True, related_name="invitation_texts")
    ronde = models.ForeignKey(Ronde, on_delete=models.CASCADE, null=True, blank=True, related_name="invitation_texts")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.MAIL)
    language = models.CharField(max_length=10, default="nl")
    version = models.PositiveIntegerField(default=1)
    subject = models.CharField(_("onderwerp"), max_length=150, blank=True)
    body = models.TextField(_("tekst"))
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ronde", "language", "channel", "version"],
                condition=Q(ronde__isnull=False),
                name="invitation_text_of_ronde_once",
            ),
            models.UniqueConstraint(
                fields=["soort", "language", "channel", "version"],
                condition=Q(soort__isnull=False),
                name="invitation_text_of_soort_once",
            ),
            models.CheckConstraint(
                condition=Q(ronde__isnull=False, soort__isnull=True) | Q(ronde__isnull=True, soort__isnull=False),
                name="invitation_text_of_a_ronde_or_a_soort",
            ),
        ]
        ordering = ["-version"]

    def __str__(self):
        return f"invitation text {self.pk}"


class Invitation(InSchool):
    """One guardian is asked for one gesprek: by mail, or on paper where there is no address."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("per e-mail")
        LETTER = "letter", _("per brief")

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    text = models.ForeignKey(InvitationText, on_delete=models.PROTECT, related_name="+", null=True)
    channel = models.CharField(max_length=10, choices=Channel)
    created_at = models.DateTimeField(default=timezone.now)
    printed_at = models.DateTimeField(null=True, blank=True)
    call_me_at = models.DateTimeField(null=True, blank=True)
    call_me_note = models.CharField(max_length=300, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0, help_text="How often we asked again.")
    reminded_at = models.DateTimeField(null=True, blank=True)
    none_suits_at = models.DateTimeField(null=True, blank=True)
    none_suits_note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gesprek", "person"], name="invitation_once")]

    def __str__(self):
        return f"invitation {self.pk}"


class WeekException(InSchool):
    """Why somebody was told less than a week ahead (I2): reasoned, and it leaves a trace.

    It is about a ronde, or about another parent activity.
    """

    class What(models.TextChoices):
        OPENED = "opened", _("de ronde werd geopend")
        PLANNED = "planned", _("een tijd werd gepland")
        MOVED = "moved", _("een tijd werd verzet")
        CANCELLED = "cancelled", _("een tijd werd afgezegd")
        LENGTH = "length", _("het gesprek werd langer of korter")
        PLACE = "place", _("de vorm of de plaats werd anders")
        JOINS = "joins", _("er kwam iemand bij")
        LEAVES = "leaves", _("iemand kwam toch niet")
        TEACHER = "teacher", _("een andere leerkracht nam het over")
        DAY = "day", _("een hele dag werd verzet of afgezegd")
        TOLD = "told", _("ouders hoorden laat van een activiteit")
        CHANGED = "changed", _("een activiteit werd anders")
        OFF = "off", _("een activiteit werd afgezegd")

    ronde = models.ForeignKey(Ronde, on_delete=models.CASCADE, null=True, related_name="week_exceptions")
    activiteit = models.ForeignKey(Activiteit, on_delete=models.CASCADE, null=True, related_name="week_exceptions")
    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, null=True, related_name="week_exceptions")
    on = models.DateField(null=True, help_text="The day it is about, the first where there are several.")
    what = models.CharField(max_length=10, choices=What, blank=True)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ronde__isnull=False, activiteit__isnull=True)
                | Q(ronde__isnull=True, gesprek__isnull=True, activiteit__isnull=False),
                name="week_exception_of_a_ronde_or_an_activity",
            ),
        ]

    def __str__(self):
        return f"week exception {self.pk}"


class ContactAttempt(InSchool):
    """Somebody of the school tried to reach the parents of one gesprek (I4). What was said stands nowhere."""

    class How(models.TextChoices):
        PHONE = "phone", _("gebeld")
        MESSAGE = "message", _("bericht gestuurd")
        IN_PERSON = "in_person", _("gesproken op school")

    class Outcome(models.TextChoices):
        SPOKEN = "spoken", _("gesproken")
        NO_ANSWER = "no_answer", _("geen gehoor")
        ASKED_BACK = "asked_back", _("zij bellen of schrijven terug")
        WRONG = "wrong", _("nummer of adres klopt niet")

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="contact_attempts")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+", help_text="The guardian, if one."
    )
    how = models.CharField(_("hoe"), max_length=10, choices=How)
    outcome = models.CharField(_("hoe het ging"), max_length=10, choices=Outcome)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"attempt {self.pk}"


class TimeOfferQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for an answer: a time that was booked or let go of since makes an offer pointless."""
        since = Booking.objects.filter(gesprek=OuterRef("gesprek")).filter(
            Q(created_at__gt=OuterRef("created_at")) | Q(cancelled_at__gt=OuterRef("created_at"))
        )
        return self.filter(~Exists(since), answered_at=None, gesprek__cancelled_at=None, gesprek__held_on=None)

    def with_taken(self):
        """With `is_taken` on each: the time became somebody else's, so that nobody can say yes any more."""
        return self.annotate(is_taken=Exists(Booking.objects.active().filter(slot=OuterRef("slot"))))


class TimeOffer(InSchool):
    """A time the school proposes; it becomes a booking when a parent says yes. Nothing is kept free for it."""

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="time_offers")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="time_offers")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    accepted = models.BooleanField(null=True, blank=True)

    objects = TimeOfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gesprek"], condition=Q(answered_at__isnull=True), name="one_time_offer_at_once"
            ),
        ]
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"time offer {self.pk}"


class SignUp(InSchool):
    """A guardian comes to a parent activity (C6), with so many people. Who thinks better of it, stays as a row."""

    activiteit = models.ForeignKey(Activiteit, on_delete=models.CASCADE, related_name="sign_ups")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ups")
    number = models.PositiveSmallIntegerField(_("met hoeveel mensen"), default=1)
    created_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    came = models.BooleanField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, help_text="Of her calendar item; it only rises (I6).")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activiteit", "person"], name="sign_up_once")]

    def __str__(self):
        return f"sign-up {self.pk}"


class ActivityLetter(InSchool):
    """A guardian whom no mail reaches is invited to a parent activity on paper (C6)."""

    activiteit = models.ForeignKey(Activiteit, on_delete=models.CASCADE, related_name="letters")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="activity_letters")
    printed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activiteit", "person"], name="activity_letter_once")]

    def __str__(self):
        return f"activity letter {self.pk}"


class CalendarEntry(InSchool):
    """The calendar item of one gesprek for one person: one UID for life, a sequence that only rises (I6)."""

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="calendar_entries")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calendar_entries")
    uid = models.CharField(max_length=80, unique=True)
    sequence = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gesprek", "person"], name="calendar_entry_once")]

    def __str__(self):
        return self.uid

    @staticmethod
    def new_uid():
        return f"{uuid.uuid4()}@gesprekken"
