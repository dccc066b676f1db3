"""Who sees what happens on the day itself."""

from gesprekken.permissions import visible_gesprekken
from planning.models import Booking
from planning.permissions.times import may_give_windows
from school.models import AuditEvent, Medewerker


def bookings_of_the_day(actor):
    """Where and when colleagues talk: all staff, to find each other. With whom: only who sees the gesprek (0070)."""
    return Booking.objects.filter(school=actor.school) if actor.is_staff else Booking.objects.none()


def named_on_the_day(actor, bookings):
    """Of these, the ids of the gesprekken of which this member of staff sees whose it is."""
    wanted = [booking.gesprek_id for booking in bookings]
    return set(visible_gesprekken(actor).filter(pk__in=wanted).values_list("pk", flat=True))


def colleagues(actor):
    """Everybody who works here, as far as colleagues know each other."""
    staff = Medewerker.objects.filter(school=actor.school).select_related("person", "school")
    return staff if actor.is_staff else staff.none()


def may_run_day_of(actor, medewerker):
    """Her day sheet and door list, that she runs late, that she is not there: herself, and leadership."""
    return may_give_windows(actor, medewerker)


def may_print_all_doors(actor):
    return actor.is_leiding


def visible_day_changes(actor):
    """What this member of staff moved or called off; leadership everybody's."""
    changes = AuditEvent.objects.filter(school=actor.school, verb__in=["call_off_day", "move_day"])
    return changes if actor.is_leiding else changes.filter(person=actor.person, level=actor.level)
