"""The demo's own pages: who to sign in as, and the mail the school sent. They exist in demo mode only."""

import re

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from config import mailbox
from school import access
from school.actor import ANYONE, open_to
from school.models import Person, School

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def in_demo_only(view):
    def inner(request, *args, **kwargs):
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return open_to(ANYONE)(inner)


@in_demo_only
@require_GET
def start(request):
    school = School.objects.order_by("pk").first()
    staff = (
        Person.objects.filter(school=school, user__isnull=False, medewerker__isnull=False)
        .prefetch_related("rollen", "medewerker__groepen")
        .order_by("pk")
    )
    leiding = [p for p in staff if p.rollen.all()]
    teachers = [p for p in staff if not p.rollen.all()]
    return render(request, "config/demo_start.html", {"demo_school": school, "leiding": leiding, "teachers": teachers})


@in_demo_only
@require_POST
def sign_in_as(request, pk):
    person = get_object_or_404(Person, pk=pk, user__isnull=False)
    access.end_session(request)
    login(request, person.user, backend=BACKEND)
    return redirect("home")


def load(name):
    mail = mailbox.find(name)
    if mail is None:
        raise Http404
    return mail


def with_links(text):
    """Plain text with its addresses on this site made clickable; everything else stays text."""
    base = re.escape(escape(settings.BASE_URL))
    return mark_safe(re.sub(rf"({base}/[^\s&]+)", r'<a href="\1">\1</a>', escape(text)))  # noqa: S308 - escaped


@in_demo_only
@require_GET
def inbox(request):
    wanted = request.GET.get("q", "").strip().lower()
    mails = [
        {"name": name, "to": m["to"], "subject": m["subject"], "date": mailbox.sent_at(m)}
        for name, m in mailbox.newest_first()
    ]
    found = [m for m in mails if wanted in f"{m['to']} {m['subject']}".lower()]
    return render(request, "config/demo_inbox.html", {"mails": found[:100], "total": len(found), "q": wanted})


@in_demo_only
@require_GET
def message(request, name):
    mail = load(name)
    body = mail.get_body(preferencelist=("plain",))
    context = {
        "name": name,
        "mail": mail,
        "body": with_links(body.get_content() if body else ""),
        "attachments": [part.get_filename() or "agenda.ics" for part in mail.iter_attachments()],
    }
    return render(request, "config/demo_mail.html", context)


@in_demo_only
@require_GET
def attachment(request, name, number):
    parts = list(load(name).iter_attachments())
    if number >= len(parts):
        raise Http404
    part = parts[number]
    response = HttpResponse(part.get_payload(decode=True), content_type=part.get_content_type())
    response["Content-Disposition"] = f'attachment; filename="{part.get_filename() or "agenda.ics"}"'
    return response
