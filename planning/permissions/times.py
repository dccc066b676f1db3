"""Who gives times, chooses them, and sees which are taken."""

from django.db.models import Exists, OuterRef

from gesprekken.models import Deelname, Gesprek
from gesprekken.permissions import NOT_HOLDING, conducts, guards_in, visible_gesprekken, visible_rondes
from planning.models import Availability, Booking, CalendarEntry, Room, Slot, TimeOffer
from school.actor import PERSONAL
from school.models import Medewerker, Person, Relatie
from school.statements import written_once


def visible_availabilities(actor):
    """Windows of the rondes one sees; for changing them ask may_give_windows."""
    return Availability.objects.filter(school=actor.school, ronde__in=visible_rondes(actor))


def may_give_windows(actor, medewerker):
    """A teacher her own; leadership everybody's."""
    if medewerker.school_id != actor.school.pk:
        return False
    return actor.is_leiding or (actor.is_staff and medewerker.person_id == actor.person.pk)


def visible_teachers(actor):
    """Members of staff whose windows one may look at."""
    staff = Medewerker.objects.filter(school=actor.school)
    if actor.is_leiding or actor.is_ib:
        return staff
    return staff.filter(person=actor.person) if actor.is_staff else staff.none()


def may_manage_rooms(actor):
    return actor.is_leiding


def visible_rooms(actor):
    """The school's rooms, archived ones too: staff."""
    rooms = Room.objects.filter(school=actor.school)
    return rooms if actor.is_staff else rooms.none()


def may_divide(actor, groep):
    """Who divides the pupils of a group over its two teachers: they themselves, and leadership."""
    return actor.is_leiding or (actor.is_staff and groep.pk in actor.groep_ids)


def visible_duo(actor, groep):
    """The teachers of a group, by name, for who may divide it."""
    teachers = Medewerker.objects.filter(lesgeven__groep=groep, left_on__isnull=True, school=actor.school)
    teachers = teachers.select_related("person").order_by("person__last_name", "pk")
    return teachers if may_divide(actor, groep) else teachers.none()


def may_choose_time(actor, gesprek):
    """A guardian who takes part chooses for herself."""
    return actor.level in PERSONAL and guards_in(actor, gesprek)


def may_plan_for(actor, gesprek):
    """Staff who conduct the gesprek, and leadership, plan for a family on the phone or at the desk."""
    return actor.is_staff and (actor.is_leiding or conducts(actor, gesprek))


def hears_afterwards(person, **which):
    """The first names of the children about whom this guardian hears afterwards, in gesprekken that are to come."""
    return first_names(hearing_afterwards(person).filter(**which))


def hearing_afterwards(person):
    """Where this guardian hears afterwards, as Deelnames, as long as nothing keeps her from the child."""
    reachable = Relatie.objects.reachable().filter(person=person).values("leerling")
    return Deelname.objects.filter(
        person=person,
        as_role=Deelname.As.ACHTERAF,
        gesprek__leerling__in=reachable,
        gesprek__cancelled_at__isnull=True,
    )


def first_names(deelnames):
    """Of the children these are about, each once."""
    first_name = "gesprek__leerling__person__first_name"
    return list(dict.fromkeys(deelnames.order_by(first_name).values_list(first_name, flat=True)))


def visible_with_family(actor, gesprek):
    """Who plans for a family sees the gesprekken of brothers and sisters too: when and with whom, nothing else."""
    gesprekken = Gesprek.objects.filter(school=actor.school)
    if not may_plan_for(actor, gesprek):
        return gesprekken.none()
    guardians = guardians_to_ask(actor, gesprek).order_by().values("pk")
    shared = Deelname.objects.filter(person__in=guardians, as_role=Deelname.As.OUDER).values("gesprek")
    return gesprekken.filter(pk__in=shared, cancelled_at=None).exclude(leerling=gesprek.leerling_id)


def visible_bookings(actor):
    return Booking.objects.filter(school=actor.school, gesprek__in=visible_gesprekken(actor))


