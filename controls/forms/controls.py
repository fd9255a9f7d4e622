"""The forms that begin a control, write what it says, and change whose it is and how far it is carried out."""

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as lazy

from controls.choices import ControlType, Frequency, Implementation, Nature
from controls.models import Control, ControlVersion
from controls.models.controls import LONGEST_CADENCE, SHORTEST_CADENCE, USUAL_CADENCE
from controls.models.versions import MOST_TEXT, WRITTEN
from controls.permissions import WRITE
from controls.selectors import coming_of
from foundation.accounts.access import access_of
from foundation.accounts.forms.fields import PersonChoice, UnitChoice, people_to_choose, units_to_choose
from foundation.accounts.models import User
from foundation.records.choices import Confidentiality
from foundation.records.forms import SubmissionFormMixin, VersionedFormMixin
from foundation.records.models import Record

CHOOSE = ("", lazy("Choose …"))
SETTLED = ("owner", "unit", "confidentiality")


def words(label: Any, help_text: Any = "", *, rows: int = 4, required: bool = False) -> forms.CharField:
    """Return a field for some paragraphs of Markdown."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class SaidFields(forms.Form):
    """What a control says."""

    title = forms.CharField(label=lazy("Title"), max_length=200)
    statement = words(
        lazy("Statement"),
        lazy(
            "Who does what, when, and how one sees that it is done. Markdown. Needed before it is submitted."
        ),
        rows=6,
    )
    purpose = words(lazy("Purpose"), lazy("What would go wrong without it."), rows=3)
    type = forms.ChoiceField(label=lazy("Type"), choices=[CHOOSE, *ControlType.choices])
    nature = forms.ChoiceField(label=lazy("Nature"), choices=[CHOOSE, *Nature.choices])
    frequency = forms.ChoiceField(label=lazy("How often"), choices=[CHOOSE, *Frequency.choices])
    is_key = forms.BooleanField(
        label=lazy("Key control"),
        required=False,
        help_text=lazy("Without it, others would not be enough."),
    )
    evidence_months = forms.IntegerField(
        label=lazy("Evidence every (months)"),
        min_value=SHORTEST_CADENCE,
        max_value=LONGEST_CADENCE,
        initial=USUAL_CADENCE,
        required=False,
        help_text=lazy("Its owner is asked for it and reminded. Empty: none is asked for."),
    )
    evidence_how = words(
        lazy("How evidence is taken"),
        lazy("Which report, log or sample shows that it is carried out."),
        rows=3,
    )

    def parts(self) -> list[Any]:
        """Return the parts of the form as they are laid out."""
        return [
            Fieldset(
                lazy("What it says"),
                "title",
                "statement",
                "purpose",
                Div("type", "nature", "frequency", css_class="form-grid"),
                "is_key",
            ),
            Fieldset(lazy("Evidence"), "evidence_months", "evidence_how"),
        ]


class WhoseFields(forms.Form):
    """Whose a control is."""

    confidentiality = forms.ChoiceField(
        label=lazy("Confidentiality"),
        choices=Confidentiality.choices,
        initial=Confidentiality.INTERNAL,
        help_text=lazy("Restricted: only the owner, the people named in it and the CISO know of it."),
    )

    def __init__(
        self, *args: Any, user: User, now: datetime, control: Control | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitChoice(
            label=lazy("Business unit"),
            queryset=units_to_choose(access_of(user, now).scope(WRITE), control.unit if control else None),
        )
        self.fields["owner"] = PersonChoice(
            label=lazy("Owner"),
            queryset=people_to_choose(control.owner if control else None),
            help_text=lazy("Sees that it is carried out, and gives evidence of it."),
        )
        self.helper = FormHelper()

    def clean_owner(self) -> User:
        """Refuse an owner who is no longer here."""
        owner: User = self.cleaned_data["owner"]
        if not owner.is_active:
            raise forms.ValidationError(lazy("%(person)s is no longer active.") % {"person": owner})
        return owner


class ControlBeginForm(SubmissionFormMixin, WhoseFields, SaidFields):
    """Begins a control."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("owner", kwargs["user"].pk)
        self.helper.layout = Layout(
            *self.parts(),
            Fieldset(lazy("Whose it is"), Div("unit", "owner", "confidentiality", css_class="form-grid")),
            "submission",
        )

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the service takes."""
        return {name: self.cleaned_data[name] for name in (*WRITTEN, *SETTLED) if name != "summary"}


class ControlSettleForm(VersionedFormMixin, WhoseFields):
    """Changes whose a control is."""

    def __init__(self, *args: Any, control: Control, **kwargs: Any) -> None:
        initial = {
            "owner": control.owner_id,
            "unit": control.unit_id,
            "confidentiality": control.confidentiality,
        }
        super().__init__(*args, control=control, record=control, initial=initial, **kwargs)
        self.helper.layout = Layout(Div("unit", "owner", "confidentiality", css_class="form-grid"), "version")

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the service takes."""
        return {name: self.cleaned_data[name] for name in SETTLED}


class DraftForm(VersionedFormMixin, SaidFields):
    """Writes what the draft of a control says."""

    summary = forms.CharField(
        label=lazy("What changed"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy("For who approves it. Needed before it is submitted."),
    )

    def __init__(self, *args: Any, control: Control, draft: ControlVersion, **kwargs: Any) -> None:
        initial = {name: getattr(draft, name) for name in WRITTEN}
        super().__init__(*args, record=control, initial=initial, **kwargs)
        is_first = control.current_id is None
        if is_first:
            del self.fields["summary"]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *self.parts(), *([] if is_first else [Fieldset(lazy("Change"), "summary")]), "version"
        )

    def current_value(self, record: Record, name: str) -> Any:
        """Return what a field would hold now: what the draft says."""
        assert isinstance(record, Control)
        draft = coming_of(record)
        return getattr(draft, name, None)

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the service takes."""
        return {name: self.cleaned_data[name] for name in WRITTEN if name in self.fields}


class ImplementationForm(VersionedFormMixin, forms.Form):
    """Says how far a control is carried out."""

    implementation = forms.ChoiceField(label=lazy("Implementation"), choices=Implementation.choices)
    note = forms.CharField(
        label=lazy("Why, or how far"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy(
            "What is done already and what is missing. Needed where it does not apply, or is not carried out any more."
        ),
    )

    def __init__(self, *args: Any, control: Control, **kwargs: Any) -> None:
        initial = {"implementation": control.implementation, "note": control.implementation_note}
        super().__init__(*args, record=control, initial=initial, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("implementation", "note", "version")

    def current_value(self, record: Record, name: str) -> Any:
        """Return what a field would hold now."""
        return super().current_value(record, "implementation_note" if name == "note" else name)
