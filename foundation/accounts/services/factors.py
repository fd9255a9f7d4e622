"""Second factors: checking codes, and what is kept when one is added, taken away or reset."""

from datetime import datetime

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.db import transaction

from foundation.accounts.allauth_inside import code_of_period, codes_match
from foundation.accounts.models import User
from foundation.accounts.security_mail import SecurityNotice, security_mail_send
from foundation.accounts.selectors.factors import NAME, factor_name
from foundation.accounts.services.sessions import sessions_end_others
from foundation.trail.services import entry_write

# Periods before and after the current one whose codes are taken: clocks differ, and typing takes time (RFC 6238, 5.2).
TOLERANCE = 1
LAST_COUNTER = "last_counter"

ADDED = {
    Authenticator.Type.TOTP: ("accounts.totp.added", SecurityNotice.TOTP_ADDED),
    Authenticator.Type.WEBAUTHN: ("accounts.passkey.added", SecurityNotice.PASSKEY_ADDED),
    Authenticator.Type.RECOVERY_CODES: ("accounts.recovery_codes.made", SecurityNotice.CODES_MADE),
}
REMOVED = {
    Authenticator.Type.TOTP: ("accounts.totp.removed", SecurityNotice.TOTP_REMOVED),
    Authenticator.Type.WEBAUTHN: ("accounts.passkey.removed", SecurityNotice.PASSKEY_REMOVED),
}


def totp_counter(*, secret: str, code: str, now: datetime) -> int | None:
    """Return the number of the period that a code belongs to, or None when it fits none around now."""
    if not secret:
        return None
    current = int(now.timestamp()) // app_settings.TOTP_PERIOD
    for counter in range(current - TOLERANCE, current + TOLERANCE + 1):
        if codes_match(actual=code, expected=code_of_period(secret, counter)):
            return counter
    return None


@transaction.atomic
def code_spend(*, user: User, code: str, now: datetime) -> Authenticator | None:
    """Take a code of the person's authenticator app or a recovery code, and return what it belongs to, or None.

    Each code works once: of an app, none that is older than the last one taken (RFC 6238, 5.2). The rows are locked, so
    of two who send the same code at the same instant one is refused.
    """
    kept = Authenticator.objects.select_for_update().filter(user=user)
    for totp in kept.filter(type=Authenticator.Type.TOTP):
        counter = totp_counter(secret=decrypt(totp.data["secret"]), code=code, now=now)
        if counter is not None and counter > totp.data.get(LAST_COUNTER, 0):
            totp.data[LAST_COUNTER] = counter
            totp.save(update_fields=["data"])
            return totp
    for codes in kept.filter(type=Authenticator.Type.RECOVERY_CODES):
        if decrypt(codes.data["seed"]) and codes.wrap().validate_code(code):
            entry_write(action="accounts.recovery_codes.used", actor=user, subject=user.full_name)
            security_mail_send(user=user, notice=SecurityNotice.CODE_USED, now=now)
            return codes
    entry_write(action="accounts.factor.refused", actor=None, subject=user.full_name)
    return None


def totp_mark_spent(*, authenticator: Authenticator, counter: int) -> None:
    """Let the code that an authenticator app was set up with open nothing any more."""
    authenticator.data[LAST_COUNTER] = counter
    authenticator.save(update_fields=["data"])


@transaction.atomic
def factor_rename(*, factor: Authenticator, name: str) -> None:
    """Let an authenticator app or a passkey be called otherwise by its owner; the same name changes nothing.

    The row is locked, because what is kept beside the name (the last code taken) must not be lost.
    """
    locked = Authenticator.objects.select_for_update().select_related("user").get(pk=factor.pk)
    before = factor_name(locked)
    if name == before:
        return
    locked.data[NAME] = name
    locked.save(update_fields=["data"])
    entry_write(
        action="accounts.factor.renamed",
        actor=locked.user,
        subject=locked.user.full_name,
        before={NAME: before},
        after={NAME: name},
    )


def factor_note_added(*, user: User, type: str, now: datetime) -> None:
    """Write a new second factor to the trail, tell its owner by mail, and end the owner's other sessions.

    Must be called in the transaction that keeps it.
    """
    action, notice = ADDED[Authenticator.Type(type)]
    entry_write(action=action, actor=user, subject=user.full_name)
    security_mail_send(user=user, notice=notice, now=now)
    sessions_end_others(user=user)


def factor_note_removed(*, user: User, type: str, now: datetime) -> None:
    """Write to the trail that a person took a second factor away, tell its owner by mail, and end the other sessions."""
    action, notice = REMOVED[Authenticator.Type(type)]
    entry_write(action=action, actor=user, subject=user.full_name)
    security_mail_send(user=user, notice=notice, now=now)
    sessions_end_others(user=user)


@transaction.atomic
def factors_reset(*, user: User, actor: User | None, now: datetime, comment: str = "") -> bool:
    """Take all second factors from a person who lost them, and tell whether there were any.

    The person signs in by password alone then, and is led to set a new one up where a role demands it.
    """
    taken, _rows = Authenticator.objects.filter(user=user).delete()
    if not taken:
        return False
    entry_write(action="accounts.factors.reset", actor=actor, subject=user.full_name, comment=comment)
    security_mail_send(user=user, notice=SecurityNotice.FACTORS_RESET, now=now, by=actor, reason=comment)
    sessions_end_others(user=user)
    return True
