"""When: what teachers offer, who is invited, and which time became whose."""

from planning.models.around import InterpreterRequest
from planning.models.inviting import (
    ActivityLetter,
    CalendarEntry,
    ContactAttempt,
    Invitation,
    InvitationText,
    SignUp,
    TimeOffer,
    WeekException,
)
from planning.models.plan import Part, Plan, PlannedGesprek, Wish
from planning.models.times import Availability, Booking, BookingQuerySet, Delay, Occupancy, Room, Slot, Watch

__all__ = [
    "ActivityLetter",
    "Availability",
    "Booking",
    "BookingQuerySet",
    "CalendarEntry",
    "ContactAttempt",
    "Delay",
    "InterpreterRequest",
    "Invitation",
    "InvitationText",
    "Occupancy",
    "Part",
    "Plan",
    "PlannedGesprek",
    "Room",
    "SignUp",
    "Slot",
    "TimeOffer",
    "Watch",
    "WeekException",
    "Wish",
]
