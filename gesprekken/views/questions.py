"""What is asked beforehand: leadership changes it for a kind of conversation, or chooses from it for one ronde."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from gesprekken.permissions import may_edit_questions, visible_rondes, visible_soorten
from gesprekken.preparing import question_sets
from gesprekken.question_forms import PointFormSet, RondeQuestionsForm, SeenForm
from school.actor import STAFF, open_to

FORM = ["GET", "HEAD", "POST"]
AUDIENCES = {
    "ouder": gettext_lazy("Ouders"),
    "leerling": gettext_lazy("Leerlingen"),
    "leerkracht": gettext_lazy("Leerkrachten"),
}


def audience_from(request):
    asked = request.GET.get("voor", "")
    return asked if asked in AUDIENCES else "ouder"


def changed_meanwhile():
    return _(
        "Een collega veranderde deze vragen net ook. Hieronder staat wat jij schreef; er is niets bewaard. "
        "Open deze pagina opnieuw en breng je wijziging daar aan."
    )


def tell(request, changed):
    if not changed:
        messages.info(request, _("Er was niets te wijzigen."))
        return
    messages.success(
        request, _("De vragen zijn bewaard. Wie al iets invulde, houdt de vragen waarmee hij of zij begon.")
    )


@open_to(STAFF)
@require_http_methods(FORM)
def soort_questions(request, pk):
    """Wording, order, who reads it, left out or added: saved as a new version for everybody who did not begin."""
    if not may_edit_questions(request.actor):
        raise PermissionDenied
    soort = get_object_or_404(visible_soorten(request.actor), pk=pk)
    audience = audience_from(request)
    present = question_sets.of_soort(soort, audience)
    sent = request.POST if request.method == "POST" else None
    formset = PointFormSet(sent, audience=audience, present=present, prefix="p")
    seen = SeenForm(sent, initial={"seen_version": question_sets.version_of(soort, audience)})
    context = {"soort": soort, "formset": formset, "seen": seen}
    if sent is not None and formset.is_valid():
        try:
            changed = question_sets.save_set(
                soort=soort, audience=audience, asked=formset.asked(), seen_version=seen.seen, by=request.actor
            )
        except question_sets.SetChanged:
            return show(request, "gesprekken/questions_soort.html", context, 409, refusal=changed_meanwhile())
        tell(request, changed)
        return redirect(request.get_full_path())
    return show(request, "gesprekken/questions_soort.html", context, 422 if sent is not None else 200)


@open_to(STAFF)
@require_http_methods(FORM)
def ronde_questions(request, pk):
    """Which of the kind's main points this ronde asks, and up to a few of its own."""
    ronde = get_object_or_404(visible_rondes(request.actor).select_related("soort"), pk=pk)
    if not may_edit_questions(request.actor):
        raise PermissionDenied
    audience = audience_from(request)
    sent = request.POST if request.method == "POST" else None
    form = RondeQuestionsForm(
        sent,
        offered=question_sets.offered_to_ronde(ronde, audience),
        initial={"seen_version": question_sets.version_of(ronde.soort, audience, ronde)},
    )
    context = {"ronde": ronde, "form": form}
    if sent is not None and form.is_valid():
        try:
            changed = question_sets.save_set(
                soort=ronde.soort,
                ronde=ronde,
                audience=audience,
                asked=form.points(),
                seen_version=form.seen,
                by=request.actor,
            )
        except question_sets.SetChanged:
            return show(request, "gesprekken/questions_ronde.html", context, 409, refusal=changed_meanwhile())
        tell(request, changed)
        return redirect(request.get_full_path())
    return show(request, "gesprekken/questions_ronde.html", context, 422 if sent is not None else 200)


def show(request, template, context, status, refusal=""):
    tabs = {"audience": audience_from(request), "audiences": AUDIENCES.items(), "refusal": refusal}
    return render(request, template, {**context, **tabs}, status=status)
