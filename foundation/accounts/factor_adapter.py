"""How second factors behave here: secrets at rest, words, and what may be taken away."""

import logging
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.accounts.organisation import current_organisation
from foundation.accounts.sealing import SealBrokenError, seal, unseal
from foundation.accounts.second_factor import is_demanded_of, is_last_door

log = logging.getLogger(__name__)

PURPOSE = "accounts.second-factor"


class FactorAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted under SECRET_KEY, so a copy of the database alone opens no account."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or was used already. Wait for the next one."),
        "cannot_delete_authenticator": _(
            "One of your roles demands a second factor: add another one before you take this one away."
        ),
        "cannot_generate_recovery_codes": _("Recovery codes come with a second factor: set one up first."),
    }

    def encrypt(self, text: str) -> str:
        """Return the secret as it is stored."""
        return seal(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; where SECRET_KEY was replaced, an empty one, which no code fits.

        A key that moved to SECRET_KEY_FALLBACKS still opens what it closed.
        """
        try:
            return unseal(encrypted_text, purpose=PURPOSE)
        except SealBrokenError:
            log.warning("A second factor can't be read: it was set up under another SECRET_KEY.")
            return ""

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """Return what a new passkey is called unless its owner calls it something else."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def get_totp_issuer(self) -> str:
        """Return what authenticator apps and passkeys call the portal."""
        organisation = current_organisation()
        return f"CISO Portal {organisation.name}" if organisation else "CISO Portal"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last second factor of whoever needs one."""
        return not (is_last_door(authenticator) and is_demanded_of(authenticator.user))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: the services write the mails, in the transaction of the change."""
