"""The one-time code of the first visit: it is shown in the terminal alone, so whoever has it owns the machine."""

import hashlib
import secrets
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import Organisation, SetupCode
from foundation.accounts.services.errors import AccountsRefused

# Letters and digits that nobody mistakes for another: 30 of them, so sixteen hold 78 bits.
ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
GROUPS, GROUP_LENGTH = 4, 4
VALID_FOR = timedelta(hours=24)
MAX_FAILURES = 20


class SetupCodeRefused(AccountsRefused):
    """The code is wrong, has expired or was tried too often."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "code")


@transaction.atomic
def setup_code_issue(*, now: datetime) -> str | None:
    """Return a new one-time code, such as `K7PM-2QXA-9DHT-V4RC`; the one before stops working.

    Returns None when the organisation is set up, since no code is needed any more.
    """
    if Organisation.objects.exists():
        return None
    code = "-".join(
        "".join(secrets.choice(ALPHABET) for _letter in range(GROUP_LENGTH)) for _group in range(GROUPS)
    )
    SetupCode.objects.update_or_create(
        pk=1,
        defaults={
            "digest": _digest(code),
            "created_at": now,
            "expires_at": now + VALID_FOR,
            "failures": 0,
        },
    )
    return code


def setup_code_check(*, code: str, now: datetime) -> None:
    """Raise SetupCodeRefused unless this is the code in force. A wrong try is counted, whatever follows."""
    with transaction.atomic():
        kept = SetupCode.objects.select_for_update().first()
        refusal = _refusal(kept, code, now)
        if kept and refusal:
            SetupCode.objects.filter(pk=kept.pk).update(failures=kept.failures + 1)
    if refusal:
        raise SetupCodeRefused(refusal)


def _refusal(kept: SetupCode | None, code: str, now: datetime) -> str | None:
    ask_again = _("Get a new one in the terminal with: ./portal manage setup_code")
    if kept is None:
        return _("No code was issued yet.") + " " + ask_again
    if now >= kept.expires_at:
        return _("This code has expired.") + " " + ask_again
    if kept.failures >= MAX_FAILURES:
        return _("This code was tried too often and no longer works.") + " " + ask_again
    if not compare_digest(kept.digest, _digest(code)):
        return _("This is not the code that the terminal shows.")
    return None


def _digest(code: str) -> str:
    """Return the SHA-256 of a code, in whatever case and with whatever spaces and dashes it is written."""
    letters = "".join(character for character in code.upper() if character.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()
