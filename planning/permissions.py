"""Who may see and do what with times, invitations and bookings."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from gesprekken.models import Activiteit, Deelname, Gesprek, Ronde
from gesprekken.permissions import (
    NOT_HOLDING,
    conducts,
    guards_in,
    of_conductor,
    own_groepen,
    visible_gesprekken,
    visible_rondes,
)
from planning.models import (
    Availability,
    Booking,
    CalendarEntry,
    ContactAttempt,
    InterpreterRequest,
    Invitation,
    InvitationText,
    Plan,
    PlannedGesprek,
    Room,
    Slot,
    TimeOffer,
    WeekException,
    Wish,
)
from school.actor import PERSONAL
from school.models import AuditEvent, Lidmaatschap, Medewerker, Person, Relatie
from school.permissions import visible_groepen, visible_jobs
from school.statements import written_once


def may_open_ronde(actor):
    return actor.is_leiding


def groepen_to_print(actor, ronde):
    """The groups of which this colleague prints letters and cards: they hold codes that open personal pages."""
    groepen = visible_groepen(actor).filter(ronde_groepen__ronde=ronde)
    return groepen if may_open_ronde(actor) else groepen.filter(pk__in=actor.groep_ids)


def visible_letters(actor, ronde):
    """The jobs that made letters of this ronde, for who had them made; leadership sees all."""
    return visible_jobs(actor).filter(kind="planning.letters", args__ronde=ronde.pk)


def visible_activity_letters(actor, activiteit):
    """The jobs that made letters about this activity, for who had them made; leadership sees all."""
    return visible_jobs(actor).filter(kind="planning.letters", args__activiteit=activiteit.pk)


def may_announce(actor, ronde):
    """Who tells families long before to keep the days of a ronde on request free: leadership, while it is a draft."""
    return may_open_ronde(actor) and ronde.is_draft and ronde.whom == Ronde.Whom.ASKED


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


def may_replace(actor):
    """Who lets one member of staff take over the gesprekken of another: leadership."""
    return actor.is_leiding


def replaceable_staff(actor):
    """Who can be away, and who can take over: everybody who works here, for who may replace."""
    staff = Medewerker.objects.active().filter(school=actor.school, left_on__isnull=True)
    staff = staff.select_related("person", "school").order_by("person__last_name", "person__first_name", "pk")
    return staff if may_replace(actor) else staff.none()


def visible_replacements(actor):
    """The times somebody took over, for who may undo it."""
    events = AuditEvent.objects.filter(school=actor.school, verb="take_over")
    return events if may_replace(actor) else events.none()


def may_choose_time(actor, gesprek):
    """A guardian who takes part chooses for herself."""
    return actor.level in PERSONAL and guards_in(actor, gesprek)


def may_plan_for(actor, gesprek):
    """Staff who conduct the gesprek, and leadership, plan for a family on the phone or at the desk."""
    return actor.is_staff and (actor.is_leiding or conducts(actor, gesprek))


def hears_afterwards(person, **which):
    """The first names of the children about whom this guardian hears afterwards, in gesprekken that are to come."""
    reachable = Relatie.objects.reachable().filter(person=person).values("leerling")
    rows = Deelname.objects.filter(
        person=person,
        as_role=Deelname.As.ACHTERAF,
        gesprek__leerling__in=reachable,
        gesprek__cancelled_at__isnull=True,
        **which,
    )
    first_name = "gesprek__leerling__person__first_name"
    return list(dict.fromkeys(rows.order_by(first_name).values_list(first_name, flat=True)))


def may_arrange_family(actor, leerling):
    """Whether the guardians of this child talk together, apart or hear afterwards: leadership, and the child's teacher."""
    if not actor.is_staff or leerling.school_id != actor.school.pk:
        return False
    now_in = Lidmaatschap.objects.filter(
        leerling=leerling, groep__in=actor.groep_ids, groep__schooljaar__ends_on__gte=timezone.localdate()
    )
    return actor.is_leiding or now_in.exists()


def visible_guardians(actor, leerling):
    """Who is invited for this child, for who may arrange how they talk."""
    relaties = Relatie.objects.invited().filter(leerling=leerling, school=actor.school).select_related("person__user")
    return relaties.order_by("pk") if may_arrange_family(actor, leerling) else relaties.none()


def may_arrange_interpreters(actor):
    """Ordering is the work of leadership and the intern begeleider; a teacher asks for her own gesprekken."""
    return actor.is_leiding or actor.is_ib


def visible_requests(actor):
    """Interpreters that are asked: of the gesprekken one sees."""
    return InterpreterRequest.objects.filter(school=actor.school, gesprek__in=visible_gesprekken(actor))


