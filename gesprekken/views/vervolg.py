"""Too short: plan the next gesprek from this one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods

from gesprekken.aanvragen import AanvraagRefused, askable
from gesprekken.models import Aanvraag, Gesprek
from gesprekken.permissions import (
    askable_leerlingen,
    askable_soorten,
    may_edit_ronde,
    may_follow_up,
    visible_aanvragen,
    visible_rondes,
)
from gesprekken.talking import following
from gesprekken.views.gesprek import followed_by
from gesprekken.views.preparing import load
from school.actor import STAFF, open_to
from school.row_ids import row_id

REFUSED = {
    "no_ronde": _l("In deze ronde kan dit gesprek niet meer. Kies een andere ronde."),
    "week": _l("De ronde begint binnen een week. Schrijf op waarom ouders het zo laat horen."),
    "answered": _l("Een collega heeft hier net op geantwoord."),
    "have_one": _l("Dit gesprek komt er al voor deze leerling."),
}


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_follow_up(request, pk):
    gesprek = load(request, pk)
    if not may_follow_up(request.actor, gesprek):
        raise PermissionDenied
    rondes = visible_rondes(request.actor)
    if request.method != "POST":
        return show(request, gesprek, rondes)
    ronde = rondes.filter(pk=row_id(request.POST.get("ronde")) or 0).first()
    if ronde is None:
        return show(request, gesprek, rondes, _("Kies eerst een ronde."), 422)
    try:
        following.follow_up(gesprek=gesprek, ronde=ronde, by=request.actor, reason=request.POST.get("reden", "")[:300])
    except AanvraagRefused as refused:
        return show(request, gesprek, rondes, REFUSED[refused.reason], 422)
    messages.success(request, _("Het vervolg komt er. De ouders krijgen een uitnodiging en kiezen een tijd."))
    after = followed_by(request.actor, gesprek)["after"] or gesprek
    return redirect("gesprek", pk=after.pk)


def show(request, gesprek, rondes, refusal="", status=200):
    waiting = visible_aanvragen(request.actor).filter(leerling=gesprek.leerling_id, answer=Aanvraag.Answer.WAITING)
    now, teaches = timezone.now(), askable_leerlingen(request.actor).filter(pk=gesprek.leerling_id)
    context = {
        "gesprek": gesprek,
        "waiting": waiting,
        "teaches": teaches.exists(),
        "may_ask": bool(askable(teaches, askable_soorten(request.actor), on=timezone.localdate(now))),
        "may_make": may_edit_ronde(request.actor),
        "rondes": following.rondes_for(gesprek, rondes, now=now),
        "apart": gesprek.party != Gesprek.TOGETHER,
        "follows": followed_by(request.actor, gesprek),
        "refusal": refusal,
        "reason": request.POST.get("reden", ""),
        "chosen": request.POST.get("ronde", ""),
    }
    return render(request, "gesprekken/follow_up.html", context, status=status)
