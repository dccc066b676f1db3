"""How allauth behaves in this house: no open sign-up, its mail through the outbox, outside accounts matched by address."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from school.models import User


class StaffAccounts(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False


class StaffSocialAccounts(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request, sociallogin):
        return False

    def pre_social_login(self, request, sociallogin):
        """A verified address of an active member of staff signs that person in; any other is told whom to ask."""
        if sociallogin.is_existing:
            return
        verified = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
        user = User.objects.filter(email__in=verified, is_active=True).first()
        if user is None:
            messages.error(request, _("Dit account kennen wij niet. Vraag de schoolleiding om een uitnodiging."))
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, user)