def visible_outsiders(actor):
    """Experts and interpreters from outside who came before: to choose again, so that each stays one person."""
    known = Person.objects.filter(school=actor.school, user=None, medewerker=None, leerling=None, relaties=None)
    came = known.filter(deelnames__as_role__in=[Deelname.As.EXPERT, Deelname.As.TOLK]).distinct()
    return came.order_by("last_name", "first_name", "pk") if actor.is_staff else came.none()


def visible_experts(actor):
    """Whom one can ask to join: colleagues, and who came from outside before."""
    colleagues = visible_colleagues(actor).order_by().values("person")
    outsiders = visible_outsiders(actor).order_by().values("pk")
    people = Person.objects.filter(Q(pk__in=colleagues) | Q(pk__in=outsiders), school=actor.school)
    return people.order_by("last_name", "first_name", "pk")


def visible_colleagues(actor):
    """Who works here now, to ask along."""
    staff = Medewerker.objects.active().filter(school=actor.school, left_on__isnull=True).select_related("person")
    return staff.order_by("person__last_name", "person__first_name", "pk") if actor.is_staff else staff.none()


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


def visible_wishes(actor, gesprekken):
    """When guardians can, in the rondes of these gesprekken. One's own; staff see those of whom they plan for.

    Never the other parent's: what one wrote is not shown to the other (I3a).
    """
    wishes = Wish.objects.filter(school=actor.school, ronde__in=gesprekken.values("ronde"))
    if not actor.is_staff:
        return wishes.filter(person=actor.person) if actor.person else wishes.none()
    planned = gesprekken.filter(pk__in=visible_gesprekken(actor).values("pk"))
    taking_part = Deelname.objects.filter(gesprek__in=planned, as_role=Deelname.As.OUDER)
    return wishes.filter(person__in=taking_part.values("person"))


def visible_invitations(actor, gesprek):
    """A guardian her own."""
    return Invitation.objects.filter(school=actor.school, gesprek=gesprek, person=actor.person)


def visible_entries(actor, gesprek):
    """One's own calendar entry."""
    return CalendarEntry.objects.filter(gesprek=gesprek, person=actor.person, school=actor.school)


# --- nobody left out -------------------------------------------------------------------------------------------------


def gesprekken_to_follow_up(actor):
    """Whose parents this member of staff reaches: leadership and IB all, a teacher her own.

    Of a group that is divided, or where a colleague took over, the gesprekken are whose they are now.
    """
    gesprekken = visible_gesprekken(actor)
    if not actor.is_staff:
        return gesprekken.none()
    if actor.is_leiding or actor.is_ib:
        return gesprekken
    undivided = Q(groep__in=actor.groep_ids, medewerker__isnull=True)
    return gesprekken.filter(undivided | Q(medewerker__person=actor.person))


def may_log_attempt(actor, gesprek):
    """Who notes that the parents were tried: who plans for them, and the intern begeleider."""
    return may_plan_for(actor, gesprek) or (actor.is_ib and gesprek.school_id == actor.school.pk)


def plannable(actor, gesprekken):
    """Of these, the ids of the gesprekken for which this member of staff may plan a time; as may_plan_for, in one go."""
    ids = [gesprek.pk for gesprek in gesprekken]
    if actor.is_leiding or not ids:
        return set(ids)
    return set(Gesprek.objects.filter(of_conductor(actor), pk__in=ids).values_list("pk", flat=True))


def guardians_to_reach(actor, gesprek):
    """The guardians of this gesprek one may note an attempt with: who take part and may be reached."""
    people = Person.objects.filter(school=actor.school)
    if not may_log_attempt(actor, gesprek):
        return people.none()
    return _reachable_guardians(people, gesprek)


def visible_attempts(actor, gesprek):
    """What was tried to reach the parents: for who tries too."""
    tried = ContactAttempt.objects.filter(school=actor.school, gesprek=gesprek)
    return tried if may_log_attempt(actor, gesprek) else tried.none()


def may_see_shrinking(actor):
    """How the number of families nobody heard from goes down: leadership, and the intern begeleider."""
    return actor.is_leiding or actor.is_ib


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


def activities_for(actor):
    """The parent activities a guardian was invited to: for the groups of children nothing keeps her from (C6)."""
    activiteiten = Activiteit.objects.filter(school=actor.school, invited_at__isnull=False)
    if not actor.is_guardian:
        return activiteiten.none()
    mine = own_groepen(actor.person)
    of_all = Activiteit.objects.filter(groepen=None, jaarplan__schooljaar__in=mine.values("schooljaar"))
    of_mine = Activiteit.objects.filter(groepen__in=mine)  # not joined: one with three groups would come three times
    return activiteiten.filter(Q(pk__in=of_mine.values("pk")) | Q(pk__in=of_all.values("pk")))


