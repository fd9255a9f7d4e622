"""The forms that begin a framework by hand, and change what is said of one."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as lazy

from compliance.models import Framework
from foundation.accounts.forms.fields import PersonChoice, people_to_choose
from foundation.accounts.models import User
from foundation.records.choices import Confidentiality
from foundation.records.forms import SubmissionFormMixin, VersionedFormMixin

SAID = ("title", "publisher", "description")
HELD = ("owner", "confidentiality")


class FrameworkForm(forms.Form):
    """What is said of a framework."""

    title = forms.CharField(label=lazy("Name"), max_length=200)
    publisher = forms.CharField(label=lazy("Publisher"), max_length=200, required=False)
    description = forms.CharField(
        label=lazy("Description"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("What it is about, and why it binds the organisation."),
    )

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the services take."""
        return {name: self.cleaned_data[name] for name in SAID}


class FrameworkCreateForm(SubmissionFormMixin, FrameworkForm):
    """Begins a framework whose requirements are written by hand."""

    label = forms.CharField(label=lazy("First version"), max_length=100, initial="1.0")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "title", Div("publisher", "label", css_class="form-grid"), "description", "submission"
        )


class FrameworkChangeForm(VersionedFormMixin, FrameworkForm):
    """Changes what is said of a framework, who owns it, and how widely it may be known."""

    confidentiality = forms.ChoiceField(
        label=lazy("Confidentiality"),
        choices=Confidentiality.choices,
        help_text=lazy(
            "Restricted: only the owner and the CISO read it. Others see it beside what they test without its name."
        ),
    )

    def __init__(self, *args: Any, framework: Framework, **kwargs: Any) -> None:
        initial = {name: getattr(framework, name) for name in (*SAID, *HELD)}
        super().__init__(*args, record=framework, initial=initial, **kwargs)
        self.fields["owner"] = PersonChoice(label=lazy("Owner"), queryset=people_to_choose(framework.owner))
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "title", Div("publisher", *HELD, css_class="form-grid"), "description", "version"
        )

    def clean_owner(self) -> User:
        """Refuse an owner who is no longer here."""
        owner: User = self.cleaned_data["owner"]
        if not owner.is_active:
            raise forms.ValidationError(lazy("%(person)s is no longer active.") % {"person": owner})
        return owner

    def values(self) -> dict[str, Any]:
        """Return what was typed, the owner among it."""
        return {**super().values(), **{name: self.cleaned_data[name] for name in HELD}}
