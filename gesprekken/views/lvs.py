"""For the administration: what goes into the LVS per group, and who was there at the advice conversations."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gesprekken.afterwards import advice_talks as talks
from gesprekken.afterwards import lvs_export
from gesprekken.permissions import may_export_lvs, may_see_advice_talks, visible_rondes
from gesprekken.views.gesprek import pdf_response
from school.actor import STAFF, open_to
from school.languages import paper_language
from school.pdf import render_pdf
from school.permissions import visible_groepen, visible_schooljaren
from school.row_ids import row_id
from school.spreadsheet import CONTENT_TYPE, CSV_CONTENT_TYPE, csv_file, workbook


def load_groep(request, pk, groep_pk):
    """The ronde and a groep of it, as far as this actor sees both; 403 where the LVS is somebody else's work."""
    ronde = get_object_or_404(visible_rondes(request.actor), pk=pk)
    groep = get_object_or_404(visible_groepen(request.actor).filter(ronde_groepen__ronde=ronde), pk=groep_pk)
    if not may_export_lvs(request.actor, groep):
        raise PermissionDenied
    return ronde, groep


@open_to(STAFF)
@require_GET
def lvs(request, pk, groep_pk):
    ronde, groep = load_groep(request, pk, groep_pk)
    again, apart = request.GET.get("versie") == "alles", "apart" in request.GET
    found = lvs_export.entries(request.actor, ronde, groep, apart=apart)
    for entry in found:
        entry.words = lvs_export.as_text(entry, again=again)
        entry.rows = min(entry.words.count("\n") + 2, 16)
    context = {
        "ronde": ronde,
        "groep": groep,
        "again": again,
        "apart": apart,
        "entries": [entry for entry in found if entry.words],
        "taken": [entry for entry in found if entry.is_done],
        "behind": [entry for entry in found if entry.behind],
    }
    return render(request, "gesprekken/lvs.html", context)


@open_to(STAFF)
@require_POST
def lvs_file(request, pk, groep_pk):
    """The file, and from now on what is in it counts as taken over."""
    ronde, groep = load_groep(request, pk, groep_pk)
    again = "alles" in request.POST
    of_all = lvs_export.entries(request.actor, ronde, groep, apart="apart" in request.POST)
    found = [entry for entry in of_all if entry.is_new or again and any(entry.chosen(again=True))]
    if not found:
        messages.warning(request, _("Er is niets nieuws voor het LVS."))
        return redirect("lvs", pk=ronde.pk, groep_pk=groep.pk)
    headers, rows = lvs_export.as_table(found, again=again)
    lvs_export.mark_taken(found=found, by=request.actor, now=timezone.now())
    name = f"lvs-{ronde.pk}-{groep.pk}"
    if request.POST.get("vorm") == "xlsx":
        return attachment(workbook([(_("LVS"), headers, rows)]), CONTENT_TYPE, f"{name}.xlsx")
    return attachment(csv_file(headers, rows), CSV_CONTENT_TYPE, f"{name}.csv")


@open_to(STAFF)
@require_POST
def lvs_taken_over(request, pk, groep_pk):
    """Copied by hand: that pupil's text is in the LVS now."""
    ronde, groep = load_groep(request, pk, groep_pk)
    gesprek = row_id(request.POST.get("gesprek", ""))
    of_all = lvs_export.entries(request.actor, ronde, groep, apart="apart" in request.POST)
    found = [entry for entry in of_all if entry.gesprek.pk == gesprek and any(entry.chosen(again=True))]
    lvs_export.mark_taken(found=found, by=request.actor, now=timezone.now())
    if found:
        name = found[0].gesprek.leerling.person.name
        messages.success(request, _("Genoteerd: dit staat in het LVS voor %(name)s.") % {"name": name})
    else:
        messages.warning(request, _("Van dit gesprek is er niets over te nemen. Er is niets veranderd."))
    return redirect("lvs", pk=ronde.pk, groep_pk=groep.pk)


def attachment(content, content_type, name):
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


# --- advice conversations --------------------------------------------------------------------------------------------


def advice_context(request):
    if not may_see_advice_talks(request.actor):
        raise PermissionDenied
    years = list(visible_schooljaren(request.actor).order_by("-starts_on"))
    wanted, today = row_id(request.GET.get("jaar", "")), timezone.localdate()
    now = [year for year in years if year.starts_on <= today <= year.ends_on]
    schooljaar = next((year for year in years if year.pk == wanted), (now or years or [None])[0])
    return {
        "school": request.actor.school,
        "years": years,
        "schooljaar": schooljaar,
        "rows": talks.held(request.actor, schooljaar) if schooljaar else [],
    }


@open_to(STAFF)
@require_GET
def advice_talks(request):
    return render(request, "gesprekken/advice_talks.html", advice_context(request))


@open_to(STAFF)
@require_GET
def advice_talks_pdf(request):
    with paper_language():
        content = render_pdf("gesprekken/advice_talks_pdf.html", advice_context(request))
    return pdf_response(content, "adviesgesprekken.pdf")


@open_to(STAFF)
@require_GET
def advice_talks_xlsx(request):
    headers, rows = talks.as_table(advice_context(request)["rows"])
    return attachment(workbook([(_("Adviesgesprekken"), headers, rows)]), CONTENT_TYPE, "adviesgesprekken.xlsx")
