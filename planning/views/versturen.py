"""Sending the invitation, for leadership: whom it reaches, how far it is, holding it back and sending it after all."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from planning.inviting import paper, reach, sending
from planning.views.leiding import load_to_open
from school import unsent
from school.actor import STAFF, open_to
from school.permissions import visible_failed_mail


@open_to(STAFF)
@require_GET
def sending_page(request, pk):
    ronde = load_to_open(request, pk)
    context = {
        "ronde": ronde,
        "sending": sending.progress(ronde),
        "reach": reach.reach_of(ronde),
        "letters": paper.letters_to_print(ronde) if not ronde.is_draft else 0,
        "failed": unsent.lately(visible_failed_mail(request.actor)).exists(),
    }
    return render(request, "planning/sending.html", context)


@open_to(STAFF)
@require_POST
def sending_step(request, pk):
    """Stop, send at once, or send after all what was held back. A page that stood open too long does no harm."""
    ronde = load_to_open(request, pk)
    steps = {"stop": stopped, "nu": at_once, "alsnog": after_all}
    step = steps.get(request.POST.get("stap"))
    if step:
        step(request, ronde)
    return redirect("sending", pk=ronde.pk)


def stopped(request, ronde):
    now = sending.stop(ronde=ronde, by=request.actor)
    if not now.stopped:
        messages.info(request, _("Er was niets meer tegen te houden: alle uitnodigingen waren al weg."))
        return
    sentence = ngettext(
        "Het versturen is gestopt. %(n)s uitnodiging is tegengehouden.",
        "Het versturen is gestopt. %(n)s uitnodigingen zijn tegengehouden.",
        now.stopped,
    ) % {"n": now.stopped}
    if now.sent or now.waiting:
        sentence += " " + ngettext(
            "%(n)s was al weg en is niet meer tegen te houden.",
            "%(n)s waren al weg en zijn niet meer tegen te houden.",
            now.sent + now.waiting,
        ) % {"n": now.sent + now.waiting}
    messages.success(request, sentence)


def at_once(request, ronde):
    if sending.send_now(ronde=ronde, by=request.actor):
        messages.success(request, _("De uitnodigingen gaan nu weg."))
    else:
        messages.info(request, _("Er wachtte niets meer."))


def after_all(request, ronde):
    count = sending.send_rest(ronde=ronde, by=request.actor)
    if count:
        sentence = ngettext("%(n)s uitnodiging gaat nu alsnog weg.", "%(n)s uitnodigingen gaan nu alsnog weg.", count)
        messages.success(request, sentence % {"n": count})
    elif ronde.is_open:
        messages.info(request, _("Iedereen die we kunnen mailen, heeft de uitnodiging al."))
    else:
        messages.warning(request, _("Deze ronde is niet open. Er is niets verstuurd."))
