"""Proving again who one is, before weighty steps; also of people whom only the organisation's provider knows.

`confirm_first()` in a view asks. django-allauth wants the password or a second factor, and waves through whoever has
neither: they are sent to the provider here, which is told to ask them anew (`prompt=login`, `max_age=0`: OpenID Connect
Core 1.0, 3.1.2.1).
"""

import time
from collections.abc import Callable
from typing import Any

from allauth.account import app_settings
from allauth.account.decorators import reauthentication_required
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpRequest

from foundation.accounts.allauth_inside import authentication_records, record_authentication
from foundation.accounts.models import User
from foundation.accounts.oidc_settings import PROVIDER_ID

ASK_ANEW = {"prompt": "login", "max_age": "0"}
# By how many seconds the provider's clock may be behind.
CLOCKS_DIFFER = 60.0
# The session's key of when the provider gave a confirmation that nothing followed yet (seconds since 1970).
CONFIRMED = "confirmed_by_provider"
# The kinds of the session's records of what was shown to the portal itself.
SHOWN_HERE = ("password", "mfa")
# What type a second factor has that the provider told of.
BY_PROVIDER = "oidc"


def _nothing(request: HttpRequest) -> None:
    """Stand for a view: the decorator around it raises what leads to the page that asks."""


def confirm_first(request: HttpRequest) -> None:
    """Go on only if the person proved again, not long ago, who it is; what was sent meanwhile is not lost."""
    reauthentication_required(_nothing)(request)


def show_first(request: HttpRequest) -> None:
    """Go on only if the person showed password or factor not long ago, be it by signing in; else ask as `confirm_first`.

    For what administrators do many times in a row.
    """
    if not shown_lately(request):
        confirm_first(request)


def is_known_to_provider(user: User) -> bool:
    """Tell whether the provider can say who this is: it did so before."""
    return (
        bool(settings.OIDC_ISSUER) and SocialAccount.objects.filter(user=user, provider=PROVIDER_ID).exists()
    )


def confirmed_lately(request: HttpRequest) -> bool:
    """Tell whether the person proved again, in this session and not long ago, who it is. Reads the session alone."""
    return _is_of_late(request, lambda record: bool(record.get("reauthenticated")))


def shown_lately(request: HttpRequest) -> bool:
    """Tell whether the person confirmed, or signed in by password or factor here, not long ago. Reads the session alone.

    What the provider says of a sign-in does not count: it may have asked nobody, and `amr` says nothing of when.
    """
    return _is_of_late(request, _is_shown)


def _is_shown(record: dict[str, Any]) -> bool:
    return bool(record.get("reauthenticated")) or (
        record["method"] in SHOWN_HERE and record.get("type") != BY_PROVIDER
    )


def _is_of_late(request: HttpRequest, counts: Callable[[dict[str, Any]], bool]) -> bool:
    records = authentication_records(request)
    latest = max((record["at"] for record in records if counts(record)), default=0.0)
    return time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT


def is_fresh(claims: dict[str, Any], asked_at: float) -> bool:
    """Tell whether the signed claims say that the person signed in at the provider after it was asked.

    A provider that was asked with `max_age` has to say when that was (`auth_time`: OpenID Connect Core 1.0, 2). Where it
    does not, someone may have taken the question out of the address: only OIDC_TRUST_PROMPT lets that pass.
    """
    signed_in_at = claims.get("auth_time")
    if signed_in_at is None:
        return bool(settings.OIDC_TRUST_PROMPT)
    if isinstance(signed_in_at, bool) or not isinstance(signed_in_at, int | float):
        return False
    return signed_in_at >= asked_at - CLOCKS_DIFFER


def confirmation_note(request: HttpRequest, user: User) -> None:
    """Let the session know that the provider has just confirmed who it is."""
    record_authentication(request, user, "socialaccount", provider=PROVIDER_ID, reauthenticated=True)
    request.session[CONFIRMED] = time.time()


def is_just_confirmed(request: HttpRequest) -> bool:
    """Tell whether the provider confirmed not long ago who it is, and nothing followed yet."""
    at = float(request.session.get(CONFIRMED, 0.0))
    return time.time() - at < app_settings.REAUTHENTICATION_TIMEOUT
