"""Agreements live on: what became of each, said by whom it concerns or at the next gesprek, and what is still open.

An outcome belongs to the first agreement of its chain: a corrected version of the verslag carries copies (`origin`).
The newest outcome counts; the earlier ones stay.
"""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from gesprekken.models import Agreement, Deelname, Outcome, Verslag
from gesprekken.permissions import may_record, visible_open_agreements
from school import audit

FAMILY = [Deelname.As.OUDER, Deelname.As.LEERLING]


class NotAgreedYet(Exception):
    """The verslag is still a draft: then the agreement itself is changed."""


def first_of(agreement):
    """The key of the first agreement of its chain."""
    return agreement.origin_id or agreement.pk


def say(*, agreement, by, state, word="", gesprek=None, now=None):
    """Note what became of it; `gesprek`: in which that was said. The same said twice (a double click) stays one."""
    now = now or timezone.now()
    if agreement.verslag.state != Verslag.State.FINAL:
        raise NotAgreedYet
    with transaction.atomic():
        first = Agreement.objects.select_for_update().get(pk=first_of(agreement))
        last = first.outcomes.first()
        if last and (last.state, last.word, last.by_id) == (state, word, by.person.pk):
            return last
        outcome = Outcome.objects.create(
            school_id=first.school_id, agreement=first, state=state, word=word, at=now, by=by.person, gesprek=gesprek
        )
        audit.record("outcome", first, by=by, state=state)
    return outcome


def with_outcome(agreements):
    """The same agreements as a list, each with `outcome`: the newest of its chain, or None."""
    agreements = list(agreements)
    newest = {}
    told = Outcome.objects.filter(agreement__in={first_of(agreement) for agreement in agreements})
    for outcome in told.select_related("by").order_by("at", "pk"):
        newest[outcome.agreement_id] = outcome
    for agreement in agreements:
        agreement.outcome = newest.get(first_of(agreement))
    return agreements


def is_done(agreement):
    return agreement.outcome is not None and agreement.outcome.state == Outcome.State.DONE


def open_agreements(actor, leerling=None):
    """What this person may see and nobody said is done, by the day on which it is looked back on; of one pupil or all."""
    agreements = visible_open_agreements(actor).select_related("verslag", "gesprek__ronde", "gesprek__leerling__person")
    if leerling is not None:
        agreements = agreements.filter(gesprek__leerling=leerling)
    by_day = agreements.order_by(F("evaluate_on").asc(nulls_last=True), "pk")
    return [agreement for agreement in with_outcome(by_day) if not is_done(agreement)]


def open_at_table(actor, gesprek):
    """(for the table, apart): what was still open when this gesprek began, or was said of it here.

    A page that parents look at shows only what concerns everybody of the family who sits there.
    """
    here = gesprek.deelnames.filter(as_role__in=FAMILY).exclude(attended=False)
    family = set(here.values_list("person_id", flat=True))
    table, apart = [], []
    for agreement in _open_before(actor, gesprek):
        concerned = {person.pk for person in agreement.concerns.all()}
        (table if family and family <= concerned else apart).append(agreement)
    return table, apart


def shown_at(actor, gesprek):
    """What `gesprekken/open_agreements.html` shows of it."""
    table, apart = open_at_table(actor, gesprek)
    return {"open_at_table": table, "open_apart": apart, "may_say_outcome": may_record(actor, gesprek)}


def _open_before(actor, gesprek):
    """Not what is agreed in this gesprek itself; what was said in it stays in view, so that it can be put right."""
    agreements = visible_open_agreements(actor).filter(gesprek__leerling=gesprek.leerling_id).exclude(gesprek=gesprek)
    agreements = agreements.select_related("verslag", "gesprek__ronde").prefetch_related("concerns")
    by_day = with_outcome(agreements.order_by(F("evaluate_on").asc(nulls_last=True), "pk"))
    return [row for row in by_day if not is_done(row) or row.outcome.gesprek_id == gesprek.pk]
