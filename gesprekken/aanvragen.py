"""Asking for a gesprek that is not held with everybody (C2): a parent, a pupil or the school asks, the school answers.

A granted Aanvraag stands in a ronde; `parties.leerlingen_of` reads there whose gesprekken that ronde has. What somebody
wrote as the reason is for the child's teachers and leadership, never for a mail or for the other parent.
"""

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Prefetch
from django.utils import timezone

from gesprekken.models import Aanvraag, Ronde, Soort
from gesprekken.parties import granted_in, leerlingen_in_groepen
from school import audit, outbox, registry
from school.models import Groep

As, Answer = Aanvraag.As, Aanvraag.Answer
DECLINED, DECLINED_STAFF = "gesprekken.aanvraag_declined", "gesprekken.aanvraag_declined_staff"
RAISED, BY_SCHOOL = "hoger advies", "gekozen door de school"


class AanvraagRefused(Exception):
    """It cannot be asked or answered so. `reason` is one of REASONS."""

    REASONS = (
        "have_one",  # this gesprek is to come already
        "answered",  # somebody answered meanwhile
        "no_ronde",  # that ronde is not, or no longer, one in which this pupil can have it
        "week",  # less than a week ahead, not announced, and without a reason
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


def role_of(actor):
    """As what this person asks."""
    if actor.is_staff:
        return As.MEDEWERKER
    return As.LEERLING if actor.is_pupil else As.OUDER


def fits(soort, leerling, *, on):
    """Whether this kind is held with a pupil of this level. Who sits in no group of a known level fits everything."""
    rows = [groep for groep in leerling.groepen.all() if not groep.gone]
    levels = {g.level for g in rows if g.schooljaar.starts_on <= on <= g.schooljaar.ends_on} - {None}
    low, high = soort.level_from or 0, soort.level_until or 99
    return not levels or any(low <= level <= high for level in levels)


def is_coming(soort, leerling, actor):
    """Whether this gesprek is to come already, as far as this actor is to know: that it was granted, or was made.

    To a guardian only what she asked or takes part in: what the other parent asked is not told her.
    """
    ahead = leerling.gesprekken.filter(ronde__soort=soort, cancelled_at=None, held_on=None)
    granted = Aanvraag.objects.filter(leerling=leerling, soort=soort, answer=Answer.PLANNED)
    if not actor.is_staff:
        ahead, granted = ahead.filter(deelnames__person=actor.person), granted.filter(person=actor.person)
    return ahead.exclude(ronde__state=Ronde.State.CLOSED).exists() or (
        granted.filter(ronde__state=Ronde.State.DRAFT).exists()
    )


# --- who asks --------------------------------------------------------------------------------------------------------


def ask(*, leerling, soort, reason, by, now=None, follows=None):
    """Ask for this gesprek, as `by`. Asking again while it waits keeps one Aanvraag, with the new reason.

    `follows`: the gesprek about this pupil that was too short; the gesprek that comes of it, follows it.
    """
    assert follows is None or follows.leerling_id == leerling.pk
    if is_coming(soort, leerling, by):
        raise AanvraagRefused("have_one")
    with transaction.atomic():
        aanvraag, made = Aanvraag.objects.update_or_create(
            leerling=leerling,
            soort=soort,
            person=by.person,
            answer=Answer.WAITING,
            defaults={"reason": reason.strip()[:300], **({"follows": follows} if follows else {})},
            create_defaults={
                "school": by.school,
                "as_role": role_of(by),
                "reason": reason.strip()[:300],
                "follows": follows,
                "created_at": now or timezone.now(),
            },
        )
        audit.record("ask_gesprek" if made else "change_aanvraag", aanvraag, by=by)
    return aanvraag


def withdraw(*, aanvraag, by):
    """Nobody need look at it any more; what was written is gone. Refused once it was answered."""
    with transaction.atomic():
        held = _waiting(aanvraag)
        audit.record("withdraw_aanvraag", held, by=by, soort=held.soort.code)
        held.delete()


# --- who answers -----------------------------------------------------------------------------------------------------


def decline(*, aanvraag, by, now=None):
    """Not now. A parent or a colleague who asked hears it by mail, without any reason; a pupil on her own page."""
    now = now or timezone.now()
    with transaction.atomic():
        held = _waiting(aanvraag)
        _answer([held], Answer.DECLINED, None, by=by, now=now)
        audit.record("decline_aanvraag", held, by=by)
        message = {As.OUDER: DECLINED, As.MEDEWERKER: DECLINED_STAFF}.get(held.as_role)
        if message and held.person_id != by.person.pk and outbox.address_of(held.person):
            outbox.put(message, held.person, held, due_at=now)


def accept(*, aanvraag, ronde, by, now=None, reason=""):
    """The gesprek comes, in this ronde. In one that is open it is made now, and the parents are invited.

    Who reacts may refuse it for want of a `reason` (I2).
    """
    now = now or timezone.now()
    with transaction.atomic():
        # first the ronde: who opens it at this moment is done before or waits, and nobody is missed
        locked = Ronde.objects.select_for_update().filter(pk=ronde.pk).first()
        held = _waiting(aanvraag)
        if locked is None or not rondes_for(held, Ronde.objects.filter(pk=locked.pk), now=now):
            raise AanvraagRefused("no_ronde")
        _answer([held], Answer.PLANNED, ronde, by=by, now=now)
        audit.record("accept_aanvraag", held, by=by, ronde=ronde.pk)
        registry.tell("gesprekken_granted", ronde=locked, by=by, now=now, reason=reason.strip())


def choose(*, ronde, leerlingen, among, by, now=None, reason=""):
    """The school itself says for whom this ronde is: such as the pupils whose advice is raised. Returns how many came.

    Of the pupils in `among` those in `leerlingen` have the gesprek. What was chosen before and is not any more goes, as
    long as nobody was invited; what a family asked for stays.
    """
    now = now or timezone.now()
    with transaction.atomic():
        current = Ronde.objects.select_for_update().get(pk=ronde.pk)
        if current.whom != Ronde.Whom.ASKED or current.state == Ronde.State.CLOSED:
            raise AanvraagRefused("no_ronde")
        wanted = {leerling.pk for leerling in leerlingen} & {leerling.pk for leerling in among}
        gone = _let_go(current, {leerling.pk for leerling in among} - wanted) if current.is_draft else 0
        have = set(granted_in(current).values_list("leerling", flat=True))
        new = [pair[0] for pair in leerlingen_in_groepen(current) if pair[0].pk in wanted - have]
        _grant(current, new, by=by, now=now)
        if new or gone:
            audit.record("choose_leerlingen", current, by=by, added=len(new), removed=gone)
        if new:
            registry.tell("gesprekken_granted", ronde=current, by=by, now=now, reason=reason.strip())
    return len(new)


def rondes_for(aanvraag, rondes, *, now):
    """Of these, those in which this can be granted: of its kind, on request, not over, and with the child's group."""
    today = now.astimezone(aanvraag.school.zone).date()
    return list(
        _possible(rondes, today=today)
        .filter(school=aanvraag.school_id, soort=aanvraag.soort_id, groepen__leerlingen=aanvraag.leerling_id)
        .order_by("starts_on", "pk")
        .distinct()
    )


def kinds_without_ronde(aanvragen, rondes, *, today):
    """[(kind, how many)] of those that wait while there is no ronde in which they can be: somebody makes one first.

    As `rondes_for`, over many at once. Two questions.
    """
    possible = _possible(rondes, today=today).filter(
        school=OuterRef("school"), soort=OuterRef("soort"), groepen__leerlingen=OuterRef("leerling")
    )
    waiting = Aanvraag.objects.filter(~Exists(possible), pk__in=aanvragen.values("pk"), answer=Answer.WAITING)
    counted = dict(waiting.order_by().values_list("soort").annotate(count=Count("pk")))
    return [(soort, counted[soort.pk]) for soort in Soort.objects.filter(pk__in=counted).order_by("name", "pk")]


def _possible(rondes, *, today):
    """Of these, those in which something can still be granted."""
    return rondes.filter(whom=Ronde.Whom.ASKED, state__in=[Ronde.State.DRAFT, Ronde.State.OPEN], ends_on__gte=today)


def _waiting(aanvraag):
    """The same row, locked, for as long as nobody answered it. Raises AanvraagRefused."""
    rows = Aanvraag.objects.select_for_update(of=("self",)).filter(pk=aanvraag.pk, answer=Answer.WAITING)
    held = rows.select_related("school", "soort", "person__user").first()
    if held is None:
        raise AanvraagRefused("answered")
    return held


def _answer(aanvragen, answer, ronde, *, by, now):
    Aanvraag.objects.filter(pk__in=[row.pk for row in aanvragen]).update(
        answer=answer, ronde=ronde, answered_at=now, answered_by=by.person
    )


def _grant(ronde, leerlingen, *, by, now):
    """What waits for one of these is answered with it; the others are chosen by the school."""
    waiting = list(Aanvraag.objects.filter(leerling__in=leerlingen, soort=ronde.soort_id, answer=Answer.WAITING))
    _answer(waiting, Answer.PLANNED, ronde, by=by, now=now)
    asked = {row.leerling_id for row in waiting}
    Aanvraag.objects.bulk_create(
        Aanvraag(
            school_id=ronde.school_id,
            leerling=leerling,
            soort_id=ronde.soort_id,
            person=by.person,
            as_role=As.MEDEWERKER,
            reason=RAISED if ronde.soort.is_advice else BY_SCHOOL,
            created_at=now,
            answer=Answer.PLANNED,
            answered_at=now,
            answered_by=by.person,
            ronde=ronde,
        )
        for leerling in leerlingen
        if leerling.pk not in asked
    )


def _let_go(ronde, pks):
    chosen = granted_in(ronde).filter(leerling__in=pks, as_role=As.MEDEWERKER)
    return chosen.delete()[0]


def chosen_in(ronde):
    """({pupils who have it}, {those of them who keep it}) as ids: invited already, or a family asked for it."""
    rows = list(granted_in(ronde).values_list("leerling", "as_role"))
    have = {pk for pk, _role in rows}
    return have, (have if not ronde.is_draft else {pk for pk, role in rows if role != As.MEDEWERKER})


def askable(leerlingen, soorten, *, on):
    """[(pupil, [the kinds one can ask for])] without those for whom there is none."""
    kinds = list(soorten)
    groepen = Prefetch("groepen", Groep.objects.select_related("schooljaar"))
    pupils = leerlingen.prefetch_related(groepen) if kinds else ()
    found = [(each, [soort for soort in kinds if fits(soort, each, on=on)]) for each in pupils]
    return [(each, fitting) for each, fitting in found if fitting]
