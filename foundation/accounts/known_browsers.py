"""Which people have signed in by this browser before: a signed cookie, so that a sign-in from elsewhere can be told by mail."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SALT = "accounts.known-browser"
LASTS_SECONDS = 365 * 24 * 3600
REMEMBERED = 10  # people who share a browser


def is_known_to(request: HttpRequest, user_id: int) -> bool:
    """Tell whether the person signed in by this browser before, within a year."""
    return user_id in _remembered(request)


def remember(request: HttpRequest, response: HttpResponse, user_id: int) -> None:
    """Let the browser be known to the person from now on."""
    others = [one for one in _remembered(request) if one != user_id]
    response.set_signed_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        ",".join(str(one) for one in [user_id, *others][:REMEMBERED]),
        salt=SALT,
        max_age=LASTS_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _remembered(request: HttpRequest) -> list[int]:
    value: Any = request.get_signed_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME, default="", salt=SALT, max_age=LASTS_SECONDS
    )
    return [int(part) for part in str(value).split(",") if part.isdecimal()]
