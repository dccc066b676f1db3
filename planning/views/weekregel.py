"""Everything that was settled less than a week ahead, for leadership: what, when, about whom or which activity, why."""

from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gesprekken.permissions import visible_activity_guests, visible_gesprekken, visible_rondes
from planning.models import WeekException
from planning.permissions import may_open_ronde, visible_week_exceptions
from planning.week_forms import ExceptionsForm
from school.actor import STAFF, open_to
from school.permissions import visible_schooljaren

PER_PAGE = 50


@dataclass(frozen=True)
class Sort:
    """How often one kind of exception came about; `share` of a hundred, beside the one that came about most."""

    label: str
    count: int
    share: int


@open_to(STAFF)
@require_GET
def week_exceptions(request):
    if not may_open_ronde(request.actor):
        raise PermissionDenied
    form = form_for(request)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows, gesprekken, activities = within(request.actor, chosen.get("jaar"), chosen.get("ronde"))
    page = Paginator(rows.order_by("-created_at", "-pk"), PER_PAGE).get_page(request.GET.get("pagina"))
    add_days_ahead(page.object_list, request.actor.school.zone)
    context = {
        "form": form,
        "page": page,
        "sorts": per_sort(rows),
        "total": page.paginator.count,
        "gesprekken": gesprekken.filter(cancelled_at=None).count(),
        "activities": activities.filter(invited_at__isnull=False).count(),
        "chosen": chosen,
    }
    return render(request, "planning/week_exceptions.html", context)


def form_for(request):
    rondes = visible_rondes(request.actor).select_related("schooljaar").order_by("-starts_on", "pk")
    years = visible_schooljaren(request.actor).order_by("-starts_on")
    return ExceptionsForm(request.GET, jaren=years, rondes=rondes)


def within(actor, year, ronde):
    """(exceptions, gesprekken, parent activities) of one ronde, one school year, or all.

    A ronde says more than its year.
    """
    about = ("ronde", "activiteit", "gesprek__leerling__person", "gesprek__groep", "by")
    rows = visible_week_exceptions(actor).select_related(*about)
    gesprekken, activities = visible_gesprekken(actor), visible_activity_guests(actor)
    if ronde:
        return rows.filter(ronde=ronde), gesprekken.filter(ronde=ronde), activities.none()
    if year:
        of_year = Q(ronde__schooljaar=year) | Q(activiteit__jaarplan__schooljaar=year)
        mine = activities.filter(jaarplan__schooljaar=year)
        return rows.filter(of_year), gesprekken.filter(ronde__schooljaar=year), mine
    return rows, gesprekken, activities


def add_days_ahead(rows, zone):
    for row in rows:
        row.days_ahead = (row.on - timezone.localtime(row.created_at, zone).date()).days if row.on else None


def per_sort(rows):
    """[Sort], the most frequent first."""
    counts = Counter(rows.order_by().values_list("what", flat=True))
    most = max(counts.values(), default=1)
    labels = dict(WeekException.What.choices)
    return [Sort(labels.get(what, ""), n, 100 * n // most) for what, n in counts.most_common()]
