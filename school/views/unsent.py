"""Mail that failed, for leadership: to whom, about what and why, and trying again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from school import unsent
from school.actor import STAFF, open_to
from school.permissions import may_see_failed_mail, visible_contacts, visible_failed_mail
from school.row_ids import row_id

SHOWN = 100  # rows on the page; a mail server that was away for a day fails more than anybody reads


def only_for_leadership(actor):
    if not may_see_failed_mail(actor):
        raise PermissionDenied


@open_to(STAFF)
@require_GET
def failed_mail(request):
    only_for_leadership(request.actor)
    found = unsent.lately(visible_failed_mail(request.actor))
    rows = list(found.select_related("recipient__user")[:SHOWN])
    contacts = set(
        visible_contacts(request.actor).filter(pk__in={row.recipient_id for row in rows}).values_list("pk", flat=True)
    )
    context = {
        "rows": [
            {
                "row": row,
                "subject": unsent.subject(row),
                "reason": unsent.reason(row),
                "is_contact": row.recipient_id in contacts,
            }
            for row in rows
        ],
        "total": found.count(),
        "days": unsent.SHOWN_DAYS,
    }
    return render(request, "school/failed_mail.html", context)


@open_to(STAFF)
@require_POST
def try_again(request):
    """One message (`bericht`), or all that the page is about."""
    only_for_leadership(request.actor)
    rows = unsent.lately(visible_failed_mail(request.actor))
    if "bericht" in request.POST:
        rows = rows.filter(pk=row_id(request.POST["bericht"]) or 0)
    count = unsent.try_again(rows, by=request.actor)
    if count:
        sentence = ngettext(
            "%(n)s bericht gaat opnieuw weg. Lukt het weer niet, dan staat het straks weer hier.",
            "%(n)s berichten gaan opnieuw weg. Lukt het weer niet, dan staan ze straks weer hier.",
            count,
        )
        messages.success(request, sentence % {"n": count})
    else:
        messages.info(request, _("Dit bericht was al opnieuw verstuurd."))
    return redirect("failed_mail")
