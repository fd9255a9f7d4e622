"""Lets a request run as its person: from the right address, after set-up, signed in, in the person's time zone."""

from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from foundation import clock
from foundation.accounts import second_factor
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.organisation import current_organisation
from foundation.accounts.put_off import put_off
from foundation.accounts.reading import reading_as
from foundation.accounts.session_store import acting_in, store_of
from foundation.trail.middleware import client_address

OPEN_BEFORE_SETUP = ("/setup/", "/healthz", "/static/")

# What a person may open who must set up a second factor first, or show it.
OPEN_WITHOUT_FACTOR = frozenset(
    {
        "accounts:second-factor",
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "oidc_confirm",
        "oidc_confirm_go",
        "openid_connect_callback",
        "ui:theme",
    }
)


class ClientAddressMiddleware:
    """Let REMOTE_ADDR be the client's where proxies stand in front (TRUSTED_PROXY_COUNT): limits and trail use it.

    Each proxy appends whom it heard from to X-Forwarded-For, so the client's address is that many places from its end;
    whatever stands before it was written by the client.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = settings.TRUSTED_PROXY_COUNT
        heard = request.headers.get("X-Forwarded-For", "").split(",")
        if count and len(heard) >= count:
            with suppress(ValueError):
                request.META["REMOTE_ADDR"] = str(ip_address(heard[-count].strip()))
        return self.get_response(request)


class SetupMiddleware:
    """Lead every page to the set-up while no organisation exists."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN_BEFORE_SETUP) or current_organisation() is not None:
            return self.get_response(request)
        return redirect("accounts:setup")


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Send strangers to the sign-in page, whatever they ask for.

    A view that strangers may see says so with Django's `@login_not_required`, so one that was forgotten is closed.
    """

    def get_login_url(self, view_func: Callable[..., HttpResponseBase]) -> str:
        """Return the portal's one sign-in page, also for the admin site."""
        return resolve_url(settings.LOGIN_URL)


class ConfirmationMiddleware:
    """Ask once more who it is where a view demands it; what was sent meanwhile waits.

    Stands below allauth's middleware, which would keep the whole request, readable (see `put_off.py`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the way to the page that asks, or leave other exceptions alone."""
        return put_off(request) if isinstance(exception, ReauthenticationRequired) else None


class SecondFactorMiddleware:
    """Let nobody go on who must have a second factor and has not shown one: only to set it up, and out.

    Reads the session of those who showed one, and nothing more; of others the roles, where any role demands a factor.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Lead to the page that asks for the factor, from every page but those that serve to set it up."""
        match = request.resolver_match
        if match is None or match.view_name in OPEN_WITHOUT_FACTOR or not second_factor.is_missing(request):
            return None
        return wait_for_factor(request)


def wait_for_factor(request: HttpRequest) -> HttpResponse:
    """Return the way to the page that asks for a second factor, and remember where the person was going."""
    page = reverse("accounts:second-factor")
    if "HX-Request" in request.headers:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = page
        return response
    if request.method == "GET":
        request.session[second_factor.WAITING] = request.get_full_path()
    return redirect(page)


class PersonMiddleware:
    """Answer in the words and times of whoever is signed in; set `request.access`.

    The session lasts on from now, and services know in which one they act.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.access = SimpleLazyObject(lambda: access_of(user))  # type: ignore[attr-defined]
        if isinstance(user, User):
            store_of(request).note_seen(now=clock.now(), ip_address=client_address(request))
        with reading_as(user), acting_in(store_of(request)):
            return self.get_response(request)
