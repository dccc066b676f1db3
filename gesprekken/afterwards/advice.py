"""The way to the advice for secondary education (C4): preliminary, test result, reconsidered, final, shared.

A higher test result raises the advice, or the reason why not is kept; it never goes down. In group 7 one looks ahead:
then there is a gesprek and no level, so nothing here can be written about a pupil of group 7.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gesprekken.afterwards.levels import is_higher, levels
from gesprekken.afterwards.pupils import level_in, level_of
from gesprekken.models import Advies
from school import audit
from school.models import Groep, Lidmaatschap, Relatie, Rol

PRELIMINARY, FINAL = Advies.Stage.PRELIMINARY, Advies.Stage.FINAL
RAISED, KEPT, NOT_NEEDED = Advies.Reconsidered.RAISED, Advies.Reconsidered.KEPT, Advies.Reconsidered.NOT_NEEDED
ADVICE_LEVEL, AHEAD_LEVEL = 8, 7


class AdviceRefused(Exception):
    """The advice cannot be so. `sentence` says why; `field` is where the form shows it."""

    def __init__(self, sentence, field=None):
        self.sentence, self.field = sentence, field
        super().__init__(sentence)


class StaleAdvice(AdviceRefused):
    """A colleague changed it since the page was opened."""


def stage_of(leerling, schooljaar, stage):
    return Advies.objects.filter(leerling=leerling, schooljaar=schooljaar, stage=stage).first()


def settle(
    *, leerling, schooljaar, stage, level, colleague, decided_by, decided_on, by, seen_version, gesprek=None, why="",
    today=None,
):  # fmt: skip
    """Settle the preliminary or the final advice, or change it with `why` (a code). Raises AdviceRefused.

    A changed advice is not shared any more: sharing is done anew, on purpose.
    """
    today = today or timezone.localdate()
    with transaction.atomic():
        rows = Advies.objects.select_for_update().filter(leerling=leerling, schooljaar=schooljaar)
        known = {row.stage: row for row in rows}
        row = known.get(stage)
        guard_fresh(row, seen_version)
        guard_settled(leerling, schooljaar, level, colleague, decided_by, decided_on, today)
        if stage == PRELIMINARY:
            guard_preliminary(known, level)
        else:
            guard_final(known.get(PRELIMINARY), level)
        if row is not None and not why:
            raise AdviceRefused(_("Kies waarom het advies verandert."), "why")
        values = {"level": level, "colleague": colleague, "decided_on": decided_on, "gesprek": gesprek}
        row = _write(row, leerling, schooljaar, stage, values, by, why)
        row.decided_by.set(decided_by)
    return row


def _write(row, leerling, schooljaar, stage, values, by, why):
    if row is None:
        row = Advies.objects.create(
            school_id=leerling.school_id, leerling=leerling, schooljaar=schooljaar, stage=stage, by=by.person, **values
        )
        audit.record("advice_settled", row, by=by, stage=stage, level=row.level)
        return row
    was = row.level
    if stage == PRELIMINARY and values["level"] != was and row.test_level:
        values["reconsidered"], values["reason"] = after(row.test_level, values["level"]), ""
    change(row, by, released_at=None, **values)
    audit.record("advice_changed", row, by=by, stage=stage, was=was, level=row.level, why=why, version=row.version)
    return row


def change(row, by, **values):
    """Narrowly, with the next version."""
    values |= {"by": by.person, "version": row.version + 1}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def guard_fresh(row, seen_version):
    if (row.version if row else 0) != seen_version:
        raise StaleAdvice(_("Een collega heeft dit advies intussen veranderd. Kijk wat er nu staat en bewaar opnieuw."))


def guard_settled(leerling, schooljaar, level, colleague, decided_by, decided_on, today):
    if level_in(leerling, schooljaar) != ADVICE_LEVEL:
        raise AdviceRefused(_("Een advies is er alleen voor leerlingen van groep 8."))
    if level not in levels():
        raise AdviceRefused(_("Dit niveau staat niet in de lijst. Kies er een uit de lijst."), "level")
    if colleague is None:
        raise AdviceRefused(_("Kies de tweede collega. Een advies geef je nooit alleen."), "colleague")
    staff = {person.pk for person in decided_by if hasattr(person, "medewerker")}
    if not staff - {colleague.person_id}:
        raise AdviceRefused(
            _("Kies ook wie er naast de tweede collega bij was: de leerkracht, de IB'er."), "decided_by"
        )
    if decided_on > today:
        raise AdviceRefused(
            _("Deze dag moet nog komen. Kies de dag waarop jullie het advies vaststelden."), "decided_on"
        )


def guard_preliminary(known, level):
    if FINAL in known:
        raise AdviceRefused(_("Het definitieve advies staat er al. Het voorlopige advies verandert niet meer."))


def guard_final(preliminary, level):
    if preliminary is None:
        raise AdviceRefused(_("Leg eerst het voorlopige advies vast."))
    if is_higher(preliminary.level, level):
        raise AdviceRefused(_("Een advies gaat nooit omlaag. Het voorlopige advies was hoger dan dit."), "level")
    if to_reconsider(preliminary):
        raise AdviceRefused(
            _("De uitslag is hoger dan het advies. Kies eerst: het advies gaat omhoog, of waarom niet.")
        )
    if preliminary.reconsidered == RAISED and not is_higher(level, preliminary.level):
        raise AdviceRefused(_("Jullie kozen dat het advies omhoog gaat. Kies een hoger niveau."), "level")
    if preliminary.reconsidered == KEPT and level != preliminary.level:
        raise AdviceRefused(
            _("Jullie kozen dat het advies blijft. Kies hetzelfde niveau, of heroverweeg opnieuw."), "level"
        )


# --- the test --------------------------------------------------------------------------------------------------------


def after(test_level, level):
    """What a result asks for: nothing where it is not higher; empty where somebody has to decide."""
    return NOT_NEEDED if is_higher(test_level, level) is False else ""


def to_reconsider(preliminary):
    """A result is known that is higher, or that nobody can compare, and nothing was decided about it."""
    return bool(preliminary.test_level and not preliminary.reconsidered)


def note_result(*, preliminary, test_level, by, seen_version):
    """Keep the result of the test as it was given. A result that is not higher changes nothing about the advice."""
    with transaction.atomic():
        row = Advies.objects.select_for_update().get(pk=preliminary.pk, stage=PRELIMINARY)
        guard_fresh(row, seen_version)
        guard_open(row)
        if not test_level.strip():
            raise AdviceRefused(_("Vul de uitslag in zoals de toets hem geeft."), "test_level")
        change(row, by, test_level=test_level.strip(), reconsidered=after(test_level.strip(), row.level), reason="")
        audit.record("test_result_noted", row, by=by, higher=is_higher(row.test_level, row.level), version=row.version)
    return row


def reconsider(*, preliminary, outcome, reason, by, seen_version):
    """Raised, or kept with the reason. Only what follows a result that is not known to be lower or the same."""
    with transaction.atomic():
        row = Advies.objects.select_for_update().get(pk=preliminary.pk, stage=PRELIMINARY)
        guard_fresh(row, seen_version)
        guard_open(row)
        if not row.test_level:
            raise AdviceRefused(_("Vul eerst de uitslag van de toets in."))
        higher = is_higher(row.test_level, row.level)
        if higher is False and outcome != NOT_NEEDED:
            raise AdviceRefused(_("De uitslag is niet hoger dan het advies. Heroverwegen is niet nodig."))
        if higher and outcome == NOT_NEEDED:
            raise AdviceRefused(_("De uitslag is hoger. Kies: het advies gaat omhoog, of waarom niet."), "outcome")
        if outcome == KEPT and not reason.strip():
            raise AdviceRefused(_("Schrijf op waarom het advies niet omhoog gaat. De wet vraagt die reden."), "reason")
        change(row, by, reconsidered=outcome, reason=reason.strip() if outcome == KEPT else "")
        audit.record("advice_reconsidered", row, by=by, outcome=outcome, version=row.version)
    return row


def guard_open(preliminary):
    if stage_of(preliminary.leerling_id, preliminary.schooljaar_id, FINAL):
        raise AdviceRefused(_("Het definitieve advies staat er al. De uitslag verandert niet meer."))


# --- sharing ---------------------------------------------------------------------------------------------------------


def share_advice(*, advies, by, seen_version=None, now=None):
    """From now on guardians and pupil read it, all at the same moment. Again: nothing.

    Raises StaleAdvice where it was changed since the page that shares it was made: they would read what `by` never saw.
    """
    if seen_version is not None and seen_version != advies.version:
        raise StaleAdvice(_("Een collega veranderde dit advies net. Lees het na en deel het dan."))
    with transaction.atomic():
        waiting = Advies.objects.filter(pk=advies.pk, version=advies.version, released_at__isnull=True)
        if waiting.update(released_at=now or timezone.now()):
            audit.record("advice_shared", advies, by=by, stage=advies.stage, version=advies.version)
    advies.refresh_from_db()
    return advies


def deciders(leerling, groep):
    """Who can have come to it together: guardians who may be informed, the group's teachers, IB and leadership."""
    guardians = [r.person for r in Relatie.objects.invited().filter(leerling=leerling).select_related("person")]
    teachers = [row.medewerker.person for row in groep.lesgeven.select_related("medewerker__person")] if groep else []
    roles = Rol.objects.filter(school_id=leerling.school_id).select_related("person").order_by("person__last_name")
    return list(dict.fromkeys(teachers + [rol.person for rol in roles] + guardians))


