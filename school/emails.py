"""Mail of the ground floor: the second step's code, and what allauth wants to tell members of staff."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from school import access, discretion, passwords, registry
from school.models import ContactReport, Medewerker, SecondStep, User
from school.outbox import Mail


def in_both_parts(template, context):
    """Text and html of `mail/<template>.txt` and `.html`, as two values."""
    return render_to_string(f"mail/{template}.txt", context).strip() + "\n", render_to_string(
        f"mail/{template}.html", context
    )


@registry.mail("school.second_step")
def second_step(row):
    step = SecondStep.objects.filter(pk=row.object_id, used_at__isnull=True).first()
    if step is None:
        return None
    code = access.make_code(step)
    text, html = in_both_parts("second_step", {"code": code, "school": row.school})
    return Mail(
        subject=_("Uw code voor de gesprekken van %(school)s") % {"school": row.school.name}, text=text, html=html
    )


@registry.mail("school.contact_changed")
def contact_changed(row):
    """To the address that was there before: that it or the telephone number was changed, never into what."""
    report = ContactReport.objects.filter(pk=row.object_id, accepted=True).exclude(email_before="").first()
    if report is None:
        return None
    context = {
        "school": row.school,
        "name": discretion.harmless(row.recipient.name),
        "at": timezone.localtime(report.decided_at),
        "has_moved": report.has_moved,
    }
    text, html = in_both_parts("contact_changed", context)
    subject = (
        _("Uw e-mailadres bij %(school)s is veranderd")
        if report.has_moved
        else _("Uw telefoonnummer bij %(school)s is veranderd")
    )
    return Mail(subject=subject % {"school": row.school.name}, text=text, html=html, to=report.email_before)


def sign_in_url():
    return f"{settings.BASE_URL}{reverse('account_login')}"


# --- accounts of members of staff: always to the address of the login itself ------------------------------------------


@registry.mail("school.staff_invitation")
def staff_invitation(row):
    medewerker = Medewerker.objects.select_related("person__user").filter(pk=row.object_id).active().first()
    user = medewerker.person.user if medewerker else None
    if user is None or not user.is_active:
        return None
    context = {
        "name": medewerker.person.first_name,
        "school": row.school,
        "has_password": user.has_usable_password(),
        "url": sign_in_url() if user.has_usable_password() else passwords.choose_password_url(user),
    }
    text, html = in_both_parts("staff_invitation", context)
    subject = _("Je toegang tot de gesprekken van %(school)s") % {"school": row.school.name}
    return Mail(subject=subject, text=text, html=html, to=user.email)


@registry.mail("school.password_reset")
def password_reset(row):
    user = User.objects.filter(pk=row.object_id, is_active=True).first()
    if user is None:
        return None
    context = {"school": row.school, "url": passwords.choose_password_url(user)}
    text, html = in_both_parts("password_reset", context)
    return Mail(subject=_("Kies een nieuw wachtwoord"), text=text, html=html, to=user.email)


NOTICES = {
    "school.password_changed": _l("Je wachtwoord is gewijzigd."),
    "school.totp_on": _l("De tweede stap bij het inloggen staat aan."),
    "school.totp_off": _l("De tweede stap bij het inloggen staat uit."),
    "school.codes_made": _l("Er zijn nieuwe herstelcodes gemaakt."),
    "school.account_linked": _l("Je kunt nu ook inloggen met een ander account (Microsoft of Google)."),
    "school.account_unlinked": _l("Inloggen met een ander account (Microsoft of Google) kan niet meer."),
}


def notice(row):
    """What changed about signing in, and whom to call when it was not you."""
    user = User.objects.filter(pk=row.object_id).first()
    if user is None:
        return None
    context = {"school": row.school, "what": NOTICES[row.message], "at": timezone.localtime(row.created_at)}
    text, html = in_both_parts("account_notice", context)
    return Mail(subject=_("Er is iets veranderd aan je account"), text=text, html=html, to=user.email)


for _message in NOTICES:
    registry.mail(_message)(notice)
