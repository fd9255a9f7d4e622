"""A new password, typed twice."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms.fields import PASSWORD_HELP
from foundation.accounts.models import User


class PasswordTwiceForm(forms.Form):
    """A password for a person, whose name and address it must not resemble."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
    )

    def person(self, data: dict[str, Any]) -> User:
        """Return whose password it will be."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Check the password against the person's name and address, and that it was typed twice alike."""
        data = super().clean() or {}
        password = data.get("password")
        if password and "password_again" in data and password != data["password_again"]:
            self.add_error("password_again", _("This is not the same password."))
        if password:
            try:
                validate_password(password, self.person(data))
            except ValidationError as error:
                self.add_error("password", error)
        return data


class InvitationForm(PasswordTwiceForm):
    """The first password of someone who is invited."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def person(self, data: dict[str, Any]) -> User:
        """Return who is invited."""
        return self.user
