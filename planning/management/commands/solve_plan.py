"""Plan a problem in the neutral form, in words for a person or as JSON for another tool."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planning import solver
from planning.solver import ImpossibleProblem


class Command(BaseCommand):
    help = "Make a plan for an instance in the neutral form, and say how good it is. Touches no database."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("instance", help="a JSON file; - reads from standard input")
        parser.add_argument("--time-limit", type=float, default=30.0, metavar="S", help="seconds, 30 by default")
        parser.add_argument("--json", action="store_true", help="the plan, its scores and bounds as JSON")

    def handle(self, *, instance, time_limit, **options):
        if not 0 < time_limit < 86_400:
            raise CommandError(_("Geef bij --time-limit een aantal seconden boven nul, en minder dan een dag."))
        try:
            problem = solver.read_instance(self.read(instance))
        except ImpossibleProblem as error:
            raise CommandError(
                _("%(file)s is niet te plannen: %(why)s.") % {"file": instance, "why": _(error.sentence) % error.facts}
            )
        plan = solver.solve(problem, time_limit=time_limit)
        if options["json"]:
            self.stdout.write(json.dumps(solver.answer(problem, plan), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(in_words(problem, plan)))

    def read(self, instance) -> str:
        try:
            return sys.stdin.read() if instance == "-" else Path(instance).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise CommandError(_("%(file)s is geen tekst in UTF-8.") % {"file": instance})
        except (OSError, ValueError):
            raise CommandError(_("%(file)s is niet te lezen; klopt de naam?") % {"file": instance})


def in_words(problem, plan):
    """The plan as a person would tell it."""
    scores, bounds = plan.scores, plan.bounds
    total = len(problem.conversations)
    yield _("%(placed)s van de %(total)s gesprekken hebben een tijd (%(seconds)s seconden, %(solver)s).") % {
        "placed": total - scores.unplaced,
        "total": total,
        "seconds": round(plan.seconds, 1),
        "solver": plan.solver,
    }
    yield _("Zonder tijd: %(count)s.") % {"count": scores.unplaced} + how_good(scores.unplaced, bounds.unplaced)
    yield _("Wachten van gezinnen met meer gesprekken: %(count)s minuten.") % {
        "count": scores.waiting_minutes
    } + how_good(scores.waiting_minutes, bounds.waiting_minutes)
    yield _("Lege tijdsloten tussen gesprekken: %(count)s.") % {"count": scores.idle_slots} + how_good(
        scores.idle_slots, bounds.idle_slots
    )
    if not plan.is_complete:
        yield _("De tijd was om voordat alles bewezen was; met een hogere --time-limit kan het nog beter worden.")
    for id, reason in sorted(plan.unplaced.items()):
        yield f"- {id}: {sentence(reason)}"


def how_good(score, bound) -> str:
    if bound is None:
        return " " + _("Of het beter kan, is niet bewezen.")
    if score <= bound:
        return " " + _("Beter kan niet; dat is bewezen.")
    return " " + _("Lager dan %(bound)s kan niet.") % {"bound": bound}


def sentence(reason) -> str:
    """Why it has no time, and what would solve it."""
    team = ", ".join(reason.staff)
    said = {
        solver.NOTHING_IN_COMMON: _("op geen enkel moment kunnen dit gezin en %(team)s allebei."),
        solver.TEAM_FULL: _("%(team)s is vol."),
        solver.WISHES_NARROW: _("alle tijden waarop het gezin kan, zijn bezet bij %(team)s."),
        solver.COLLEAGUE_BUSY: _("wanneer de leerkracht vrij is, is niemand van %(team)s vrij."),
        solver.FAMILY_ELSEWHERE: _("op de enige vrije tijden bij %(team)s heeft het gezin een ander gesprek."),
        solver.NOT_FOUND: _("er is nog iets vrij bij %(team)s; zoek langer met --time-limit."),
    }[reason.why] % {"team": team}
    return " ".join([said, *what_helps(reason)])


def what_helps(reason):
    if reason.starts:
        times = ", ".join(f"{start:%d-%m %H:%M}" for start in reason.starts[:4])
        yield _("Vrij zijn nog: %(times)s.") % {"times": times}
    else:
        yield ngettext(
            "Met %(count)s tijdslot meer is dat opgelost.",
            "Hier zijn %(count)s tijdsloten meer nodig.",
            reason.more,
        ) % {"count": reason.more}
