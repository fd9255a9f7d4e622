"""An authenticator app for tests."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from foundation import clock
from foundation.accounts.models import User


class App:
    """Shows codes for a secret, as a phone does. `code(1)` is the next period's; `shown` what it showed last."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.shown = ""

    def code(self, ahead: int = 0) -> str:
        """Return the code of the current period, or of one ahead of (or behind) it."""
        period = int(clock.now().timestamp()) // 30 + ahead
        self.shown = format_hotp_value(hotp_value(self.secret, period))
        return self.shown


def app_of(user: User) -> App:
    """Give a person an authenticator app and recovery codes, and return the app."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return App(secret)


def codes_of(user: User) -> list[str]:
    """Return the person's unused recovery codes."""
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    codes: list[str] = kept.wrap().get_unused_codes()
    return codes
