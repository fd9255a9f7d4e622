"""The forms of django-allauth in the product's words: labels above the fields, no placeholders."""

from collections.abc import Mapping
from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms.fields import PASSWORD_HELP

EMAIL = _("E-mail address")
NEW_PASSWORD = _("New password")
NEW_PASSWORD_AGAIN = _("New password, once more")


def reword(form: forms.Form, labels: Mapping[str, str | Promise], *, focus: str) -> None:
    """Give the fields these labels and take their placeholders away; the cursor starts in `focus`."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label = str(label)
        field.widget.attrs.pop("placeholder", None)
        if name == "password1":
            field.help_text = str(PASSWORD_HELP)
    form.fields[focus].widget.attrs["autofocus"] = True


class SignInForm(allauth_forms.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, {"login": EMAIL, "password": _("Password")}, focus="login")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""


class ConfirmPasswordForm(allauth_forms.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, {"password": _("Password")}, focus="password")
        self.fields["password"].help_text = ""


class PasswordChangeForm(allauth_forms.ChangePasswordForm):
    """The current password and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Current password"),
            "password1": NEW_PASSWORD,
            "password2": NEW_PASSWORD_AGAIN,
        }
        reword(self, labels, focus="oldpassword")
        self.fields["oldpassword"].help_text = ""


class PasswordSetForm(allauth_forms.SetPasswordForm):
    """A password for someone who signed in without one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD_AGAIN}, focus="password1")


class PasswordResetForm(allauth_forms.ResetPasswordForm):
    """Where the link for a new password goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, {"email": EMAIL}, focus="email")


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """A new password, by the link of a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD_AGAIN}, focus="password1")
