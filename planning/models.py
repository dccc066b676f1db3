"""When: what teachers offer, who is invited, and which time became whose."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gesprekken.models import Gesprek, Ronde
from school.models import InSchool, Medewerker, Person


class Availability(InSchool):
    """A window a teacher gives: a local date with a beginning and an end on the wall clock."""

    ronde = models.ForeignKey(Ronde, on_delete=models.CASCADE, related_name="availabilities")
    medewerker = models.ForeignKey(Medewerker, on_delete=models.CASCADE, related_name="availabilities")
    on = models.DateField(_("datum"))
    starts = models.TimeField(_("van"))
    ends = models.TimeField(_("tot"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ronde", "medewerker", "on", "starts"], name="availability_once"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="availability_forward"),
        ]
        ordering = ["on", "starts"]

    def __str__(self):
        return f"{self.on} {self.starts}-{self.ends}"


class Slot(InSchool):
    """An offer: this teacher, from then till then."""

    ronde = models.ForeignKey(Ronde, on_delete=models.CASCADE, related_name="slots")
    medewerker = models.ForeignKey(Medewerker, on_delete=models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["medewerker", "starts_at"], name="slot_once"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="slot_forward"),
        ]
        ordering = ["starts_at", "pk"]

    def __str__(self):
        return f"slot {self.pk}"


class BookingQuerySet(models.QuerySet):
    def active(self):
        return self.filter(state=Booking.State.ACTIVE)


class Booking(InSchool):
    """A time that became somebody's. Cancelled rows stay, for undo and for the trace."""

    class State(models.TextChoices):
        ACTIVE = "active", _("gepland")
        CANCELLED = "cancelled", _("afgezegd")

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="bookings")
    slot = models.ForeignKey(Slot, on_delete=models.SET_NULL, null=True, blank=True, related_name="bookings")
    medewerker = models.ForeignKey(Medewerker, on_delete=models.PROTECT, related_name="bookings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    chosen_by_guardian = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gesprek"], condition=Q(state="active"), name="one_booking_per_gesprek"),
            models.UniqueConstraint(fields=["slot"], condition=Q(state="active"), name="one_booking_per_slot"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="booking_forward"),
        ]
        ordering = ["starts_at"]

    def __str__(self):
        return f"booking {self.pk}"


class Occupancy(InSchool):
    """Five minutes of somebody's time. The unique key is how the database itself forbids two places at once."""

    MINUTES = 5

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="occupancies")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="occupancies")
    bucket = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "bucket"], name="nobody_in_two_places")]

    def __str__(self):
        return f"{self.person_id} {self.bucket}"


class InvitationText(InSchool):
    """The standard invitation of a ronde in one language (I1). What was sent stays readable: each change a version."""

    ronde = models.ForeignKey(Ronde, on_delete=models.CASCADE, related_name="invitation_texts")
    language = models.CharField(max_length=10, default="nl")
    version = models.PositiveIntegerField(default=1)
    subject = models.CharField(_("onderwerp"), max_length=150)
    body = models.TextField(_("tekst"))
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ronde", "language", "version"], name="invitation_text_version_once"),
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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gesprek", "person"], name="invitation_once")]

    def __str__(self):
        return f"invitation {self.pk}"


class WeekException(InSchool):
    """Why somebody was told less than a week ahead (I2): reasoned, and it leaves a trace."""

    ronde = models.ForeignKey(Ronde, on_delete=models.CASCADE, related_name="week_exceptions")
    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, null=True, related_name="week_exceptions")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"week exception {self.pk}"


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