def bookings_of(gesprekken):
    """The same, of gesprekken that were loaded through visible_gesprekken: the question is not asked twice."""
    return Booking.objects.filter(gesprek__in=[gesprek.pk for gesprek in gesprekken])


@written_once
def active_bookings_of(*, gesprekken):
    """The active ones, earliest first; `gesprekken` are the ids."""
    return Booking.objects.active().filter(gesprek__pk__in=gesprekken).order_by("starts_at")


def visible_slots(actor, gesprek):
    """The times of the child's own teachers in this ronde, for who may choose or plan this gesprek."""
    if not (may_choose_time(actor, gesprek) or may_plan_for(actor, gesprek)):
        return Slot.objects.none()
    return _slots(actor.school.pk, gesprek.ronde_id, gesprek.medewerker_id, gesprek.groep_id)


def visible_slot(actor, gesprek, pk):
    """The same for a guardian who chooses: one of them, or None."""
    if not may_choose_time(actor, gesprek):
        return None
    found = _slot(
        school=actor.school.pk, ronde=gesprek.ronde_id, medewerker=gesprek.medewerker_id, groep=gesprek.groep_id, pk=pk
    )
    return found[0] if found else None


def _slots(school, ronde, medewerker, groep):
    slots = Slot.objects.filter(school=school, ronde=ronde)
    return slots.filter(medewerker=medewerker) if medewerker else slots.filter(medewerker__lesgeven__groep=groep)


@written_once
def _slot(*, pk, **which):
    return _slots(**which).filter(pk=pk)


def visible_entries(actor, gesprek):
    """One's own calendar entry."""
    return CalendarEntry.objects.filter(gesprek=gesprek, person=actor.person, school=actor.school)


def entries_in_feed(actor):
    """The calendar entries of one's own gesprekken, as they may be read now, under this hat.

    A guardian's as far as nothing keeps her from the child; staff's where they sit at the table.
    """
    seats = Deelname.objects.filter(person=actor.person)
    if actor.is_staff:
        seats = seats.exclude(as_role__in=NOT_HOLDING)
    else:
        seats = seats.filter(as_role=Deelname.As.OUDER)
    mine = visible_gesprekken(actor).filter(pk__in=seats.values("gesprek"), cancelled_at__isnull=True)
    return CalendarEntry.objects.filter(school=actor.school, person=actor.person, gesprek__in=mine.values("pk"))


def may_subscribe(actor):
    """Who has a feed of her own: staff and guardians. A pupil finds her own gesprek on her card."""
    return actor.is_staff or actor.is_guardian


def visible_offers(actor):
    """Times the school proposed, of the gesprekken one sees; for answering or proposing ask may_*."""
    return TimeOffer.objects.filter(school=actor.school, gesprek__in=visible_gesprekken(actor))


def guardians_to_ask(actor, gesprek):
    """The guardians whose wishes this member of staff may write down: who take part and may be reached."""
    people = Person.objects.filter(school=actor.school)
    return reachable_guardians(people, gesprek) if may_plan_for(actor, gesprek) else people.none()


def reachable_guardians(people, gesprek):
    reachable = Relatie.objects.reachable().filter(leerling=gesprek.leerling_id).values("person")
    taking_part = Deelname.objects.filter(gesprek=gesprek, as_role=Deelname.As.OUDER).values("person")
    return people.filter(pk__in=reachable).filter(pk__in=taking_part)


def may_be_reached():
    """Of rows with a `person` and a `gesprek`: nothing keeps her from the child; else her number is nobody's to ring."""
    return Exists(Relatie.objects.reachable().filter(person=OuterRef("person"), leerling=OuterRef("gesprek__leerling")))


def only_what_there_is(actor, **lists):
    """The same QuerySets, None for those that are empty: most are for most people, and that is asked of all at once."""
    found = Person.objects.filter(pk=actor.person.pk).values(**{f"has_{name}": Exists(lists[name]) for name in lists})
    has = found.get()
    return {name: rows if has[f"has_{name}"] else None for name, rows in lists.items()}
