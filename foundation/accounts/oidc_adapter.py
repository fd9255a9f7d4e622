"""Sign-in through the organisation's own identity provider (OpenID Connect): who is let in, and as whom.

Nobody gets an account by it. The first time, a person is known by the e-mail address that the provider vouches for; from
then on by the provider's own name for the person, which stays when the address changes.
"""

from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import urlencode

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation import clock
from foundation.accounts.allauth_inside import record_authentication
from foundation.accounts.confirmation import BY_PROVIDER, confirmation_note, is_fresh
from foundation.accounts.models import User
from foundation.accounts.security_mail import SecurityNotice, security_mail_send
from foundation.trail.services import entry_write

VERIFIED = (True, "true")
# What a way to the provider is for, where it only confirms: who is signed in, by number.
CONFIRMS = "confirms"


class OidcAdapter(DefaultSocialAccountAdapter):
    """Lets in whom administrators made an account for, and nobody else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Refuse self-registration."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person whom the provider names, or refuse the sign-in; see to who was only to be confirmed."""
        claims = claims_of(sociallogin)
        if CONFIRMS in sociallogin.state:
            self._confirm(request, sociallogin, claims)
        if not sociallogin.is_existing:
            self._link(request, sociallogin, claims)
        if settings.OIDC_TRUST_MFA and "mfa" in claims.get("amr", []):
            record_authentication(request, sociallogin.user, "mfa", type=BY_PROVIDER)

    def _confirm(self, request: HttpRequest, sociallogin: SocialLogin, claims: dict[str, Any]) -> NoReturn:
        """Take the provider's word that it is still the person who is signed in here, and that it asked just now."""
        state, user = sociallogin.state, request.user
        named = sociallogin.user.pk if sociallogin.is_existing and claims else None
        if not isinstance(user, User) or not user.pk == state[CONFIRMS] == named:
            self._refuse_to_confirm(request, state)
        if not is_fresh(sociallogin.account.extra_data.get("id_token") or {}, state["asked_at"]):
            self._refuse_to_confirm(request, state)
        confirmation_note(request, user)
        raise ImmediateHttpResponse(redirect(way_to_confirm(state)))

    def _refuse_to_confirm(self, request: HttpRequest, state: Mapping[str, Any]) -> NoReturn:
        subject = request.user.full_name if isinstance(request.user, User) else ""
        entry_write(action="accounts.confirmation.refused", actor=None, subject=subject)
        words = _("%(provider)s did not confirm that it is you.") % {"provider": settings.OIDC_NAME}
        messages.error(request, words)
        raise ImmediateHttpResponse(redirect(way_to_confirm(state)))

    def _link(self, request: HttpRequest, sociallogin: SocialLogin, claims: dict[str, Any]) -> None:
        email = str(claims.get("email") or "")
        vouched = claims.get("email_verified") in VERIFIED or settings.OIDC_TRUST_EMAIL
        person = (
            User.objects.filter(email__iexact=email, is_active=True).first() if email and vouched else None
        )
        if person is None:
            self._refuse(request)
        account = sociallogin.account
        with transaction.atomic():
            # The address has one owner; a provider that names another by it has given it on, or was replaced.
            SocialAccount.objects.filter(user=person, provider=account.provider).delete()
            account.user = sociallogin.user = person
            account.save()
            entry_write(action="accounts.identity.linked", actor=person, subject=person.full_name)
            security_mail_send(user=person, notice=SecurityNotice.IDENTITY_LINKED, now=clock.now())

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> NoReturn:
        """Say that it did not work, whatever the reason: called off, out of date, forged, or the provider is away."""
        state = (kwargs.get("extra_context") or {}).get("state") or {}
        if CONFIRMS in state:
            self._refuse_to_confirm(request, state)
        self._refuse(request)

    def _refuse(self, request: HttpRequest) -> NoReturn:
        entry_write(action="accounts.session.refused", actor=None)
        raise ImmediateHttpResponse(refused_page(request))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: the portal's own mail says it."""


def way_to_confirm(state: Mapping[str, Any]) -> str:
    """Return the page that asked for a confirmation, with where the person was going."""
    page, going = reverse("oidc_confirm"), state.get("next")
    return f"{page}?{urlencode({'next': going})}" if going else page


def claims_of(sociallogin: SocialLogin) -> dict[str, Any]:
    """Return what the provider says of the person: the signed claims, and what it answered besides of the same person."""
    data = sociallogin.account.extra_data
    told, signed = data.get("userinfo") or {}, data.get("id_token") or {}
    return {**told, **signed} if told.get("sub") == signed.get("sub") else {}


def refused_page(request: HttpRequest) -> Any:
    """Return the page for a sign-in that the provider or the portal refused."""
    context = {"title": _("Sign-in did not work"), "oidc_name": settings.OIDC_NAME}
    return render(request, "account/oidc_refused.html", context, status=403)