def missing_sides(advies, groep):
    """Which of the four that the source names had no part in it, in words."""
    present = set(advies.decided_by.values_list("pk", flat=True))
    roles = set(Rol.objects.filter(person__in=present).values_list("soort", flat=True))
    teaching = groep and groep.lesgeven.filter(medewerker__person__in=present).exists()
    heard = Relatie.objects.filter(leerling=advies.leerling_id, person__in=present).exists()
    sides = [
        (teaching, _("de leerkracht")),
        (Rol.Soort.IB in roles, _("de intern begeleider")),
        (Rol.Soort.LEIDING in roles, _("de schoolleiding")),
        (heard, _("de ouders")),
    ]
    return [word for there, word in sides if not there]


def outside_dates(advies, plan):
    """Whether it was settled outside the days of the year for it."""
    if plan is None or plan.preliminary_from is None:
        return False
    if advies.stage == PRELIMINARY:
        return not plan.preliminary_from <= advies.decided_on <= plan.preliminary_until
    return advies.decided_on > plan.final_by


# --- where everybody is ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """How far one pupil of group 8 is."""

    leerling: object
    groep: object
    preliminary: Advies | None
    final: Advies | None
    step: str  # what is next, as a code; empty when all is done
    is_late: bool

    @property
    def words(self):
        return STEPS[self.step]()


