"""The doors: home, a personal link, a code from paper, the second step, changing hats."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from school import access, alive
from school.actor import ANYONE, PERSONAL, open_to
from school.forms import CodeForm, DigitsForm
from school.languages import choose_language as language_for


def landing_of(actor):
    """The URL name of the first screen of this actor."""
    if actor.is_pupil:
        return "pupil_page"
    if actor.level in PERSONAL:
        return "my_page"
    return "overview" if actor.is_leiding and not actor.groep_ids else "today"


@open_to(ANYONE)
@require_GET
def home(request):
    if request.actor:
        return redirect(landing_of(request.actor))
    if settings.DEMO:
        translation.activate(language_for(request, None, for_staff=True))
        return resolve(reverse("demo_start")).func(request)
    return render(request, "school/home.html")


@open_to(ANYONE)
@require_GET
def health(request):
    """Whether the database answers and mail and jobs do not pile up; for a monitor, in words without data."""
    trouble = alive.trouble()
    text = f"niet gezond: {trouble}\n" if trouble else "gezond\n"
    return HttpResponse(text, status=503 if trouble else 200, content_type="text/plain; charset=utf-8")


@open_to(ANYONE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request, token):
    """GET changes nothing, not even a session: mail scanners open every link. The button makes the session."""
    found = access.find_link(token)
    if found is None:
        return render(request, "school/link_gone.html", status=404)
    if request.method != "POST":
        # Before the session begins her link already says who reads here.
        translation.activate(language_for(request, found.person))
        return render(request, "school/link.html", {"person": found.person, "school": found.person.school})
    access.begin_session(request, found)
    return HttpResponseRedirect(next_page(request))


@open_to(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def code(request):
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = access.find_link(form.cleaned_data["code"])
        if found:
            access.begin_session(request, found)
            return redirect("home")
        form.add_error("code", _("Deze code kennen we niet, of hij is verlopen. Kijk de letters nog eens na."))
    return render(request, "school/code.html", {"form": form}, status=422 if form.errors else 200)


@open_to(ANYONE)
@require_GET
def link_needed(request):
    return render(request, "school/link_needed.html")


def next_page(request):
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else "/"


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request):
    """A code to the registered address; without an address the school hands one over."""
    person = request.actor.person
    form = DigitsForm(request.POST if "code" in request.POST else None)
    if request.method == "POST":
        try:
            if "code" not in request.POST:
                access.ask_second_step(person)
                messages.success(request, _("Wij hebben een code gestuurd. Kijk in uw mail."))
                return HttpResponseRedirect(f"{request.path}?verstuurd=1&next={next_page(request)}")
            if form.is_valid():
                access.confirm(person, form.cleaned_data["code"])
                return remember(request, HttpResponseRedirect(next_page(request)), form.cleaned_data["remember"])
        except access.SecondStepRefused as refusal:
            form = form if form.is_bound else DigitsForm({"code": ""})
            form.errors.pop("code", None)
            form.add_error("code", REFUSALS[refusal.reason])
    context = {"form": form, "next": next_page(request), "sent": "verstuurd" in request.GET or form.is_bound}
    context["masked_address"] = mask_address(person.email)
    return render(request, "school/second_step.html", context, status=422 if form.errors else 200)


REFUSALS = {
    "wrong": _l("Deze code klopt niet. Probeer het nog eens, of vraag een nieuwe code."),
    "expired": _l("Deze code is niet meer geldig. Vraag een nieuwe code."),
    "too_many": _l("Er is te vaak een code gevraagd of geprobeerd. Wacht een uur, of bel de school."),
}


def remember(request, response, wanted):
    request.session["confirmed"] = True
    renew_key(request.session)
    if wanted:
        response.set_cookie(
            access.DEVICE_COOKIE,
            access.trust_device(request.actor.person),
            max_age=settings.TRUSTED_DEVICE_DAYS * 86400,
            httponly=True,
            secure=settings.PRODUCTION,
            samesite="Lax",
        )
    return response


def renew_key(session):
    """A new key for the confirmed session. The one before stays as it was, a bare link: a second tap may still carry it."""
    kept = dict(session.items())
    session.create()
    session.update(kept)


def mask_address(address):
    """a***@voorbeeld.nl: enough to know which mailbox to open, too little to learn an address."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}***@{domain}" if at else ""


@open_to(ANYONE)
@require_POST
def switch_hat(request):
    """From one's own parent page back to work, or the other way; only hats that were put on in this session."""
    if request.session.get("hat") == "link" and request.user.is_authenticated:
        request.session["hat"] = "account"
    elif request.session.get("link_person"):
        request.session["hat"] = "link"
    return redirect("home")


@open_to(ANYONE)
@require_POST
def leave(request):
    """Close the personal page in this browser; the link in the mail opens it again."""
    access.end_session(request)
    return redirect("home")


@open_to(ANYONE)
@require_POST
def choose_language(request):
    response = HttpResponseRedirect(next_page(request))
    wanted = request.POST.get("language")
    if wanted in request.languages:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=180 * 86400, samesite="Lax", httponly=True)
    return response