def may_invite_to_activities(actor):
    return actor.is_leiding


def groepen_to_tick(actor, groepen):
    """Of these groups, those of which this member of staff notes who came and prints letters: leadership all, a teacher
    her own.
    """
    if actor.is_leiding:
        return groepen
    return groepen.filter(pk__in=actor.groep_ids) if actor.is_staff else groepen.none()


def may_subscribe(actor):
    """Who has a feed of her own: staff and guardians. A pupil finds her own gesprek on her card."""
    return actor.is_staff or actor.is_guardian


def may_edit_invitation(actor):
    return actor.is_leiding


def visible_texts(actor, about):
    """Every version of the invitation of a ronde or a soort, also those sent before: leadership."""
    mine = {"ronde": about} if isinstance(about, Ronde) else {"soort": about}
    texts = InvitationText.objects.filter(**mine, school=actor.school)
    return texts if may_edit_invitation(actor) else texts.none()


def visible_sent(actor, ronde):
    """Which invitation each family got: of the gesprekken one sees, and of guardians whom nothing keeps from the child."""
    reachable = Relatie.objects.reachable().filter(person=OuterRef("person"), leerling=OuterRef("gesprek__leerling"))
    sent = Invitation.objects.filter(Exists(reachable), school=actor.school, gesprek__ronde=ronde)
    return sent.filter(gesprek__in=visible_gesprekken(actor)) if actor.is_staff else sent.none()


def visible_examples(actor, groepen):
    """The guardians of these groups to try an invitation on, by name of the child: for who writes it."""
    talking = Relatie.objects.talking().filter(school=actor.school, leerling__left_on__isnull=True)
    talking = talking.filter(leerling__lidmaatschappen__groep__in=groepen).select_related("person", "leerling__person")
    talking = talking.order_by("leerling__person__first_name", "pk").distinct()
    return talking if may_edit_invitation(actor) else talking.none()


def visible_week_exceptions(actor):
    """Why something was settled within the week, in every ronde: leadership, who sees every gesprek."""
    rows = WeekException.objects.filter(school=actor.school)
    return rows if actor.is_leiding else rows.none()


def visible_offers(actor):
    """Times the school proposed, of the gesprekken one sees; for answering or proposing ask may_*."""
    return TimeOffer.objects.filter(school=actor.school, gesprek__in=visible_gesprekken(actor))


# --- the day itself --------------------------------------------------------------------------------------------------


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


# --- wishes and the plan ---------------------------------------------------------------------------------------------


def wishing_rondes(actor):
    """The rondes in which this guardian is asked when she can; also after the plan, to look back at what she said."""
    if actor.level not in PERSONAL or not actor.is_guardian:
        return Ronde.objects.none()
    mine = visible_gesprekken(actor).filter(deelnames__person=actor.person, deelnames__as_role=Deelname.As.OUDER)
    return Ronde.objects.filter(school=actor.school, mode=Ronde.Mode.WISHES, gesprekken__in=mine).distinct()


def guardians_to_ask(actor, gesprek):
    """The guardians whose wishes this member of staff may write down: who take part and may be reached."""
    people = Person.objects.filter(school=actor.school)
    return _reachable_guardians(people, gesprek) if may_plan_for(actor, gesprek) else people.none()


def _reachable_guardians(people, gesprek):
    reachable = Relatie.objects.reachable().filter(leerling=gesprek.leerling_id).values("person")
    taking_part = Deelname.objects.filter(gesprek=gesprek, as_role=Deelname.As.OUDER).values("person")
    return people.filter(pk__in=reachable).filter(pk__in=taking_part)


def may_plan_ronde(actor):
    """Making, adjusting and releasing a plan is leadership's; teachers see theirs once it is released."""
    return actor.is_leiding


def visible_plans(actor, ronde):
    plans = Plan.objects.filter(ronde=ronde, school=actor.school)
    return plans if may_plan_ronde(actor) else plans.none()


def visible_planned(actor, plan):
    """The rows of a plan, for who may see the plan."""
    rows = PlannedGesprek.objects.filter(plan=plan, school=actor.school)
    return rows if may_plan_ronde(actor) else rows.none()


def may_be_reached():
    """Of rows with a `person` and a `gesprek`: nothing keeps her from the child; else her number is nobody's to ring."""
    return Exists(Relatie.objects.reachable().filter(person=OuterRef("person"), leerling=OuterRef("gesprek__leerling")))
