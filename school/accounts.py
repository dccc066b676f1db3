"""How allauth behaves in this house: no open sign-up, its mail through the outbox, outside accounts matched by address.

Decision 0032 tells when an address that Microsoft or Google sends is believed.
"""

import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from school import access, outbox
from school.models import Person, User

logger = logging.getLogger("gesprekken.accounts")

# What allauth would mail, and the outbox message that says it here. Anything else is not sent.
NOTICES = {
    "account/email/password_changed": "school.password_changed",
    "account/email/password_set": "school.password_changed",
    "account/email/password_reset": "school.password_changed",
    "mfa/email/totp_activated": "school.totp_on",
    "mfa/email/totp_deactivated": "school.totp_off",
    "mfa/email/recovery_codes_generated": "school.codes_made",
    "socialaccount/email/account_connected": "school.account_linked",
    "socialaccount/email/account_disconnected": "school.account_unlinked",
}


def tell_user(message, user):
    """Put a message about a login into the outbox, from one of the schools where this user works."""
    person = Person.objects.filter(user=user).order_by("pk").first()
    if person is None:
        logger.warning("no school to send %s from: this login belongs to nobody at a school", message)
        return None
    return outbox.put_again(message, person, user)


class StaffAccounts(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _l("Dit account staat uit. Vraag het aan de schoolleiding."),
        "email_password_mismatch": _l("Dit e-mailadres en wachtwoord horen niet bij elkaar. Probeer het nog eens."),
        "incorrect_code": _l(
            "Deze code klopt niet. Kijk of de klok van je telefoon goed staat en probeer de nieuwste."
        ),
        "incorrect_password": _l("Dit wachtwoord klopt niet. Probeer het nog eens."),
        "enter_current_password": _l("Dit is niet je huidige wachtwoord. Probeer het nog eens."),
        "too_many_login_attempts": _l(
            "Er is te vaak geprobeerd in te loggen. Wacht vijf minuten en probeer het dan weer."
        ),
        "rate_limited": _l("Dat ging te snel achter elkaar. Wacht een minuut en probeer het dan weer."),
    }

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        """Nothing is sent from a page: a row goes into the outbox, and the worker makes the link when it writes."""
        user = context.get("user")
        if template_prefix == "account/email/password_reset_key" and user is not None:
            tell_user("school.password_reset", user)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        if template_prefix in NOTICES:
            tell_user(NOTICES[template_prefix], user)

    def login(self, request, user):
        """Who signs in wears the hat of work, also where a parent's page stood open in this browser.

        That page is closed: what somebody left open is not a hat of who signs in next.
        """
        access.end_session(request)
        super().login(request, user)

    def get_password_change_redirect_url(self, request):
        return reverse("my_account")


class StaffSecondStep(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _l(
            "Deze code klopt niet. Kijk of de klok van je telefoon goed staat en probeer de nieuwste."
        ),
    }


class StaffSocialAccounts(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request, sociallogin):
        return False

    def pre_social_login(self, request, sociallogin):
        """A verified address of an active member of staff signs that person in; any other is told whom to ask."""
        claims = sociallogin.account.extra_data
        sociallogin.account.extra_data = {}  # names and pictures that Microsoft or Google send along are not kept
        if sociallogin.is_existing:
            sociallogin.account.save(update_fields=["extra_data"])
            return
        verified = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
        user = User.objects.filter(email__in=verified, is_active=True).first()
        if user is None or is_guest(claims):
            self.refuse(request, _("Dit account kennen wij niet. Vraag de schoolleiding om een uitnodiging."))
        if request.user.is_authenticated and request.user.pk != user.pk:
            self.refuse(request, _("Dat is het account van iemand anders. Log eerst uit."))
        sociallogin.connect(request, user)

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        logger.warning(
            "signing in through %s failed: %s", provider.id, type(exception).__name__ if exception else error
        )
        self.refuse(
            request,
            _("Inloggen met een ander account is niet gelukt. Probeer het nog eens, of log in met je wachtwoord."),
        )

    def refuse(self, request, sentence):
        messages.error(request, sentence)
        raise ImmediateHttpResponse(redirect("account_login"))


def facts_about(user):
    """What one's own page tells: second step, recovery codes left, password, linked accounts, what can be linked."""
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return {
        "has_password": user.has_usable_password(),
        "has_second_step": is_mfa_enabled(user, [Authenticator.Type.TOTP]),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "linked": list(user.socialaccount_set.order_by("provider")),
    }


def is_guest(claims):
    """Microsoft marks a guest in the school's tenant with acct=1, and an unproven mail domain with xms_edov=false."""
    for part in (claims, claims.get("userinfo") or {}, claims.get("id_token") or {}):
        if str(part.get("acct", "0")) == "1" or str(part.get("xms_edov", "1")).lower() in ("0", "false"):
            return True
    return False
