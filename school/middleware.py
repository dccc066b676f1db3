"""Deny by default: who is asking is found out once, and a page says for whom it is open or is closed to all."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from school import access
from school.actor import ACCOUNT, ANYONE, PERSONAL_CONFIRMED, Actor
from school.languages import choose_language
from school.models import Medewerker, Person

# allauth and Django's admin guard their own pages; everything else is ours and must carry the mark.
GUARDED_ELSEWHERE = ("allauth.", "django.contrib.admin.", "django.views.static", "django.contrib.staticfiles")

# Where nobody is known yet and colleagues come in: no language that only parents' pages are written in.
STAFF_DOORS = (*GUARDED_ELSEWHERE, "config.")


def staff_person(request):
    """The Person this login acts as: the chosen school's, or the only one. None without an active login."""
    if not request.user.is_authenticated:
        return None
    working = Medewerker.objects.active().filter(person__user=request.user)
    people = list(Person.objects.filter(medewerker__in=working).select_related("school").order_by("pk"))
    chosen = request.session.get("person")
    return next((p for p in people if p.pk == chosen), people[0] if people else None)


def find_actor(request):
    """The Actor of this request, or None for a stranger. The last hat put on is the one that is worn."""
    if request.session.get("hat") == "link":
        actor = access.actor_of_session(request)
        if actor is not None:
            return actor
    person = staff_person(request)
    return Actor(person=person, level=ACCOUNT) if person else None


class ReadAsBrowsersWrite:
    """Words come in UTF-8, whatever a request says about itself: other codecs let through what no database stores.

    A cookie with a NUL in it is none of ours; PostgreSQL would refuse to look for it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.encoding = None
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\x00" not in value}
        return self.get_response(request)


class WhoIsAsking:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = None if request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/") else find_actor(request)
        actor = request.actor
        language = choose_language(request, actor and actor.person, for_staff=bool(actor and actor.is_staff))
        zone = request.actor.school.zone if request.actor else None
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        if request.actor is not None:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request, view, args, kwargs):
        levels = getattr(view, "open_to", None) or getattr(getattr(view, "view_class", None), "open_to", None)
        module = getattr(view, "__module__", "")
        if module.startswith(STAFF_DOORS):
            translation.activate(choose_language(request, request.actor and request.actor.person, for_staff=True))
        if levels is None:
            if module.startswith(GUARDED_ELSEWHERE):
                return None
            raise PermissionDenied
        if levels == ANYONE:
            return None
        if request.actor is None:
            if ACCOUNT in levels:
                return redirect_to_login(request.get_full_path())
            return redirect(reverse("link_needed"))
        if request.actor.level in levels:
            return None
        if levels == PERSONAL_CONFIRMED and request.actor.level != ACCOUNT:
            return redirect(f"{reverse('second_step')}?next={request.path}")
        raise PermissionDenied
