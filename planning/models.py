"""When: what teachers offer, who is invited, and which time became whose."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gesprekken.models import Gesprek, Ronde
from school.models import InSchool, Job, Medewerker, Person


class Room(InSchool):
    """A room that is reserved for a gesprek, where a ronde works with rooms."""

    name = models.CharField(_("naam"), max_length=60)
    archived = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="room_once")]
        ordering = ["name"]

    def __str__(self):
        return self.name


class Availability(InSchool):
    """A window a teacher gives, or a pause in it: a local date with a beginning and an end on the wall clock."""

    class What(models.TextChoices):
        WINDOW = "window", _("tijd")
        PAUSE = "pause", _("pauze")

    what = models.CharField(max_length=6, choices=What, default=What.WINDOW)
    ronde = models.ForeignKey(Ronde, on_delete=models.CASCADE, related_name="availabilities")
    medewerker = models.ForeignKey(Medewerker, on_delete=models.CASCADE, related_name="availabilities")
    on = models.DateField(_("datum"))
    starts = models.TimeField(_("van"))
    ends = models.TimeField(_("tot"))
    room = models.ForeignKey(Room, on_delete=models.SET_NULL, null=True, blank=True, related_name="availabilities")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ronde", "medewerker", "on", "starts", "what"], name="availability_once"),
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
    room = models.ForeignKey(Room, on_delete=models.SET_NULL, null=True, blank=True, related_name="slots")

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
    room = models.ForeignKey(Room, on_delete=models.SET_NULL, null=True, blank=True, related_name="bookings")
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
    """Five minutes of somebody's time, or of a room. Unique keys are how the database itself forbids two places at once."""

    MINUTES = 5

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="occupancies")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="occupancies")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, null=True, related_name="occupancies")
    bucket = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "bucket"], name="nobody_in_two_places"),
            models.UniqueConstraint(fields=["room", "bucket"], name="room_for_one"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, room__isnull=True) | Q(person__isnull=True, room__isnull=False),
                name="occupancy_of_somebody_or_a_room",
            ),
        ]

    def __str__(self):
        return f"{self.person_id or self.room} {self.bucket}"


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
    none_suits_at = models.DateTimeField(null=True, blank=True)
    none_suits_note = models.CharField(max_length=300, blank=True)

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


# --- wishes and the plan ---------------------------------------------------------------------------------------------


class Part(models.TextChoices):
    """The parts of a day a parent taps: from the hour until the hour, on the wall clock."""

    MORNING = "0-12", _("ochtend, tot 12 uur")
    NOON = "12-15", _("begin van de middag, 12 tot 15 uur")
    AFTERNOON = "15-18", _("eind van de middag, 15 tot 18 uur")
    EVENING = "18-20", _("begin van de avond, 18 tot 20 uur")
    LATE = "20-24", _("later op de avond, na 20 uur")

    @property
    def hours(self):
        """(from, until) in whole hours."""
        first, last = self.value.split("-")
        return int(first), int(last)

    @classmethod
    def at(cls, local):
        """The part in which this local moment falls."""
        return next(part for part in cls if part.hours[0] <= local.hour < part.hours[1])


class Wish(InSchool):
    """Whether one guardian can on this part of this day. Without a single wish in the ronde she did not answer."""

    class Can(models.TextChoices):
        NO = "no", _("kan niet")
        YES = "yes", _("kan")
        LIKES = "likes", _("liefst")

    ronde = models.ForeignKey(Ronde, on_delete=models.CASCADE, related_name="wishes")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="wishes")
    on = models.DateField()
    part = models.CharField(max_length=5, choices=Part)
    can = models.CharField(max_length=5, choices=Can)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ronde", "person", "on", "part"], name="wish_once")]
        ordering = ["on", "part"]

    def __str__(self):
        return f"wish {self.pk}"


class Plan(InSchool):
    """A proposal of times for a ronde: made in the background, compared, adjusted, released."""

    class State(models.TextChoices):
        MAKING = "making", _("wordt gemaakt")
        READY = "ready", _("klaar om te bekijken")
        FAILED = "failed", _("niet gelukt")
        RELEASED = "released", _("vrijgegeven")

    ronde = models.ForeignKey(Ronde, on_delete=models.CASCADE, related_name="plans")
    state = models.CharField(max_length=10, choices=State, default=State.MAKING)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(
        default=dict, help_text="Scores, bounds, seconds and the solver's name, as it said them."
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ronde"], condition=Q(state="making"), name="one_plan_in_the_making"),
        ]
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"plan {self.pk}"

    @property
    def stamp(self):
        """Which plan one looked at, and which version of it; travels with every form about it."""
        return f"{self.pk}-{self.version}"


class PlannedGesprek(InSchool):
    """Where one gesprek stands in a plan: a slot, or why there is none."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="planned")
    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="+")
    slot = models.ForeignKey(Slot, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    tweede_collega = models.ForeignKey(Medewerker, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    pinned = models.BooleanField(default=False, help_text="Stays where it is when the plan is made again.")
    reason = models.JSONField(default=dict, help_text="Why it has no slot, and what would solve it.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "gesprek"], name="planned_once")]

    def __str__(self):
        return f"planned {self.pk}"


# --- around a time ---------------------------------------------------------------------------------------------------


class Watch(InSchool):
    """A guardian wants to hear when this taken time comes free."""

    gesprek = models.ForeignKey(Gesprek, on_delete=models.CASCADE, related_name="watches")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="watches")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="watches")
    created_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gesprek", "person", "slot"], name="watch_once")]

    def __str__(self):
        return f"watch {self.pk}"


class InterpreterRequest(InSchool):
    """An interpreter for one gesprek: requested, ordered, confirmed. Never a child (I5)."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("gevraagd")
        ORDERED = "ordered", _("besteld")
        CONFIRMED = "confirmed", _("bevestigd")

    gesprek = models.OneToOneField(Gesprek, on_delete=models.CASCADE, related_name="interpreter_request")
    language = models.CharField(_("taal"), max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    interpreter = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="interprets", help_text="Who comes."
    )
    note = models.CharField(_("opmerking voor de tolk"), max_length=300, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"interpreter request {self.pk}"


class Delay(InSchool):
    """A teacher runs late today: the families that follow see it."""

    medewerker = models.ForeignKey(Medewerker, on_delete=models.CASCADE, related_name="delays")
    on = models.DateField()
    minutes = models.PositiveSmallIntegerField(_("minuten later"))
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["medewerker", "on"], name="delay_once_a_day")]

    def __str__(self):
        return f"delay {self.pk}"
