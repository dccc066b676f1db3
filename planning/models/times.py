"""What is given, what is offered, what became somebody's, and who it takes up."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gesprekken.models import Gesprek, Ronde
from school.models import InSchool, Medewerker, Person


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