STEPS = {
    "preliminary": lambda: _("voorlopig advies vaststellen"),
    "share_preliminary": lambda: _("voorlopig advies delen"),
    "result": lambda: _("uitslag van de toets invullen"),
    "reconsider": lambda: _("heroverwegen: de uitslag is hoger"),
    "compare": lambda: _("uitslag en advies vergelijken"),
    "final": lambda: _("definitief advies vaststellen"),
    "share_final": lambda: _("definitief advies delen"),
    "": lambda: _("klaar"),
}


def next_step(preliminary, final):
    """Pure."""
    if preliminary is None:
        return "preliminary"
    if final is not None:
        return "" if final.released_at else "share_final"
    if preliminary.released_at is None:
        return "share_preliminary"
    if not preliminary.test_level:
        return "result"
    if to_reconsider(preliminary):
        return "reconsider" if is_higher(preliminary.test_level, preliminary.level) else "compare"
    return "final"


def is_late(step, plan, today):
    if plan is None or plan.preliminary_until is None:
        return False
    by = {"preliminary": plan.preliminary_until, "share_preliminary": plan.preliminary_until, "result": plan.result_by}
    return bool(step) and today > by.get(step, plan.final_by)


def ways(lidmaatschappen, plan, today):
    """[Way] of these pupils of group 8, in their own order."""
    theirs = {}
    leerlingen = [row.leerling_id for row in lidmaatschappen]
    for advies in Advies.objects.filter(leerling__in=leerlingen, schooljaar=plan.schooljaar_id if plan else None):
        theirs.setdefault(advies.leerling_id, {})[advies.stage] = advies
    found = []
    for row in lidmaatschappen:
        known = theirs.get(row.leerling_id, {})
        step = next_step(known.get(PRELIMINARY), known.get(FINAL))
        late = is_late(step, plan, today)
        found.append(Way(row.leerling, row.groep, known.get(PRELIMINARY), known.get(FINAL), step, late))
    return found


def pupils_of(leerlingen, schooljaar):
    """(of group 8, of group 7): each a list of Lidmaatschap, by group and name."""
    rows = (
        Lidmaatschap.objects.filter(leerling__in=leerlingen, groep__schooljaar=schooljaar, groep__gone=False)
        .filter(groep__soort=Groep.Soort.STAM)
        .select_related("groep", "leerling__person")
        .order_by("groep__name", "leerling__person__first_name", "pk")
    )
    found = {ADVICE_LEVEL: [], AHEAD_LEVEL: []}
    for row in rows:
        found.get(level_of(row), []).append(row)
    return found[ADVICE_LEVEL], found[AHEAD_LEVEL]


def looks_ahead(lidmaatschappen, gesprekken, code):
    """[(Lidmaatschap, its vooruitblik or None)] of group 7."""
    pupils = [row.leerling_id for row in lidmaatschappen]
    rows = gesprekken.filter(leerling__in=pupils, ronde__soort__code=code, cancelled_at=None).select_related("ronde")
    of_pupil = {gesprek.leerling_id: gesprek for gesprek in rows}
    return [(row, of_pupil.get(row.leerling_id)) for row in lidmaatschappen]


def talk_about(gesprekken, code):
    """The gesprek in which this advice was spoken of; the newest of its kind, or None."""
    return gesprekken.filter(ronde__soort__code=code, cancelled_at=None).order_by("-ronde__starts_on", "-pk").first()
