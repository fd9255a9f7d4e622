"""The forms that plan an activity, change what is planned, and write down what came of it."""

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as lazy

from duties.choices import duty_choices
from duties.models import LONGEST_ITEM, MOST_ITEMS, MOST_OUTCOME, MOST_TASK, Activity
from duties.permissions import MANAGE
from duties.selectors import checklist_of
from duties.services import Item
from foundation.accounts.access import access_of
from foundation.accounts.forms.fields import (
    PersonChoice,
    UnitChoice,
    day_field,
    people_to_choose,
    units_to_choose,
)
from foundation.accounts.models import User
from foundation.deadlines.forms.recurrence import RecurrenceFields, RecurrenceFormMixin
from foundation.records.choices import Confidentiality
from foundation.records.forms import SubmissionFormMixin, VersionedFormMixin
from foundation.records.models import Record

SAID = (
    "title",
    "duty",
    "unit",
    "owner",
    "due_on",
    "task",
    "evidence_wanted",
    "needs_sign_off",
    "confidentiality",
)
MARKS = " -*\t\r"


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say something, each once, without the marks of a list."""
    lines = (line.strip(MARKS) for line in text.split("\n"))
    return list(dict.fromkeys(line for line in lines if line))


class ActivityFields(forms.Form):
    """What is planned of an activity."""

    title = forms.CharField(label=lazy("Title"), max_length=200)
    duty = forms.TypedChoiceField(label=lazy("Duty"), coerce=int)
    task = forms.CharField(
        label=lazy("What is to be done"),
        required=False,
        max_length=MOST_TASK,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("Markdown."),
    )
    checklist = forms.CharField(
        label=lazy("Checklist"),
        required=False,
        max_length=MOST_ITEMS * LONGEST_ITEM,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=lazy("One item a line. It is not done before all of them are ticked."),
    )
    optional = forms.CharField(
        label=lazy("Where it fits"),
        required=False,
        max_length=MOST_ITEMS * LONGEST_ITEM,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy("More items, one a line, that may be left out."),
    )
    evidence_wanted = forms.CharField(
        label=lazy("What counts as evidence"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy("Which files or records show that it was done."),
    )
    needs_sign_off = forms.BooleanField(
        label=lazy("Needs a sign-off"),
        required=False,
        help_text=lazy("Somebody who did none of it signs off outcome, checklist and evidence."),
    )
    confidentiality = forms.ChoiceField(
        label=lazy("Confidentiality"),
        choices=Confidentiality.choices,
        initial=Confidentiality.INTERNAL,
        help_text=lazy("Restricted: only the owner, the people named in it and the CISO know of it."),
    )

    def __init__(
        self, *args: Any, user: User, now: datetime, activity: Activity | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        duty = self.fields["duty"]
        assert isinstance(duty, forms.ChoiceField)
        duty.choices = [("", lazy("Choose …")), *duty_choices()]
        self.fields["unit"] = UnitChoice(
            label=lazy("Business unit"),
            queryset=units_to_choose(access_of(user, now).scope(MANAGE), activity.unit if activity else None),
        )
        self.fields["owner"] = PersonChoice(
            label=lazy("Owner"),
            queryset=people_to_choose(activity.owner if activity else None),
            help_text=lazy("Does it, and is reminded of it."),
        )
        self.fields["due_on"] = day_field(lazy("Due on"), required=True)
        self.helper = FormHelper()

    def parts(self, *more: Any) -> list[Any]:
        """Return the parts of the form as they are laid out; `more` follows the date."""
        return [
            "title",
            Div("duty", "unit", "owner", "due_on", css_class="form-grid"),
            *more,
            Fieldset(lazy("What it consists of"), "task", "checklist", "optional"),
            Fieldset(lazy("How it is proven"), "evidence_wanted", "needs_sign_off", "confidentiality"),
        ]

    def clean_owner(self) -> User:
        """Refuse an owner who is no longer here."""
        owner: User = self.cleaned_data["owner"]
        if not owner.is_active:
            raise forms.ValidationError(lazy("%(person)s is no longer active.") % {"person": owner})
        return owner

    def clean(self) -> dict[str, Any]:
        """Take the lines of the checklist apart, and tell what is wrong with them."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        needed = lines_of(found.get("checklist") or "")
        optional = [line for line in lines_of(found.get("optional") or "") if line not in needed]
        for name, lines in (("checklist", needed), ("optional", optional)):
            if any(len(line) > LONGEST_ITEM for line in lines):
                self.add_error(
                    name, lazy("An item has %(most)d characters at most.") % {"most": LONGEST_ITEM}
                )
        if len(needed) + len(optional) > MOST_ITEMS:
            self.add_error("checklist", lazy("Name %(most)d items at most.") % {"most": MOST_ITEMS})
        found["items"] = [Item(line) for line in needed] + [Item(line, False) for line in optional]
        return found

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names of the record's fields."""
        return {name: self.cleaned_data[name] for name in SAID}


class ActivityPlanForm(SubmissionFormMixin, ActivityFields, RecurrenceFormMixin):
    """Plans an activity, once or as the first of many."""

    recurrence_start_field = "due_on"

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        initial = {"owner": user.pk, "unit": user.unit_id, **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, user=user, initial=initial, **kwargs)
        self.helper.layout = Layout(*self.parts(RecurrenceFields()), "submission")

    def rrule(self) -> str:
        """Return the rule by which it recurs; empty where it does not."""
        recurrence = self.cleaned_data["recurrence"]
        return recurrence.rrule if recurrence else ""


class ActivityEditForm(VersionedFormMixin, ActivityFields):
    """Changes what is planned of an activity, and of the next ones."""

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        items = checklist_of(activity)
        initial = {name: self.current_value(activity, name) for name in SAID}
        initial["checklist"] = "\n".join(item.text for item in items if item.is_required)
        initial["optional"] = "\n".join(item.text for item in items if not item.is_required)
        super().__init__(*args, activity=activity, record=activity, initial=initial, **kwargs)
        more = []
        if activity.series is not None and activity.series.ended_at is None:
            self.fields["also_next"] = forms.BooleanField(
                label=lazy("Also for the next ones"),
                required=False,
                initial=True,
                help_text=lazy("All but the date. Those that are planned already stay as they are."),
            )
            more = ["also_next"]
        self.helper.layout = Layout(*self.parts(), *more, "version")

    def current_value(self, record: Record, name: str) -> Any:
        """Return what a field would hold now."""
        assert isinstance(record, Activity)
        if name in ("checklist", "optional"):
            needed = name == "checklist"
            return "\n".join(item.text for item in checklist_of(record) if item.is_required is needed)
        return getattr(record, name, None)


class OutcomeForm(VersionedFormMixin, forms.Form):
    """Says what came of an activity."""

    outcome = forms.CharField(
        label=lazy("Outcome"),
        max_length=MOST_OUTCOME,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=lazy("What was found and concluded, and what follows. Markdown."),
    )

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, record=activity, initial={"outcome": activity.outcome}, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("outcome", "version")
