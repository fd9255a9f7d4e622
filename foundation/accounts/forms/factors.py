"""The forms of second factors in the product's words."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as allauth_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.accounts.allauth_inside import check_rate_limit
from foundation.accounts.forms.sign_in import reword
from foundation.accounts.selectors.factors import NAME_LENGTH
from foundation.accounts.services.factors import code_spend, totp_counter

LIMIT = "too_many_codes"


class CodeMixin(allauth_forms.BaseAuthenticateForm):
    """A code of the authenticator app, or a recovery code: each is spent by being right."""

    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, {"code": _("Code")}, focus="code")
        self.fields["code"].help_text = str(
            _("Six digits from your authenticator app, or one of your recovery codes.")
        )
        _shape(self)

    def clean_code(self) -> str:
        """Return the code when it is right, works for the first time, and not too many were wrong before."""
        clear_limit = check_rate_limit(self.user, error_key=LIMIT)
        code = str(self.cleaned_data["code"])
        authenticator = code_spend(user=self.user, code=code, now=clock.now())
        if authenticator is None:
            raise get_adapter().validation_error("incorrect_code")
        authenticator.user = self.user
        self.authenticator = authenticator
        clear_limit()
        return code


class SecondFactorForm(CodeMixin, allauth_forms.AuthenticateForm):
    """The second step of signing in."""


class ConfirmFactorForm(CodeMixin, allauth_forms.ReauthenticateForm):
    """A code once more, before something that matters."""


class FactorNameForm(forms.Form):
    """What a person calls an authenticator app or a passkey."""

    name = forms.CharField(label=_("Name of the device or key"), max_length=NAME_LENGTH)


class TotpForm(totp_forms.ActivateTOTPForm):
    """The first code of an authenticator app, which proves that it has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, {"code": _("Code from the app")}, focus="code")
        _shape(self)

    def clean_code(self) -> str:
        """Return the code when it is right, and keep which period it belongs to."""
        clear_limit = check_rate_limit(self.user, error_key=LIMIT)
        code = str(self.cleaned_data["code"])
        counter = totp_counter(secret=self.secret, code=code, now=clock.now())
        if counter is None:
            raise get_adapter().validation_error("incorrect_code")
        self.counter = counter
        clear_limit()
        return code


def _shape(form: forms.Form) -> None:
    """Let phones show digits, and let nobody's browser keep the code."""
    form.fields["code"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "one-time-code"})
