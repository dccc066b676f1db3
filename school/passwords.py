"""The link with which somebody chooses a password. Made when it is written down, never kept."""

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse


def choose_password_url(user):
    """A fresh address on which this user chooses a password. It stops working once used, or after a week."""
    token = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": token})
    return f"{settings.BASE_URL}{path}"
