"""Who joins a gesprek besides its own people: an expert, another second colleague. Parents are told beforehand, always."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from gesprekken.models import Deelname, Gesprek, RondeGroep
from planning import week
from planning.around import meeting
from planning.models import Occupancy
from planning.times import following
from school import audit, outbox
from school.models import Person

MESSAGE = "planning.expert_joins"
JOINING = [Deelname.As.TWEEDE_COLLEGA, Deelname.As.EXPERT]


class JoiningRefused(Exception):
    """Nobody joined or left. `reason` is one of REASONS; `people` are those it is about."""

    REASONS = (
        "there",  # takes part already
        "family",  # a pupil or a guardian of this child is no expert
        "busy",  # elsewhere at that time
        "untold",  # no mail reaches these parents: whoever adds somebody tells them herself
        "own_teacher",  # the second colleague is somebody else than the teacher
        "gone",  # does not take part (any more)
    )

    def __init__(self, reason, people=()):
        assert reason in self.REASONS
        self.reason, self.people = reason, list(people)
        super().__init__(reason)


def outsider(*, school, name, by):
    """Somebody from outside the school, by name and without a login. Returns the Person."""
    first, _space, last = " ".join(name.split()).rpartition(" ")
    person = Person.objects.create(school=school, first_name=first[:200], last_name=last[:200])
    audit.record("outsider_added", person, by=by)
    return person


def invite_expert(*, gesprek, by, person=None, name="", what="", **about):
    """As add_expert; without a `person` somebody from outside is made known by `name` first, or nothing happens."""
    with transaction.atomic():
        expert = person or outsider(school=by.school, name=name, by=by)
        if person and not what.strip() and hasattr(person, "medewerker"):
            what = person.medewerker.function
        add_expert(gesprek=gesprek, person=expert, what=what, by=by, **about)


def sits_along(present, person, *, like):
    """Take up this person's time for as long as `like`'s (a body id); else the teacher's. False: she is elsewhere."""
    taken = Occupancy.objects.filter(booking=present)
    if taken.filter(person=person.body_id).exists():
        return True
    buckets = taken.filter(person=like) or taken.filter(person=present.medewerker.person.body_id)
    try:
        with transaction.atomic():
            Occupancy.objects.bulk_create(
                Occupancy(school_id=present.school_id, booking=present, person_id=person.body_id, bucket=bucket)
                for bucket in sorted(row.bucket for row in buckets)
            )
    except IntegrityError:
        return False
    return True


def stands_up(present, people):
    """Free the time of these people (ids), except where somebody still takes part under another hat."""
    there = Deelname.objects.filter(gesprek=present.gesprek_id).exclude(as_role=Deelname.As.ACHTERAF)
    bodies = {row.person.body_id for row in there.select_related("person")} | {present.medewerker.person.body_id}
    free = {person.body_id for person in Person.objects.filter(pk__in=people)} - bodies
    Occupancy.objects.filter(booking=present, person__in=free).delete()


def is_family(gesprek, person):
    """Whether this is a pupil, or a relation of this child; a colleague who is its parent too counts, restricted or not."""
    if hasattr(person, "leerling"):
        return True
    hats = Person.objects.filter(Q(pk=person.body_id) | Q(linked_to=person.body_id)).values("pk")
    return gesprek.leerling.relaties.filter(person__in=hats).exists()


def without_address(gesprek):
    """The guardians of this gesprek whom no mail reaches."""
    guardians = meeting.guardians_in(gesprek)
    by_mail = outbox.reached(guardians)
    return [person for person in guardians if person.pk not in by_mail]


# --- an expert -------------------------------------------------------------------------------------------------------


def add_expert(*, gesprek, person, what="", by, now=None, agreed=False, reason="", told=False):
    """Let somebody join: a colleague, or a Person from outside with `what` she does.

    Every guardian hears it by mail beforehand; `told` says that whoever no mail reaches is told in person, which is
    kept in the trace. At a time that stands the expert has to be free, and inside the week it is agreed with the
    parent or has a reason. Raises JoiningRefused and meeting.MeetingRefused.
    """
    now = now or timezone.now()
    with transaction.atomic():
        gesprek = meeting.lock(gesprek)
        if gesprek.deelnames.filter(person=person).exists():
            raise JoiningRefused("there", [person])
        if is_family(gesprek, person):
            raise JoiningRefused("family", [person])
        unreached = without_address(gesprek)
        if unreached and not told:
            raise JoiningRefused("untold", unreached)
        Deelname.objects.create(
            school_id=gesprek.school_id, gesprek=gesprek, person=person, as_role=Deelname.As.EXPERT, what=what.strip()
        )
        seat(gesprek, person, by=by, now=now, agreed=agreed, reason=reason)
        audit.record("add_expert", gesprek, by=by, person=person.pk, told_in_person=[p.pk for p in unreached])
        tell(gesprek)


