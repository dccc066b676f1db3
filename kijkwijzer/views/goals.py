"""What a member of staff works on: choosing, changing, ending, and what she worked on before. Hers alone."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kijkwijzer.looking import goals
from kijkwijzer.looking_forms import PractiseForm
from kijkwijzer.permissions import visible_ontwikkelpunten
from kijkwijzer.views.looking import outline_for
from school.actor import STAFF, open_to


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_page(request):
    actor, outline = request.actor, outline_for(request.actor)
    mine = visible_ontwikkelpunten(actor)
    goal = goals.current(mine)
    initial = {"factor": goal.factor, "words": goal.words} if goal else {}
    form = PractiseForm(request.POST or None, outline=outline, initial=initial)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["factor"]
        goals.choose(by=actor, factor=number, words=form.cleaned_data["words"], now=timezone.now())
        name = form.outline_name(number)
        messages.success(request, _("Gekozen: %(factor)s. De volgende terugblik begint daarmee.") % {"factor": name})
        return redirect("terugblikken")
    context = {
        "form": form,
        "outline": outline,
        "goal": goal,
        "factor": outline.factor(goal.factor) if goal else None,
        "earlier": [(row, outline.factor(row.factor)) for row in goals.earlier(mine)],
    }
    return render(request, "kijkwijzer/goals.html", context, status=422 if form.errors else 200)


@open_to(STAFF)
@require_POST
def end_goal(request):
    goals.end(by=request.actor, now=timezone.now())
    messages.success(request, _("Mooi. Het staat nu bij wat je eerder oefende. Kies iets nieuws wanneer je wilt."))
    return redirect("goals")
