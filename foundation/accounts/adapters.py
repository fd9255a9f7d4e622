"""How sign-in behaves here: what django-allauth does otherwise, and what it writes to the trail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.accounts.confirmation import confirmed_lately, is_known_to_provider, shown_lately
from foundation.accounts.known_browsers import is_known_to, remember
from foundation.accounts.models import User
from foundation.accounts.organisation import absolute_url
from foundation.accounts.security_mail import SecurityNotice, security_mail_send
from foundation.accounts.services.sessions import sessions_end_others
from foundation.accounts.session_store import store_of
from foundation.trail.middleware import client_address
from foundation.trail.services import entry_write

NOTHING_TO_SHOW = _(
    "This step matters, so you would have to prove once more who you are, and this account has nothing to prove it by: "
    "neither password nor second factor. Sign out, choose “Forgot your password?” and set one by mail."
)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: people are invited or imported. Whoever comes, goes or is refused is in the trail."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _("Too many failed tries. Wait five minutes, or set a new password."),
        "too_many_codes": _("Too many failed tries. Wait five minutes."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse self-registration."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer with pages, never with JSON: this is no API."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Go on, after sign-in, to pages of the host that was asked and nowhere else."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that limits are counted by; on a unix socket without a proxy there is none."""
        return request.META.get("REMOTE_ADDR") or "unknown"

    def login(self, request: HttpRequest, user: User) -> None:
        """Open a session under a new key, and keep from where; a browser that the person never used is told by mail."""
        is_new = user.last_login is not None and not is_known_to(request, user.pk)
        with transaction.atomic():
            super().login(request, user)
            store_of(request).note_client(
                ip_address=client_address(request), user_agent=request.headers.get("User-Agent", "")
            )
            entry_write(action="accounts.session.opened", actor=user, subject=user.full_name)
            if is_new:
                security_mail_send(user=user, notice=SecurityNotice.NEW_BROWSER, now=clock.now())

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Go on, and let the browser be known from now on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember(request, response, user.pk)
        return response

    def logout(self, request: HttpRequest) -> None:
        """Close the session."""
        user = request.user
        with transaction.atomic():
            super().logout(request)
            if isinstance(user, User):
                entry_write(action="accounts.session.closed", actor=user, subject=user.full_name)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep whom someone tried to be. What was typed is not kept: it may be a password in the wrong field."""
        known = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        entry_write(action="accounts.session.refused", actor=None, subject=known.full_name if known else "")

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Ask again before second factors change, unless the person has shown password or factor just now.

        A provider lets in whoever sits there unasked, so to come from it shows nothing. Whoever has neither password nor factor is sent on at once: where this returns True, allauth lets them pass.
        """
        request = context.request
        if app == "allauth.mfa" and shown_lately(request):
            return False
        if not super().get_reauthentication_methods(request.user) and not confirmed_lately(request):
            if is_known_to_provider(request.user):
                raise ReauthenticationRequired
            raise PermissionDenied(NOTHING_TO_SHOW)
        return True

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return what a person may show once more; the organisation's provider last."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and is_known_to_provider(user):
            words = _("Use %(provider)s") % {"provider": settings.OIDC_NAME}
            methods.append({"id": "oidc", "description": words, "url": reverse("oidc_confirm")})
        return methods

    def set_password(self, user: User, password: str) -> None:
        """Keep a new password; every other session of the person ends."""
        own = context.request.user.is_authenticated
        with transaction.atomic():
            user.set_password(password)
            user.save(update_fields=["password"])
            sessions_end_others(user=user)
            action = "accounts.password.changed" if own else "accounts.password.reset"
            entry_write(action=action, actor=user, subject=user.full_name)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to where the password stands."""
        return reverse("mfa_index")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a password-reset mail, on the configured base URL: the Host header may be forged."""
        user_part, token = key.split("-", 1)
        return absolute_url(reverse("account_reset_password_from_key", args=[user_part, token]))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failed tries by person alone; allauth counts by person and Host header, which the sender chooses."""
        return str(credentials.get("email", "")).lower()
