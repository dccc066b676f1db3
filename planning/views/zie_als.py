"""A parent's page as she would see it, for who writes the invitation: to look at, with nothing to press."""

import re

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from gesprekken.permissions import visible_rondes
from planning.inviting import examples, texts
from planning.inviting.rehearsal import rehearsed
from planning.permissions import may_edit_invitation, visible_examples
from planning.views import ouder
from school.actor import LINK, STAFF, Actor, open_to
from school.row_ids import row_id

# What could lead somewhere or send something. Values in our templates are escaped, so a tag ends at its first '>'.
LEADS = re.compile(r'\s(?:href|action|method|formaction|hx-[a-z-]+)="(?!#)[^"]*"')
LINKS = re.compile(r"<(?:a|form)\b[^>]*>")
FIELDS = re.compile(r"<input\b[^>]*>")
PRESSED = re.compile(r"<(button|select|textarea)\b")


@open_to(STAFF)
@require_GET
def see_as(request, pk, person_pk):
    ronde = get_object_or_404(visible_rondes(request.actor).select_related("school"), pk=pk)
    if not may_edit_invitation(request.actor):
        raise PermissionDenied
    groepen = list(examples.groepen_for(ronde))
    families = examples.pick(visible_examples(request.actor, groepen).filter(person=row_id(str(person_pk))))
    if not families:
        raise Http404
    was_draft = ronde.is_draft
    with rehearsed(ronde, families[0].children), translation.override(texts.language_for(families[0].person)):
        page = ouder.my_page(asked_by(families[0].person)).content.decode()
    about = {"ronde": ronde, "family": families[0], "was_draft": was_draft}
    banner = render_to_string("planning/see_as_banner.html", about, request=request)
    return HttpResponse(lifeless(page).replace("<main ", f"{banner}<main ", 1))


def asked_by(person):
    """A request as this guardian's own, that nobody sent: without a session, a cookie or a message of who looks."""
    request = HttpRequest()
    request.method, request.path = "GET", reverse("my_page")
    request.actor = Actor(person, LINK)
    return request


def lifeless(page):
    """The same page with links that lead nowhere, and buttons and fields that cannot be pressed."""
    page = LINKS.sub(lambda tag: LEADS.sub("", tag.group()), page)
    return PRESSED.sub(r"<\1 disabled", FIELDS.sub("", page))
