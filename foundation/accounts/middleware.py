"""Lets a request run as its person: from the right address, after set-up, signed in, in the person's time zone."""

from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.organisation import current_organisation, organisation_zone
from foundation.ui.dates import whole_days_in

OPEN_BEFORE_SETUP = ("/setup/", "/healthz", "/static/")


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


class PersonMiddleware:
    """Activate the time zone and language of whoever is signed in, or the organisation's; set `request.access`.

    Whole days are those of the organisation, wherever the reader is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.access = SimpleLazyObject(lambda: access_of(user))  # type: ignore[attr-defined]
        own = isinstance(user, User) and user.time_zone
        if isinstance(user, User) and translation.check_for_language(user.language):
            translation.activate(user.language)
        zone = organisation_zone()
        with timezone.override(ZoneInfo(own) if own else zone), whole_days_in(zone):
            return self.get_response(request)
