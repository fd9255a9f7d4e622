"""The forms of passkeys: what a browser sends is checked, and nonsense is told like a wrong key."""

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as allauth_forms
from cryptography.exceptions import InvalidSignature
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms.sign_in import reword
from foundation.accounts.selectors.factors import NAME_LENGTH

CREDENTIAL_LENGTH = 20_000

# What parsing and checking raise for an answer that no browser gives.
NONSENSE = (
    AttributeError,
    IndexError,
    InvalidSignature,
    KeyError,
    OverflowError,
    struct.error,
    TypeError,
    ValueError,
)


class CredentialField(forms.JSONField):
    """What a browser says of a key: JSON of a few kilobytes."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        """Return the parsed JSON; what is too long, or nested so that it can't be read, is a wrong key."""
        if len(value or "") > CREDENTIAL_LENGTH:
            raise get_adapter().validation_error("incorrect_code")
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise get_adapter().validation_error("incorrect_code") from error

    def bound_data(self, data: Any, initial: Any) -> None:
        """Read nothing of it again for the page."""

    def prepare_value(self, value: Any) -> str:
        """Show an empty field: each try takes a new answer."""
        return ""


class PasskeyForm(allauth_forms.AddWebAuthnForm):
    """A new passkey, and what its owner calls it."""

    credential = CredentialField()
    passwordless = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, {"name": _("Name of the device or key")}, focus="name")
        self.fields["name"] = forms.CharField(
            label=self.fields["name"].label, max_length=NAME_LENGTH, initial=self.initial["name"]
        )

    def clean_passwordless(self) -> bool:
        """Take only keys that ask who their holder is: they open the account without a password."""
        return True

    def clean(self) -> dict[str, Any]:
        """Check the key as allauth does; nonsense is a wrong key."""
        try:
            return dict(super().clean())
        except NONSENSE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class KeyMixin(allauth_forms.AuthenticateWebAuthnForm):
    """A passkey that is shown."""

    credential = CredentialField()

    def clean_credential(self) -> Any:
        """Return the passkey that was shown; nonsense is a wrong key."""
        try:
            return super().clean_credential()
        except NONSENSE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeySignInForm(KeyMixin, allauth_forms.LoginWebAuthnForm):
    """A passkey instead of password and code."""


class PasskeyStepForm(KeyMixin):
    """A passkey as the second step after the password."""


class PasskeyConfirmForm(KeyMixin, allauth_forms.ReauthenticateWebAuthnForm):
    """A passkey once more, before something that matters."""
