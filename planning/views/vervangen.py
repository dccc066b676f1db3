"""A colleague is away: somebody takes over all her gesprekken; leadership looks first, then acts, and can undo it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from gesprekken.permissions import visible_rondes
from planning.around import substitute
from planning.day_forms import ReplaceForm, TakeOverForm
from planning.permissions import may_replace, replaceable_staff, visible_replacements
from planning.views import refusals
from school.actor import STAFF, open_to
from school.row_ids import row_id


def leadership_only(request):
    if not may_replace(request.actor):
        raise PermissionDenied


def rondes_of(request):
    return visible_rondes(request.actor).exclude(state="closed").order_by("starts_on")


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request):
    """Who is away and who takes over; below it what was taken over before."""
    leadership_only(request)
    form = ReplaceForm(
        request.POST if request.method == "POST" else None,
        staff=replaceable_staff(request.actor),
        rondes=rondes_of(request),
        initial={"absent": row_id(request.GET.get("wie"))},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        url = reverse("take_over", args=[data["absent"].pk, data["replacement"].pk])
        return redirect(f"{url}?ronde={data['ronde'].pk}" if data["ronde"] else url)
    context = {"form": form, "recent": substitute.recent(request.actor.school)}
    return render(request, "planning/substitute.html", context, status=422 if form.errors else 200)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def take_over(request, absent_pk, replacement_pk):
    """Everything that would go over, and the button that does it."""
    leadership_only(request)
    staff = replaceable_staff(request.actor)
    absent, replacement = get_object_or_404(staff, pk=absent_pk), get_object_or_404(staff, pk=replacement_pk)
    wanted = row_id(request.POST.get("ronde") or request.GET.get("ronde"))
    rondes = [get_object_or_404(rondes_of(request), pk=wanted)] if wanted else None
    form = TakeOverForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            done = substitute.take_over(
                absent=absent, replacement=replacement, rondes=rondes, by=request.actor, **form.cleaned_data
            )
        except substitute.SubstituteRefused as refused:
            refusal = refusals.SUBSTITUTE[refused.reason]
        else:
            messages.success(request, sentence(done))
            return redirect("substitute")
    found = substitute.foresee(absent=absent, replacement=replacement, rondes=rondes)
    return show(request, found, form, refusal, ronde=rondes[0] if rondes else None)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request, pk):
    """Undo: what is still to come goes back to who had it."""
    leadership_only(request)
    event = get_object_or_404(visible_replacements(request.actor), pk=pk)
    form = TakeOverForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            done = substitute.give_back(event=event, by=request.actor, **form.cleaned_data)
        except substitute.SubstituteRefused as refused:
            refusal = refusals.SUBSTITUTE[refused.reason]
        else:
            messages.success(request, sentence(done))
            return redirect("substitute")
    return show(request, substitute.foresee_back(event=event, now=timezone.now()), form, refusal, back=True)


def show(request, found, form, refusal, ronde=None, back=False):
    clashes = {clash.gesprek.pk: clash for clash in found.clashes}
    context = {
        "found": found,
        "lines": [(booking, clashes.get(booking.gesprek_id)) for booking in found.bookings],
        "others": [clash for clash in found.clashes if clash.starts_at is None],
        "form": form,
        "refusal": refusal,
        "ronde": ronde,
        "back": back,
    }
    return render(request, "planning/take_over.html", context, status=409 if refusal else 200)


def sentence(done):
    n = len(done.gesprekken)
    words = ngettext(
        "%(name)s heeft nu %(n)s gesprek overgenomen.", "%(name)s heeft nu %(n)s gesprekken overgenomen.", n
    ) % {"name": done.replacement.person.name, "n": n}
    if done.bookings:
        words += " " + _("Ouders met een tijd krijgen één bericht: zelfde tijd, een andere leerkracht.")
    return words
