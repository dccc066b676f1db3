"""The hand-over in June: write per pupil, give a whole group at once, read as the next teacher."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.afterwards import handing_over
from gesprekken.afterwards.pupils import lidmaatschap_in, present_year
from gesprekken.afterwards_forms import OverdrachtForm
from gesprekken.permissions import (
    handing_over_groepen,
    leerlingen_to_hand_over,
    may_hand_over,
    overdrachten_to_read,
    visible_overdrachten,
)
from gesprekken.talking.drafts import StaleDraft, TextTooLong
from school.actor import STAFF, open_to


def year_now(request):
    schooljaar = present_year(request.actor.school, timezone.localdate())
    if schooljaar is None:
        raise Http404
    return schooljaar


@open_to(STAFF)
@require_GET
def overdracht_list(request):
    """To write: one's own groups of this year. To read: what came with the pupils one has now."""
    schooljaar = year_now(request)
    found = handing_over.by_groep(handing_over_groepen(request.actor, schooljaar), schooljaar)
    for one in found:
        one.is_mine = may_hand_over(request.actor, one.groep)
    received = overdrachten_to_read(request.actor).select_related("leerling__person", "schooljaar")
    context = {
        "schooljaar": schooljaar,
        "groepen": found,
        "is_time": handing_over.is_time(schooljaar, timezone.localdate()),
        "received": received.order_by("read_at", "leerling__person__first_name", "pk"),
    }
    return render(request, "gesprekken/overdracht_list.html", context)


# --- writing ---------------------------------------------------------------------------------------------------------


def load_to_write(request, leerling_pk):
    schooljaar = year_now(request)
    leerlingen = leerlingen_to_hand_over(request.actor, schooljaar).select_related("person", "school")
    return get_object_or_404(leerlingen, pk=leerling_pk), schooljaar


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def overdracht_write(request, leerling_pk):
    """GET: the page. POST: save the draft, by button or by itself."""
    leerling, schooljaar = load_to_write(request, leerling_pk)
    row = visible_overdrachten(request.actor).filter(leerling=leerling, schooljaar=schooljaar).first()
    form = OverdrachtForm(
        request.POST if request.method == "POST" else None,
        version=row.version if row else 0,
        initial={"text": row.text if row else "", "works_at_home": row.works_at_home if row else ""},
    )
    context = {"leerling": leerling, "form": form, "row": row, "member": lidmaatschap_in(leerling, schooljaar)}
    if request.method != "POST":
        context["suggestions"] = handing_over.suggestions(request.actor, leerling)
        return render(request, "gesprekken/overdracht_write.html", context)
    if not form.is_valid():
        return answer(request, {**context, "errors": form.errors}, 422)
    texts = {name: form.cleaned_data[name] for name in handing_over.FIELDS}
    try:
        row = handing_over.save(leerling=leerling, schooljaar=schooljaar, by=request.actor, **texts, **form.origin)
    except StaleDraft as stale:
        return answer(request, {**context, "stale": differing(form, stale), "version": stale.version}, 409)
    except TextTooLong as long:
        return answer(request, {**context, "too_long": long.length}, 422)
    except handing_over.HandedOver:
        return answer(request, {**context, "errors": {"": [said_handed_over()]}}, 409)
    if request.htmx:
        return render(request, "gesprekken/saved.html", {"saved_at": row.saved_at, "version": row.version, "slug": "o"})
    messages.success(request, _("Bewaard."))
    return redirect("overdracht_write", leerling_pk=leerling.pk)


def said_handed_over():
    return _("Deze overdracht is al gegeven. Neem hem eerst terug, of vertel het je collega zelf.")


def differing(form, stale):
    """(label, what stands there now) wherever it is not what was typed."""
    return [
        (form.fields[name].label, text)
        for name, text in stale.stored.items()
        if text and text != form.cleaned_data.get(name)
    ]


def answer(request, context, status):
    template = "gesprekken/not_saved.html" if request.htmx else "gesprekken/overdracht_write.html"
    return render(request, template, {"form_id": "vorm-o", **context}, status=status)


@open_to(STAFF)
@require_POST
def overdracht_take(request, leerling_pk):
    """One tap: words that are there already are put under what was written."""
    leerling, schooljaar = load_to_write(request, leerling_pk)
    code = request.POST.get("neem", "")
    found = [one for one in handing_over.suggestions(request.actor, leerling) if one.code == code]
    if not found:
        messages.warning(request, _("Dit staat er niet meer. Er is niets overgenomen."))
        return redirect("overdracht_write", leerling_pk=leerling.pk)
    try:
        handing_over.take(leerling=leerling, schooljaar=schooljaar, suggestion=found[0], by=request.actor)
    except handing_over.HandedOver:
        messages.warning(request, said_handed_over())
    except TextTooLong:
        messages.warning(request, _("Dit past er niet meer bij. Maak de tekst eerst korter."))
    return redirect("overdracht_write", leerling_pk=leerling.pk)


@open_to(STAFF)
@require_POST
def hand_over(request, groep_pk):
    groep = get_object_or_404(handing_over_groepen(request.actor, year_now(request)), pk=groep_pk)
    if not may_hand_over(request.actor, groep):
        raise PermissionDenied
    count = handing_over.hand_over(groep=groep, by=request.actor)
    if count:
        said = ngettext(
            "%(count)s leerling overgedragen. De volgende leerkracht leest het zodra de groepen bekend zijn.",
            "%(count)s leerlingen overgedragen. De volgende leerkracht leest het zodra de groepen bekend zijn.",
            count,
        )
        messages.success(request, said % {"count": count})
    else:
        messages.warning(request, _("Er is nog niets geschreven om over te dragen. Er is niets veranderd."))
    return redirect("overdracht_list")


@open_to(STAFF)
@require_POST
def overdracht_take_back(request, leerling_pk):
    leerling, schooljaar = load_to_write(request, leerling_pk)
    row = get_object_or_404(visible_overdrachten(request.actor), leerling=leerling, schooljaar=schooljaar)
    if handing_over.take_back(overdracht=row, by=request.actor):
        messages.success(request, _("Teruggenomen. Je kunt verder schrijven."))
    else:
        messages.warning(request, _("Je collega heeft het al gelezen. Er is niets veranderd."))
    return redirect("overdracht_write", leerling_pk=leerling.pk)


# --- reading ---------------------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def overdracht_read(request, pk):
    """What was handed over. The next teacher says that it is read."""
    row = get_object_or_404(
        visible_overdrachten(request.actor)
        .filter(handed_over_at__isnull=False)
        .select_related("leerling__person", "schooljaar", "by", "read_by"),
        pk=pk,
    )
    receives = overdrachten_to_read(request.actor).filter(pk=pk).exists()
    if request.method == "POST":
        if not receives:
            raise PermissionDenied
        handing_over.mark_read(overdracht=row, by=request.actor)
        messages.success(request, _("Gelezen. Je vindt het terug onder Overdracht."))
        return redirect("overdracht_list")
    return render(request, "gesprekken/overdracht_read.html", {"row": row, "receives": receives})
