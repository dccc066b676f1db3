"""The year as families read it, and everybody's own calendar of it."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import conditional_page, require_GET, require_http_methods

from gesprekken.permissions import own_groepen
from gesprekken.year import cycle, entries, feed
from school import access
from school.actor import ANYONE, PERSONAL, STAFF, open_to
from school.models import AccessLink
from school.permissions import visible_schooljaren


def changes_of_last_edition(plan):
    """What the last publication changed in the one before it."""
    if plan.published_version < 2:
        return []
    return entries.differences(
        entries.entries_published(plan, plan.published_version - 1), entries.entries_published(plan)
    )


def for_family(person, schooljaar, shown, groepen):
    """What concerns the groups of somebody's children; the whole year while they have no group in it yet."""
    own = set(own_groepen(person).filter(schooljaar=schooljaar).values_list("pk", flat=True))
    if not own:
        return shown, groepen
    mine = [groep for groep in groepen if groep.pk in own]
    return entries.concerning(shown, mine), mine


@open_to(PERSONAL)
@require_GET
def year_shared(request):
    """The year for a family: only what was shared, only what concerns their groups, no names of anybody."""
    today = timezone.localdate()
    years = []
    for schooljaar in visible_schooljaren(request.actor).filter(ends_on__gte=today).order_by("starts_on"):
        plan, groepen = entries.find_plan(schooljaar), entries.groepen_of(schooljaar)
        if not plan.is_published:
            continue
        shown, mine = for_family(request.actor.person, schooljaar, entries.entries_published(plan), groepen)
        changed = {change.entry.key for change in changes_of_last_edition(plan)}
        rows = [
            {"entry": e, "who": entries.for_whom(e, mine), "is_past": e.ends_on < today, "is_changed": e.key in changed}
            for e in shown
            if e.sort != entries.VRIJ
        ]
        free = [e for e in shown if e.sort == entries.VRIJ and e.ends_on >= today]
        years.append({"schooljaar": schooljaar, "plan": plan, "rows": rows, "free": free, "groepen": mine})
    return render(request, "gesprekken/year_shared.html", {"years": years})


@open_to(STAFF | PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def year_feed_new(request):
    """Show a new secret address once: in the answer itself, because only its hash is kept. Coming back shows the year."""
    if request.method != "POST":
        return redirect("year" if request.actor.is_staff else "year_shared")
    token = cycle.renew_year_feed(by=request.actor)
    url = f"{settings.BASE_URL}{reverse('year_feed', args=[token])}"
    context = {"feed_url": url, "webcal_url": url.replace("https://", "webcal://").replace("http://", "webcal://")}
    context["base"] = "base_staf.html" if request.actor.is_staff else "base_ouder.html"
    return render(request, "gesprekken/year_feed.html", context)


@open_to(ANYONE)
@require_GET
@conditional_page
def year_feed(request, token):
    """The subscribed calendar. Whoever holds the secret reads what its owner may: the year, without a single name."""
    link = access.find_link(token, purposes=(AccessLink.Purpose.YEAR_FEED,))
    if link is None:
        raise Http404
    shared = list(shared_years(link.person))
    response = HttpResponse(feed.year_calendar(link.person.school, shared), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="gesprekken.ics"'
    response["Cache-Control"] = "private, max-age=3600"
    if shared:
        response["Last-Modified"] = http_date(max(plan.published_at for plan, *_rest in shared).timestamp())
    return response


def shared_years(person):
    for schooljaar, plan, groepen in entries.shared_plans(person.school, timezone.localdate()):
        shown = entries.entries_published(plan)
        if not hasattr(person, "medewerker"):
            shown, groepen = for_family(person, schooljaar, shown, groepen)
        yield plan, shown, groepen
