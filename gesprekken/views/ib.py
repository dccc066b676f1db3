"""For the intern begeleider: this month, one pupil across the years, and the pupil's own words at the table."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gesprekken.afterwards import advice, timeline
from gesprekken.afterwards.gains import plan_of
from gesprekken.afterwards.pupils import present_year
from gesprekken.afterwards_forms import SpokenForm
from gesprekken.permissions import (
    advice_leerlingen,
    followed_leerlingen,
    may_follow_pupils,
    may_read_contribution,
    visible_adviezen,
)
from gesprekken.preparing import contribution
from gesprekken.talking.drafts import StaleDraft
from gesprekken.views.preparing import load
from school.actor import STAFF, open_to


@open_to(STAFF)
@require_GET
def ib_month(request):
    if not may_follow_pupils(request.actor):
        raise PermissionDenied
    today = timezone.localdate()
    plan = plan_of(present_year(request.actor.school, today))
    ways = []
    if plan:
        eighth, _seventh = advice.pupils_of(advice_leerlingen(request.actor), plan.schooljaar)
        ways = [way for way in advice.ways(eighth, plan, today) if way.is_late or way.step in ("reconsider", "compare")]
    words = request.GET.get("q", "")[:80]
    context = {
        "month": timeline.month_of(request.actor, today),
        "today": today,
        "ways": ways,
        "q": words,
        "found": timeline.pupils_found(followed_leerlingen(request.actor), words) if words.strip() else None,
    }
    return render(request, "gesprekken/ib_month.html", context)


def url_if_there(name, **kwargs):
    """A page of another part of the house, where it is there."""
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@open_to(STAFF)
@require_GET
def pupil_line(request, leerling_pk):
    if not may_follow_pupils(request.actor):
        raise PermissionDenied
    leerling = get_object_or_404(followed_leerlingen(request.actor).select_related("person"), pk=leerling_pk)
    context = {
        "leerling": leerling,
        "line": timeline.line_of(request.actor, leerling),
        "adviezen": visible_adviezen(request.actor).filter(leerling=leerling).select_related("schooljaar"),
        "charts_url": url_if_there("development", leerling_pk=leerling.pk)
        or url_if_there("development", pk=leerling.pk),
    }
    return render(request, "gesprekken/pupil_line.html", context)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def own_contribution(request, pk):
    """What the pupil wrote and said herself (C7), and a place to write down what she says."""
    gesprek = load(request, pk)
    if not may_read_contribution(request.actor, gesprek):
        raise PermissionDenied
    own = contribution.of_pupil(request.actor, gesprek)
    form = SpokenForm(
        request.POST if request.method == "POST" else None, initial={"seen": own.stamp, "spoken": own.spoken}
    )
    context = {"gesprek": gesprek, "own": own, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            contribution.note_spoken(
                gesprek=gesprek, by=request.actor, text=form.cleaned_data["spoken"], seen=form.cleaned_data["seen"]
            )
        except StaleDraft as stale:
            context |= {"stale": stale.stored["spoken"], "stamp": contribution.stamp_of(stale.stored["spoken"])}
            return render(request, "gesprekken/own_contribution.html", context, status=409)
        except contribution.NotInvited:
            messages.warning(request, _("Deze leerling is niet uitgenodigd bij dit gesprek. Er is niets bewaard."))
        else:
            messages.success(request, _("Bewaard, met jouw naam erbij als degene die het opschreef."))
        return redirect("own_contribution", pk=gesprek.pk)
    return render(request, "gesprekken/own_contribution.html", context, status=422 if form.errors else 200)
