"""How good a plan is and why somebody has no slot, in plain words; nothing here looks at the database."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planning import solver
from planning.solver.search import WITHOUT_SOLVER
from school.templatetags.house import clock, short_day


@dataclass(frozen=True)
class Line:
    """One goal: what was reached, and what is known about better."""

    reached: str
    proof: str = ""
    is_proven: bool = False


def lines(figures):
    """[Line], most important goal first."""
    scores, bounds = figures["scores"], figures["bounds"] if not figures.get("by_hand") else {}
    found = [placed_line(figures["total"], scores, bounds), waiting_line(scores, bounds), idle_line(scores, bounds)]
    if scores["liked"]:
        sentence = ngettext(
            "%(n)s gesprek is op een tijd die de ouders het liefst hadden.",
            "%(n)s gesprekken zijn op een tijd die de ouders het liefst hadden.",
            scores["liked"],
        )
        found.append(Line(sentence % {"n": scores["liked"]}))
    return found


def placed_line(total, scores, bounds):
    placed, bound = total - scores["unplaced"], bounds.get("unplaced")
    sentence = ngettext(
        "%(placed)s van het %(total)s gesprek heeft een tijd.",
        "%(placed)s van de %(total)s gesprekken hebben een tijd.",
        total,
    ) % {"placed": placed, "total": total}
    if bound is None:
        return Line(sentence)
    if bound >= scores["unplaced"]:
        return Line(sentence, _("Beter kan niet: dat is bewezen."), True)
    more = scores["unplaced"] - bound
    proof = ngettext(
        "Hoogstens %(n)s gesprek meer is misschien mogelijk.",
        "Hoogstens %(n)s gesprekken meer is misschien mogelijk.",
        more,
    )
    return Line(sentence, proof % {"n": more})


def waiting_line(scores, bounds):
    waiting, bound = scores["waiting_minutes"], bounds.get("waiting_minutes")
    if not waiting:
        return Line(_("Gezinnen met meer kinderen kunnen meteen na elkaar."), "", True)
    sentence = ngettext(
        "Gezinnen met meer kinderen wachten samen %(n)s minuut tussen hun gesprekken, of komen twee keer.",
        "Gezinnen met meer kinderen wachten samen %(n)s minuten tussen hun gesprekken, of komen twee keer.",
        waiting,
    ) % {"n": waiting}
    if bound is None:
        return Line(sentence)
    if bound >= waiting:
        return Line(sentence, _("Korter kan niet: dat is bewezen."), True)
    return Line(sentence, _("Hoogstens %(share)s %% korter is mogelijk.") % {"share": share(waiting, bound)})


def idle_line(scores, bounds):
    idle, bound = scores["idle_slots"], bounds.get("idle_slots")
    if not idle:
        return Line(_("Leerkrachten hebben geen lege tijd tussen hun gesprekken."), "", True)
    whole = -int(-idle // 1)
    sentence = ngettext(
        "Leerkrachten hebben samen %(n)s leeg tijdslot tussen hun gesprekken.",
        "Leerkrachten hebben samen %(n)s lege tijdsloten tussen hun gesprekken.",
        whole,
    ) % {"n": whole}
    if bound is not None and bound >= idle:
        return Line(sentence, _("Minder kan niet: dat is bewezen."), True)
    return Line(sentence)


def share(value, bound):
    """How much lower it could be at most, in whole percents, rounded up."""
    return -int(-(100 * (value - bound) / value) // 1)


def remarks(figures):
    """What else one should know about how the plan came about."""
    if figures.get("by_hand"):
        yield _("Er is met de hand iets veranderd. Het bewijs ging over de planning van daarvoor.")
    elif figures["solver"] == WITHOUT_SOLVER:
        yield _(
            "Deze planning is met een eenvoudige methode gemaakt, want het rekenprogramma is niet geïnstalleerd. "
            "Vraag je beheerder om highspy; dan is de planning beter en bewezen."
        )
    elif not figures["is_complete"]:
        yield _("Het zoeken is gestopt voordat alles bewezen was. Dit is de beste planning tot dan toe.")


def compared(figures):
    """Sentences that set the plan beside the times that stand now, or beside the plan before it."""
    before, standing, scores = figures.get("before"), figures["standing"], figures["scores"]
    have = figures["total"] - standing["unplaced"]
    if have:
        gained = standing["unplaced"] - scores["unplaced"]
        yield ngettext(
            "%(have)s gesprek heeft al een tijd; die blijft staan. Er komen %(gained)s tijden bij.",
            "%(have)s gesprekken hebben al een tijd; die blijven staan. Er komen %(gained)s tijden bij.",
            have,
        ) % {"have": have, "gained": gained}
    if before and before["scores"]:
        yield from beside(before, scores)


def beside(before, scores):
    """What is different from the plan before."""
    more = before["scores"]["unplaced"] - scores["unplaced"]
    longer = scores["waiting_minutes"] - before["scores"]["waiting_minutes"]
    yield ngettext(
        "%(n)s gesprek staat op een andere tijd dan in de vorige planning.",
        "%(n)s gesprekken staan op een andere tijd dan in de vorige planning.",
        before["moved"],
    ) % {"n": before["moved"]}
    if more > 0:
        sentence = ngettext("%(n)s gesprek meer heeft een tijd.", "%(n)s gesprekken meer hebben een tijd.", more)
        yield sentence % {"n": more}
    if more < 0:
        sentence = ngettext("%(n)s gesprek minder heeft een tijd.", "%(n)s gesprekken minder hebben een tijd.", -more)
        yield sentence % {"n": -more}
    if longer:
        sentence = (
            _("Gezinnen wachten samen %(n)s min langer.")
            if longer > 0
            else _("Gezinnen wachten samen %(n)s min korter.")
        )
        yield sentence % {"n": abs(longer)}


# --- why there is no slot --------------------------------------------------------------------------------------------


def why(reason, names):
    """(why, what would solve it) for the reason of a row; `names`: {medewerker id: name}."""
    who = ", ".join(names[pk] for pk in reason.get("staff", []) if pk in names) or _("de leerkracht")
    more = max(1, reason.get("more") or 1)
    free = ", ".join(in_words(start) for start in reason.get("starts", [])[:5])
    call = _("Vrij zijn nog: %(free)s. Bel of een van deze tijden toch kan.") % {"free": free} if free else ""
    extra = ngettext(
        "Met %(n)s tijdslot erbij van %(who)s past het.", "Met %(n)s tijdsloten erbij van %(who)s past het.", more
    ) % {"n": more, "who": who}
    said = {
        solver.NOTHING_IN_COMMON: (_("Er is geen tijd waarop de ouders en %(who)s allebei kunnen."), call or _("Vraag %(who)s om een andere dag of avond, of bel de ouders.")),
        solver.TEAM_FULL: (_("Alle tijden van %(who)s die kunnen, zijn bezet."), extra),
        solver.WISHES_NARROW: (_("%(who)s heeft nog tijd, maar niet wanneer de ouders kunnen."), call or extra),
        solver.COLLEAGUE_BUSY: (_("Op de tijden die kunnen, is %(who)s bezet of er niet."), _("Laat nog een collega meedoen, of vraag %(who)s om meer tijd.")),
        solver.FAMILY_ELSEWHERE: (_("De enige vrije tijden vallen samen met een ander gesprek van dit gezin."), extra),
    }  # fmt: skip
    otherwise = (
        _("Er is nog ruimte, maar het zoeken stopte voordat het lukte."),
        _("Zet dit gesprek zelf, of maak de planning opnieuw."),
    )
    because, solve = said.get(reason.get("why"), otherwise)
    return because.replace("%(who)s", who), solve.replace("%(who)s", who)


def in_words(start):
    """di 24 nov 15:15, of a wall-clock start as the plan keeps it."""
    moment = datetime.fromisoformat(start)
    return f"{short_day(moment.date())} {clock(moment)}"
