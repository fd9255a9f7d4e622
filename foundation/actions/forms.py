"""The forms of an action."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.accounts.forms.fields import PersonChoice, day_field
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import people_with_right
from foundation.actions.choices import ActionNature, ActionState
from foundation.actions.models import Action
from foundation.actions.services import AGREED, CHANGEABLE, VERIFY, agreed_refusal, nature_refusal
from foundation.actions.sources import usual_nature
from foundation.records.forms import SubmissionFormMixin, VersionedFormMixin
from foundation.records.models import Record
from foundation.ui.dates import FIRST_DAY, LAST_DAY

OF_CORRECTIVE = ("verifier", "effectiveness_days")
DATES = {
    "verification_due_on": _("To be verified by"),
    "effectiveness_due_on": _("Effect to be checked on"),
}


class ActionForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is to be done, by whom and until when; and who verifies it, where it is a corrective action."""

    class Meta:
        model = Action
        fields = ("title", "owner", "due_on", "description", "nature", "verifier", "effectiveness_days")
        labels = {
            "title": _("What is to be done"),
            "description": _("Details"),
            "effectiveness_days": _("Days until its effect is checked"),
        }
        widgets = {
            "due_on": forms.DateInput(
                attrs={"type": "date", "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()},
                format="%Y-%m-%d",
            ),
            "description": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "owner": _("Is told, and reminded before it is due and when it is late."),
            "nature": _(
                "A corrective action is verified by somebody else, and its effect is checked later. Its owner can't turn it "
                "into a task, and nobody can once it was reported done."
            ),
            "effectiveness_days": _("Counted from the day on which it is verified."),
        }

    def __init__(self, *args: Any, unit: BusinessUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = PersonChoice(
            label=self.fields["owner"].label,
            help_text=self.fields["owner"].help_text,
            queryset=User.objects.filter(is_active=True),
        )
        today = organisation_day(clock.now())
        self.fields["verifier"] = PersonChoice(
            label=_("Who verifies it"),
            help_text=_("Somebody other than its owner. Left open, whoever agrees on it."),
            queryset=people_with_right(right=VERIFY, unit=unit, on=today),
            required=False,
            empty_label=_("Whoever agrees on it"),
        )

    @property
    def content(self) -> dict[str, Any]:
        """Return what was given, by field: what goes with a corrective action alone is left out of a task."""
        beside = ("version", "submission")
        return {name: value for name, value in self.cleaned_data.items() if name not in beside}

    def clean(self) -> dict[str, Any]:
        """Leave out the fields that don't apply, and what is wrong with them."""
        cleaned = super().clean() or self.cleaned_data
        if not self._is_corrective():
            for name in OF_CORRECTIVE:
                self.errors.pop(name, None)
                cleaned.pop(name, None)
        return cleaned

    def _is_corrective(self) -> bool:
        return bool(self.cleaned_data.get("nature", self.instance.nature) == ActionNature.CORRECTIVE)


PROPOSED_FIELDS = ("title", "owner", "due_on", "description")
PROPOSED_HELP = {
    "title": _("In one sentence: what keeps it from happening again?"),
    "owner": _("Who does it. Is told, and reminded, once it is agreed on."),
}


class ProposalForm(forms.ModelForm):  # type: ignore[type-arg]
    """What somebody proposes to do, by whom and until when; who agrees on it says who verifies it."""

    class Meta(ActionForm.Meta):
        fields = PROPOSED_FIELDS  # type: ignore[assignment]
        help_texts = {**ActionForm.Meta.help_texts, **PROPOSED_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = User.objects.filter(is_active=True)

    @property
    def content(self) -> dict[str, Any]:
        """Return what was given, by field."""
        return {name: self.cleaned_data[name] for name in PROPOSED_FIELDS}


class ProposalCreateForm(SubmissionFormMixin, ProposalForm):
    """Proposes an action that is to follow from a record."""


class ProposalReviseForm(VersionedFormMixin, ProposalForm):
    """Revises a proposal that was returned."""

    def __init__(self, *args: Any, record: Action, **kwargs: Any) -> None:
        super().__init__(*args, record=record, instance=record, **kwargs)


class ActionCreateForm(SubmissionFormMixin, ActionForm):
    """Agrees on an action that follows from a record, of the nature that is usual there."""

    def __init__(self, *args: Any, source: Record, **kwargs: Any) -> None:
        initial = {"nature": usual_nature(source), **kwargs.pop("initial", {})}
        super().__init__(*args, unit=source.unit, initial=initial, **kwargs)


class ActionEditForm(VersionedFormMixin, ActionForm):
    """Changes an action: once it is reported done, who judges it and when."""

    def __init__(self, *args: Any, record: Action, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, record=record, instance=record, unit=record.unit, **kwargs)
        changeable = CHANGEABLE.get(record.state, CHANGEABLE[ActionState.OPEN])
        # What was sent by a form that was drawn before stays, so that it can be told with what was typed.
        for name in [name for name in self.fields if name not in {*changeable, "version", *self.data}]:
            del self.fields[name]
        if "nature" in changeable and (refusal := nature_refusal(action=record, actor=actor)):
            self.fields["nature"].disabled = True
            self.fields["nature"].help_text = refusal
        for name, label in DATES.items():
            if name in changeable and (not self.is_bound or name in self.data):
                self.fields[name] = day_field(label, required=True)
                self.initial[name] = getattr(record, name)
        if agreed_refusal(action=record, person=actor):
            for name in self.fields.keys() & changeable & AGREED - set(self.data):
                self.fields[name].disabled = True
