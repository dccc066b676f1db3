"""Two teachers divide the pupils of their group between them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from gesprekken.parties import deal_parts, leerlingen_of
from gesprekken.permissions import visible_gesprekken, visible_rondes
from planning.inviting import followup
from planning.permissions import may_divide, visible_duo
from planning.times import parts as verbs
from school.actor import STAFF, open_to
from school.permissions import visible_groepen
from school.row_ids import row_id


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def parts(request, pk, groep_pk):
    """Who has whom: by name in turn to begin with, changed here as long as no time has been chosen."""
    ronde = get_object_or_404(visible_rondes(request.actor).select_related("school"), pk=pk)
    groep = get_object_or_404(visible_groepen(request.actor).filter(ronde_groepen__ronde=ronde), pk=groep_pk)
    if not may_divide(request.actor, groep):
        raise PermissionDenied
    if not verbs.is_divided(ronde, groep):
        raise Http404
    teachers = {m.pk: m for m in visible_duo(request.actor, groep)}
    refusal = ""
    if request.method == "POST":
        chosen = {}
        for name, value in request.POST.items():
            gesprek, teacher = row_id(name.removeprefix("met_")), teachers.get(row_id(value))
            if name.startswith("met_") and gesprek and teacher:
                chosen[gesprek] = teacher
        try:
            n = verbs.divide(ronde=ronde, groep=groep, chosen=chosen, by=request.actor)
        except verbs.PartsRefused as refused:
            refusal = _(
                "Voor %(names)s is net een tijd gekozen. Er is nog niets veranderd; kijk het na en bewaar opnieuw."
            )
            refusal %= {"names": ", ".join(refused.names)}
        else:
            sentence = ngettext(
                "%(n)s gesprek is van leerkracht gewisseld.", "%(n)s gesprekken zijn van leerkracht gewisseld.", n
            )
            told = _("Ouders zien bij het kiezen met wie het gesprek is.")
            messages.success(request, f"{sentence % {'n': n}} {told}" if n else _("Er was niets te wijzigen."))
            return redirect("ronde_groep", pk=pk, groep_pk=groep_pk)
    rows = followup.standings(visible_gesprekken(request.actor).filter(ronde=ronde, groep=groep))
    context = {
        "ronde": ronde,
        "groep": groep,
        "teachers": list(teachers.values()),
        "rows": rows,
        "foreseen": foreseen(ronde, groep, teachers) if ronde.is_draft else [],
        "refusal": refusal,
    }
    return render(request, "planning/parts.html", context, status=409 if refusal else 200)


def foreseen(ronde, groep, teachers):
    """(pupil, teacher) as the division will begin when the ronde opens."""
    pairs = [pair for pair in leerlingen_of(ronde) if pair[1].pk == groep.pk]
    dealt = deal_parts(ronde, pairs)
    return [(leerling, teachers.get(dealt.get(leerling.pk))) for leerling, _groep in pairs]
