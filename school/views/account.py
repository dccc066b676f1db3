"""One's own account: password, second step, language, and the schools where one works."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from school import accounts, people
from school.actor import STAFF, open_to
from school.forms import LanguageForm, WorkdaysForm
from school.languages import languages_of
from school.permissions import own_hats


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def my_account(request):
    person = request.actor.person
    offered = languages_of(request.actor.school, for_staff=True)
    form = LanguageForm(request.POST or None, initial={"language": person.language}, languages=offered)
    if request.method == "POST" and form.is_valid():
        people.change_person(person=person, values=form.cleaned_data, by=request.actor)
        response = redirect("my_account")
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    medewerker = request.actor.person.medewerker
    context = {"form": form, "hats": own_hats(request.actor), **accounts.facts_about(request.user)}
    context["workdays"] = WorkdaysForm(initial={"days": list(medewerker.workdays)})
    return render(request, "school/my_account.html", context, status=422 if form.errors else 200)


@open_to(STAFF)
@require_POST
def my_workdays(request):
    form = WorkdaysForm(request.POST)
    if form.is_valid():
        people.set_workdays(
            medewerker=request.actor.person.medewerker, days=form.cleaned_data["days"], by=request.actor
        )
        messages.success(request, _("Je werkdagen zijn bewaard. Tijden die je al gaf, blijven staan."))
    else:
        messages.error(request, _("Er is niets bewaard. Kies dagen uit de lijst."))
    return redirect("my_account")


@open_to(STAFF)
@require_POST
def sign_out_everywhere(request):
    """End every other session of this login, calendars too; the page one is looking at stays."""
    people.sign_out_everywhere(request.user)
    request.user.refresh_from_db(fields=["session_round"])
    update_session_auth_hash(request, request.user)
    messages.success(request, _("Je bent op alle andere apparaten uitgelogd."))
    return redirect("my_account")


@open_to(STAFF)
@require_POST
def choose_school(request, pk):
    hat = get_object_or_404(own_hats(request.actor), pk=pk)
    request.session["person"] = hat.pk
    return redirect("home")
