"""Lets a request run in its person's language and time zone, and know what the person may do."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from foundation.accounts.access import Access, access_of
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone


class PersonMiddleware:
    """Activate the time zone and language of whoever is signed in, or the organisation's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user

        def access() -> Access:
            return access_of(user)

        request.access = SimpleLazyObject(access)  # type: ignore[attr-defined]
        own = isinstance(user, User) and user.time_zone
        if isinstance(user, User) and translation.check_for_language(user.language):
            translation.activate(user.language)
        with timezone.override(ZoneInfo(own) if own else organisation_zone()):
            return self.get_response(request)
