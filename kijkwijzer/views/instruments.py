"""The instrument of the school: which is in use, an own one read in and looked at, the shipped one to start from."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kijkwijzer import own_instrument
from kijkwijzer.instrument import SHIPPED, InstrumentRefused, comparable, outline_of
from kijkwijzer.permissions import may_choose_instrument, visible_own_instruments
from kijkwijzer.practising_forms import InstrumentForm
from school.actor import STAFF, open_to
from school.uploads import takes_files


def load_all(request):
    if not may_choose_instrument(request.actor):
        raise PermissionDenied
    return visible_own_instruments(request.actor).order_by("-in_use_since", "-loaded_at", "-pk")


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(load_all)
def instruments(request, rows):
    form, problems = InstrumentForm(), []
    if request.method == "POST":
        form = InstrumentForm(request.POST, request.FILES)
        if request.upload_too_big:
            problems = [_("Het bestand is veel te groot. Een Kijkwijzer is hoogstens 256 kB. Er is niets veranderd.")]
        elif form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                raw = upload.read(own_instrument.MAX_BYTES + 1)
                found = own_instrument.take_in(raw=raw, by=request.actor, now=timezone.now())
            except InstrumentRefused as refused:
                problems = refused.problems
            else:
                return redirect("instrument", pk=found.pk)
    in_use = own_instrument.in_use(rows)
    context = {
        "form": form,
        "problems": problems,
        "in_use": in_use,
        "rows": [(each, bool(in_use and comparable(each, in_use))) for each in rows],
    }
    status = 422 if problems or form.errors else 200
    return render(request, "kijkwijzer/instruments.html", context, status=status)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def instrument(request, pk):
    """What an instrument would look like, and the button that puts it in use."""
    rows = load_all(request)
    found = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        return choose(request, found)
    outline, in_use = outline_of(found), own_instrument.in_use(rows)
    context = {
        "instrument": found,
        "outline": outline,
        "scale": list(enumerate(outline.labels, 1)),
        "is_in_use": in_use == found,
        "is_unused": own_instrument.is_unused(found),
        "is_comparable": in_use is None or comparable(found, in_use),
    }
    return render(request, "kijkwijzer/instrument.html", context)


def choose(request, found):
    if "haalweg" not in request.POST:
        own_instrument.put_in_use(instrument=found, by=request.actor, now=timezone.now())
        messages.success(
            request, _("In gebruik. Wat hierna begint, gaat met deze Kijkwijzer; oude scores blijven staan.")
        )
        return redirect("instruments")
    try:
        own_instrument.take_away(instrument=found, by=request.actor)
    except own_instrument.ChoiceRefused:
        messages.warning(request, _("Met deze Kijkwijzer is gewerkt, dus hij blijft staan. Er is niets veranderd."))
        return redirect("instrument", pk=found.pk)
    messages.success(request, _("Weggehaald. Deze Kijkwijzer was nog niet gebruikt."))
    return redirect("instruments")


@open_to(STAFF)
@require_GET
def instrument_example(request):
    """The file of the shipped instrument, to begin one's own from."""
    if not may_choose_instrument(request.actor):
        raise PermissionDenied
    return FileResponse(
        SHIPPED.open("rb"), as_attachment=True, filename="kijkwijzer.toml", content_type="application/toml"
    )
