"""Passwords: the link with which somebody chooses one (never kept), and what makes one good enough, in our words."""

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import password_validation as django_validation
from django.urls import reverse
from django.utils.translation import gettext as _


def choose_password_url(user):
    """A fresh address on which this user chooses a password. It stops working once used, or after a week."""
    token = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": token})
    return f"{settings.BASE_URL}{path}"


class LongEnough(django_validation.MinimumLengthValidator):
    def get_error_message(self):
        return _("Dit wachtwoord is te kort. Neem minstens %(n)s tekens.") % {"n": self.min_length}

    def get_help_text(self):
        return _("Neem minstens %(n)s tekens.") % {"n": self.min_length}


class NotCommon(django_validation.CommonPasswordValidator):
    def get_error_message(self):
        return _("Dit wachtwoord gebruiken veel mensen. Kies er een dat alleen jij kent.")

    def get_help_text(self):
        return _("Neem geen wachtwoord dat veel mensen gebruiken.")


class NotLikeMe(django_validation.UserAttributeSimilarityValidator):
    def get_error_message(self):
        return _("Dit wachtwoord lijkt te veel op je e-mailadres. Kies iets anders.")

    def get_help_text(self):
        return _("Laat het niet op je e-mailadres lijken.")