def seat(gesprek, person, *, by, now, agreed, reason):
    """At a time that stands: is she free, is it in time, and her calendar. Raises JoiningRefused, MeetingRefused."""
    present = meeting.time_ahead(gesprek, now)
    if present is None:
        return
    meeting.keep_the_week(gesprek, present, what=week.What.JOINS, by=by, now=now, agreed=agreed, reason=reason)
    if not sits_along(present, person, like=present.medewerker.person.body_id):
        raise JoiningRefused("busy", [person])
    following.raise_sequences([gesprek], only_who=True)


def unseat(gesprek, person, now):
    present = meeting.time_ahead(gesprek, now)
    if present:
        stands_up(present, [person.pk])
        following.raise_sequences([gesprek], only_who=True)


def remove_expert(*, gesprek, person, by, now=None, agreed=False, reason=""):
    """The expert does not join after all; the guardians hear that too. Returns those whom no mail reaches.

    Inside the week it is agreed with the parent or has a reason. Raises JoiningRefused and meeting.MeetingRefused.
    """
    now = now or timezone.now()
    with transaction.atomic():
        gesprek = meeting.lock(gesprek)
        unreached = without_address(gesprek)
        gone, _rows = gesprek.deelnames.filter(person=person, as_role=Deelname.As.EXPERT).delete()
        if not gone:
            raise JoiningRefused("gone", [person])
        present = meeting.time_ahead(gesprek, now)
        settled = {"by": by, "now": now, "agreed": agreed, "reason": reason}
        meeting.keep_the_week(gesprek, present, what=week.What.LEAVES, **settled)
        unseat(gesprek, person, now)
        audit.record("remove_expert", gesprek, by=by, person=person.pk, to_tell=[p.pk for p in unreached])
        tell(gesprek)
    return unreached


def tell(gesprek):
    for person in meeting.guardians_in(gesprek):
        outbox.put_again(MESSAGE, person, gesprek)


# --- the second colleague --------------------------------------------------------------------------------------------


def replace_colleague(*, gesprek, medewerker, by, now=None, agreed=False, reason="", told=False, whole_groep=False):
    """Another second colleague for this gesprek, or for all of this group in the ronde that are still to come (C4).

    All of it or nothing; the guardians of each are told. Returns the gesprekken. Raises JoiningRefused, MeetingRefused.
    """
    now = now or timezone.now()
    with transaction.atomic():
        about = Gesprek.objects.filter(pk=gesprek.pk)
        if list(gesprek.groep.lesgeven.values_list("medewerker_id", flat=True)) == [medewerker.pk]:
            raise JoiningRefused("own_teacher", [medewerker.person])
        if whole_groep:
            RondeGroep.objects.filter(ronde=gesprek.ronde_id, groep=gesprek.groep_id).update(tweede_collega=medewerker)
            others = Gesprek.objects.filter(ronde=gesprek.ronde_id, groep=gesprek.groep_id)
            about = about | others.filter(cancelled_at=None, held_on=None)
        about = [meeting.lock(one) for one in about.order_by("pk")]
        for one in about:
            _replace_in(one, medewerker.person, by=by, now=now, agreed=agreed, reason=reason, told=told)
        audit.record("replace_colleague", gesprek, by=by, medewerker=medewerker.pk, gesprekken=len(about))
    return about


def _replace_in(gesprek, person, *, by, now, agreed, reason, told):
    old = list(gesprek.deelnames.filter(as_role=Deelname.As.TWEEDE_COLLEGA).select_related("person"))
    if [row.person_id for row in old] == [person.pk]:
        return
    unreached = without_address(gesprek)
    if unreached and not told:
        raise JoiningRefused("untold", unreached)
    if gesprek.deelnames.filter(person=person).exclude(as_role=Deelname.As.TWEEDE_COLLEGA).exists():
        raise JoiningRefused("there", [person])
    if is_family(gesprek, person):
        raise JoiningRefused("family", [person])
    for row in old:
        row.delete()
        unseat(gesprek, row.person, now)
    Deelname.objects.create(
        school_id=gesprek.school_id, gesprek=gesprek, person=person, as_role=Deelname.As.TWEEDE_COLLEGA
    )
    seat(gesprek, person, by=by, now=now, agreed=agreed, reason=reason)
    tell(gesprek)
