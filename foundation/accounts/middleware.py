"""Lets a request run as its person: signed in first, then in the person's language and time zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Send strangers to the sign-in page, whatever they ask for.

    A view that strangers may see says so with Django's `@login_not_required`, so one that was forgotten is closed.
    """

    def get_login_url(self, view_func: Callable[..., HttpResponse]) -> str:
        """Return the portal's one sign-in page, also for the admin site."""
        return resolve_url(settings.LOGIN_URL)


class PersonMiddleware:
    """Activate the time zone and language of whoever is signed in, or the organisation's; set `request.access`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.access = SimpleLazyObject(lambda: access_of(user))  # type: ignore[attr-defined]
        own = isinstance(user, User) and user.time_zone
        if isinstance(user, User) and translation.check_for_language(user.language):
            translation.activate(user.language)
        with timezone.override(ZoneInfo(own) if own else organisation_zone()):
            return self.get_response(request)
