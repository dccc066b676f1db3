"""The card with what was agreed: one page, in the language of who it is for, with what concerns her and nothing else."""

from django.http import Http404
from django.utils import translation
from django.views.decorators.http import require_GET

from gesprekken.permissions import readable_gesprekken
from gesprekken.views.gesprek import pdf_response
from gesprekken.views.verslag import load_to_finalise, load_to_read, newest_released, reading
from school.actor import CONFIRMED, PERSONAL_CONFIRMED, STAFF, Actor, open_to
from school.languages import language_of
from school.pdf import render_pdf

FEW = 2  # so many agreements stand on the card in large type


def card_pdf(actor, gesprek):
    """The card of this guardian or pupil, in the language that is spoken now; 404 where nothing concerns her."""
    context = reading(actor, gesprek)
    if not context["agreements"]:
        raise Http404
    context["is_pupil"] = actor.person.pk == gesprek.leerling.person_id
    context["few"] = len(context["agreements"]) <= FEW
    return pdf_response(render_pdf("gesprekken/agreements_card_pdf.html", context), f"afspraken-{gesprek.pk}.pdf")


@open_to(PERSONAL_CONFIRMED)
@require_GET
def agreements_card(request, pk):
    return card_pdf(request.actor, load_to_read(request, pk))


@open_to(STAFF)
@require_GET
def agreements_card_print(request, pk, person_pk):
    """For on paper: exactly the card that this guardian or pupil would get herself, in her language."""
    gesprek = load_to_finalise(request, pk)
    newest_released(request, gesprek)
    taking_part = gesprek.deelnames.select_related("person__school")
    deelname = next((row for row in taking_part if row.person_id == person_pk), None)
    if deelname is None:
        raise Http404
    reader = Actor(person=deelname.person, level=CONFIRMED)
    if not readable_gesprekken(reader).filter(pk=gesprek.pk).exists():
        raise Http404
    with translation.override(language_of(reader.person)):
        return card_pdf(reader, gesprek)
