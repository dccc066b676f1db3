"""One's own calendar: the page with the secret address, what stands at it, and one appointment as a file for staff."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_GET, require_http_methods, require_safe

from gesprekken.permissions import visible_gesprekken
from planning import feeds, ical
from planning.emails import location_of
from planning.permissions import entries_in_feed, may_subscribe, visible_bookings
from school.actor import ANYONE, PERSONAL_CONFIRMED, STAFF, open_to

MAKE, STOP = "maak", "stop"  # the buttons of the page


@open_to(PERSONAL_CONFIRMED)
@require_http_methods(["GET", "HEAD", "POST"])
def my_feed(request):
    """For a guardian, after the second step: the address lives longer than the link in a mail that leads here."""
    return feed_page(request, base="base_ouder.html", home="my_page")


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_feed(request):
    return feed_page(request, base="base_staf.html", home="my_account")


def feed_page(request, *, base, home):
    """GET says what is there; POST makes an address, shown in this one answer, or takes it away."""
    if not may_subscribe(request.actor):
        raise PermissionDenied
    context = {"base": base, "home": home}
    if request.method == "POST":
        wanted = request.POST.get("doen")
        if wanted != MAKE:
            if wanted == STOP and feeds.revoke(by=request.actor):
                messages.success(request, _("Het adres werkt niet meer. De gesprekken verdwijnen uit de agenda."))
            return redirect(request.path)
        url = settings.BASE_URL + reverse("feed", args=[feeds.renew(by=request.actor)])
        context |= {"feed_url": url, "webcal_url": "webcal://" + url.partition("://")[2]}
    context["address"] = feeds.address_in_use(request.actor.person)
    return render(request, "planning/feed.html", context)


@open_to(ANYONE)
@require_safe
@conditional_page
def feed(request, token):
    """What calendar programs fetch. The secret in the address decides; no session is read or made."""
    content = feeds.served(token)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="gesprekken.ics"'
    response["Cache-Control"] = "private, no-cache"  # ask every time: what is revoked is gone at once
    return response


@open_to(STAFF)
@require_GET
def own_file(request, pk):
    """One appointment of a member of staff as a file, for who wants no subscription."""
    gesprek = get_object_or_404(
        visible_gesprekken(request.actor).select_related("ronde__school", "leerling__person", "groep"), pk=pk
    )
    entry = entries_in_feed(request.actor).filter(gesprek=gesprek).select_related("person").first()
    present = visible_bookings(request.actor).active().filter(gesprek=gesprek).select_related("school").first()
    if entry is None or present is None:
        raise Http404
    content = ical.appointment(
        entry=entry,
        booking=present,
        summary=ical.summary_for_staff(gesprek),
        location=location_of(gesprek, with_link=True),
        description=gesprek.ronde.name,
        method=ical.PUBLISH,
        now=timezone.now(),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["Content-Disposition"] = 'attachment; filename="gesprek.ics"'
    return response
