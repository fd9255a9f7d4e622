"""What the portal takes from the inside of django-allauth, which may change without notice: all of it, and here alone.

Each is used for want of a public way, as of 65.21:

- the session's records of how somebody proved who it is: read to know whether that was lately and by what, written
  when the portal itself saw a proof (a factor just set up, a provider's confirmation, the first set-up);
- what the session keeps while it asks once more who somebody is: the library keeps the whole request as it came,
  readable, with its cookies; `put_off.py` keeps less, sealed, elsewhere, and is called back in the library's own way;
- checking codes: the library tells whether a code is right but not of which period, without which none is spent;
- the limit of tries of codes, shared with the library's own forms;
- what a browser is asked for when it makes or shows a passkey: the views give it to their templates only.

`tests/test_allauth_inside.py` fails when any of it goes or behaves otherwise, and when something else reaches inside.
"""

from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.webauthn.internal.auth import begin_authentication, begin_registration
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

__all__ = [
    "authentication_records",
    "begin_authentication",
    "begin_registration",
    "call_back",
    "check_rate_limit",
    "code_of_period",
    "codes_match",
    "forget_records",
    "note_shown",
    "record_authentication",
]


def authentication_records(request: HttpRequest) -> list[dict[str, Any]]:
    """Return how whoever is signed in proved it in this session, oldest first. Reads the session alone."""
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return records


def forget_records(request: HttpRequest, *, method: str, pk: int) -> None:
    """Let the session forget what was proved by one thing, say a second factor, by its id."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        record for record in records if record.get("method") != method or record.get("id") != pk
    ]


def note_shown(
    session: SessionBase, user: AbstractBaseUser, *, method: str, at: float, again: bool = False
) -> None:
    """Let a session, outside of a request, say that its person proved it at this time (seconds since 1970).

    `again`: the person was asked for it, being signed in.
    """
    more = {"reauthenticated": True} if again else {}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": at, **more}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)


def code_of_period(secret: str, counter: int) -> str:
    """Return the code that an authenticator app shows in the period of this number (RFC 6238)."""
    code: str = format_hotp_value(hotp_value(secret, counter))
    return code


def codes_match(*, actual: str, expected: str) -> bool:
    """Tell whether a code that was typed is the expected one; takes the same time for any, and blanks do not matter."""
    return bool(compare_user_code(actual=actual, expected=expected))


def call_back(session: SessionBase, callback: str) -> None:
    """Let the library call `callback(request, {})`, a dotted path, in the request that proves who somebody is."""
    session[STATE_SESSION_KEY] = {"callback": callback, "state": {}}
