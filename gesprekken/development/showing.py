"""Choosing what is shown of a pupil's development at a gesprek. What is chosen, all parties see from that moment on."""

import hashlib
from dataclasses import dataclass, field

from django.db import transaction

from gesprekken.models import Gesprek, ShownChart
from school import audit


@dataclass(frozen=True)
class Choice:
    """One vak that is shown. Routes only where teacher and pupil chose them together."""

    vak: str
    goal: str = ""
    routes: list = field(default_factory=list)
    agreed_with_pupil: bool = False


class StaleChoice(Exception):
    """Somebody else chose meanwhile; nothing was changed."""


class NotAgreed(Exception):
    """Routes were asked for that were not chosen together with the pupil."""


def chosen(gesprek):
    """What is shown at this gesprek now: {vak: ShownChart}."""
    return {shown.vak: shown for shown in gesprek.shown_charts.all()}


def seen(gesprek):
    """A mark of what was chosen, to tell whether it changed since a page was made."""
    rows = [(s.vak, s.goal, s.routes, s.agreed_with_pupil) for s in gesprek.shown_charts.order_by("vak")]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def show(*, gesprek, choices, by, seen_mark=None):
    """Show these charts and no others, at every gesprek about this pupil in the ronde: parents apart see the same."""
    if any(choice.routes and not choice.agreed_with_pupil for choice in choices):
        raise NotAgreed
    with transaction.atomic():
        together = Gesprek.objects.filter(ronde=gesprek.ronde_id, leerling=gesprek.leerling_id, school=by.school)
        together = list(together.select_for_update().order_by("pk"))
        if seen_mark is not None and seen_mark != seen(gesprek):
            raise StaleChoice
        for one in together:
            one.shown_charts.exclude(vak__in=[choice.vak for choice in choices]).delete()
            for choice in choices:
                ShownChart.objects.update_or_create(
                    gesprek=one,
                    vak=choice.vak,
                    defaults={
                        "school_id": one.school_id,
                        "goal": choice.goal,
                        "routes": list(choice.routes),
                        "with_routes": bool(choice.routes),
                        "agreed_with_pupil": choice.agreed_with_pupil,
                        "by": by.person,
                    },
                )
        routes = sum(len(choice.routes) for choice in choices)
        audit.record("charts_shown", gesprek, by=by, charts=len(choices), routes=routes, gesprekken=len(together))


def show_in_groep(*, ronde, groep, vakken, by):
    """Show these vakken, without routes, at every gesprek of a group that shows nothing yet. Returns how many."""
    with transaction.atomic():
        gesprekken = Gesprek.objects.filter(ronde=ronde, groep=groep, cancelled_at=None, school=by.school)
        without = list(gesprekken.select_for_update().exclude(pk__in=ShownChart.objects.filter(gesprek__ronde=ronde).values("gesprek")).order_by("pk"))  # fmt: skip
        ShownChart.objects.bulk_create(
            [
                ShownChart(school_id=one.school_id, gesprek=one, vak=vak, by=by.person)
                for one in without
                for vak in vakken
            ],
            ignore_conflicts=True,
        )
        audit.record("charts_shown_in_groep", ronde, by=by, groep=groep.pk, charts=len(vakken), gesprekken=len(without))
    return len(without)
