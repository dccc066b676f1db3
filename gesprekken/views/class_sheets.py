"""The sheet with the pupil's questions for in class: for one pupil, or for the whole group."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gesprekken.permissions import visible_gesprekken, visible_rondes
from gesprekken.preparing import class_sheets as sheets
from gesprekken.views.gesprek import pdf_response
from school.actor import STAFF, open_to
from school.permissions import visible_groepen


@open_to(STAFF)
@require_GET
def class_sheet(request, pk):
    gesprekken = visible_gesprekken(request.actor).filter(pk=pk)
    gesprek = get_object_or_404(gesprekken)
    content = sheets.class_sheets(gesprekken=gesprekken, by=request.actor)
    if content is None:
        messages.info(request, _("Deze leerling is niet uitgenodigd voor het gesprek."))
        return redirect("gesprek", pk=gesprek.pk)
    return pdf_response(content, f"invulblad-{gesprek.pk}.pdf")


@open_to(STAFF)
@require_GET
def class_sheets(request, pk, groep_pk):
    ronde = get_object_or_404(visible_rondes(request.actor), pk=pk)
    groep = get_object_or_404(visible_groepen(request.actor).filter(ronde_groepen__ronde=ronde), pk=groep_pk)
    gesprekken = visible_gesprekken(request.actor).filter(ronde=ronde, groep=groep)
    content = sheets.class_sheets(gesprekken=gesprekken, by=request.actor)
    if content is None:
        messages.info(request, _("In deze groep zijn leerlingen niet uitgenodigd voor het gesprek."))
        return redirect("ronde_groep", pk=ronde.pk, groep_pk=groep.pk)
    return pdf_response(content, f"invulbladen-{groep.pk}.pdf")
