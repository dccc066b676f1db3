"""How the guardians of one child take part: together, apart, or one hears afterwards; also while a ronde is open."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from gesprekken.permissions import visible_gesprekken
from planning.around import families
from planning.around_forms import FamilyForm
from planning.inviting import followup
from planning.permissions import may_arrange_family, visible_guardians
from planning.views import refusals
from planning.views.unreached import tell_yourself
from school import people
from school.actor import STAFF, open_to
from school.permissions import visible_leerlingen


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def family(request, pk):
    leerling = get_object_or_404(visible_leerlingen(request.actor).select_related("person"), pk=pk)
    if not may_arrange_family(request.actor, leerling):
        raise PermissionDenied
    relaties = visible_guardians(request.actor, leerling)
    form = FamilyForm(request.POST if request.method == "POST" else None, relaties=relaties)
    if request.method == "POST" and form.is_valid() and rearranged(request, leerling, form):
        return redirect("family", pk=pk)
    rows = followup.standings(
        visible_gesprekken(request.actor).filter(leerling=leerling, ronde__state="open", held_on__isnull=True)
    )
    context = {
        "leerling": leerling,
        "siblings": [child for child in people.same_guardians(leerling) if child.pk != leerling.pk],
        "form": form,
        "rows": [row for row in rows if row.is_ahead(timezone.now())],
        "back": rows[0].gesprek if rows else None,
    }
    return render(request, "planning/family.html", context, status=422 if form.errors else 200)


def rearranged(request, leerling, form):
    """Hand the form to the verb; a refusal becomes a sentence on the form that says what to do."""
    try:
        done = families.rearrange(
            leerling=leerling, ways=form.ways(), by=request.actor, reason=form.cleaned_data["reason"]
        )
    except people.NobodyTalks:
        form.add_error(
            None, _("Er moet iemand meepraten. Kies voor minstens één ouder 'praat mee' of 'eigen gesprek'.")
        )
        return False
    except families.FamilyRefused as refused:
        about = {
            "ronde": refused.gesprek.ronde.name,
            "child": refused.gesprek.leerling.person.first_name,
            "name": refused.person.name if refused.person else "",
        }
        form.add_error("reason" if refused.reason == "week" else None, refusals.FAMILY[refused.reason] % about)
        return False
    messages.success(request, told_sentence(done))
    for person in done.to_tell:
        messages.warning(
            request,
            tell_yourself(person) + " " + _("Of print een nieuwe brief."),
        )
    for ronde in done.stayed:
        messages.warning(
            request, _("In ‘%(name)s’ is al een gesprek geweest. Daar blijft het zoals het was.") % {"name": ronde.name}
        )
    return True


def told_sentence(done):
    names = ", ".join(child.person.first_name for child in done.children)
    sentence = _("Bewaard voor %(names)s. Dit geldt ook voor volgende rondes.") % {"names": names}
    if not done.by_mail:
        return sentence
    mailed = ngettext("%(people)s krijgt bericht.", "%(people)s krijgen elk een eigen bericht.", len(done.by_mail)) % {
        "people": ", ".join(person.name for person in done.by_mail)
    }
    return f"{sentence} {mailed}"
