"""The form of a contact on a plan's sheet, and those of exercises."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms.fields import PeopleChoice, PersonChoice, people_to_choose
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.deadlines.forms.recurrence import RecurrenceFields, RecurrenceFormMixin
from foundation.deadlines.recurrence import Recurrence
from foundation.records.forms import SubmissionFormMixin, VersionedFormMixin
from foundation.records.models import Record
from foundation.ui.conflicts import Conflict, conflict_between
from foundation.ui.form_pages import CommentForm
from policies.models import Document
from response.choices import ExerciseType, Result
from response.models import LONGEST_CADENCE, USUAL_CADENCE, Contact, Exercise
from response.permissions import TEAM

WRITTEN = (
    "position",
    "role",
    "person",
    "outside",
    "phone",
    "email",
    "after_hours",
    "deputy",
    "cadence_months",
)


class ContactForm(forms.Form):
    """Whom a plan calls: for what, who it is, and how they are reached."""

    role = forms.CharField(
        label=_("Role"), max_length=120, help_text=_("As the plan calls it, such as incident commander.")
    )
    position = forms.IntegerField(
        label=_("Order of calling"), min_value=1, max_value=999, help_text=_("1 is called first.")
    )
    outside = forms.CharField(
        label=_("Somebody outside"),
        max_length=200,
        required=False,
        help_text=_("A name and an organisation, where it is nobody of the portal."),
    )
    phone = forms.RegexField(
        re.compile(r"^[0-9+()/.\- ]*[0-9][0-9+()/.\- ]*((x|ext\.?|extension) ?[0-9]+)? *$", re.IGNORECASE),
        label=_("Phone"),
        max_length=60,
        required=False,
        error_messages={
            "invalid": _(
                "A phone number has digits, blanks and + ( ) / . - alone; an extension stands last, such as x12."
            )
        },
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    after_hours = forms.CharField(
        label=_("Out of hours"),
        max_length=300,
        required=False,
        help_text=_("How they are reached at night and on holidays."),
    )
    deputy = forms.CharField(
        label=_("Deputy"),
        max_length=300,
        required=False,
        help_text=_("Who is called instead, with the number."),
    )
    cadence_months = forms.IntegerField(
        label=_("Confirmed every (months)"), min_value=1, max_value=LONGEST_CADENCE, initial=USUAL_CADENCE
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, contact: Contact | None = None, next_position: int = 1, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {"position": next_position}
        if contact is not None:
            initial = {name: getattr(contact, name) for name in WRITTEN} | {"version": contact.revision}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonChoice(
            label=_("Person"),
            required=False,
            queryset=people_to_choose(contact.person if contact else None),
            empty_label=_("Nobody of the portal"),
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Div(*(name for name in WRITTEN), css_class="form-grid"),
            "version",
        )

    def clean_person(self) -> User | None:
        """Refuse who is no longer here: the sheet names who takes the role now."""
        person: User | None = self.cleaned_data["person"]
        if person is not None and not person.is_active:
            raise forms.ValidationError(
                _("%(person)s has left: name who takes the role now.") % {"person": person.full_name}
            )
        return person

    def clean(self) -> dict[str, Any]:
        """Ask for one who it is, and for a way to reach them."""
        found: dict[str, Any] = super().clean() or {}
        if (
            "person" not in self.errors
            and bool(found.get("person")) == bool(found.get("outside", "").strip())
            and "outside" not in self.errors
        ):
            self.add_error("person", _("Choose a person, or name somebody outside: one of the two."))
        reached = found.get("phone") or found.get("email")
        if not reached and not {"phone", "email"} & self.errors.keys():
            self.add_error("phone", _("Give a phone number or an e-mail address."))
        return found

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the service takes."""
        return {name: self.cleaned_data[name] for name in WRITTEN}

    def conflict_with(self, current: Contact) -> Conflict:
        """Return what was typed beside what stands there now; the form then stands on that."""
        return conflict_between(
            self,
            lambda name: getattr(current, name, None),
            name=current.role,
            version=str(current.revision),
            by=current.confirmed_by.full_name if current.confirmed_by else "",
            at=None,
        )


class ContactConfirmForm(CommentForm):
    """Says that a contact is right as it was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


PLANNED = ("title", "type", "owner", "planned_on", "scenario")
MOST_OBJECTIVES, LONGEST_OBJECTIVE = 20, 400


class ExerciseFields(RecurrenceFormMixin):
    """What is planned of an exercise."""

    recurrence_start_field = "planned_on"

    title = forms.CharField(label=_("Title"), max_length=200)
    type = forms.ChoiceField(label=_("Type"), choices=ExerciseType.choices)
    planned_on = forms.DateField(
        label=_("Planned on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    scenario = forms.CharField(
        label=_("Scenario"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What is supposed to happen, step by step. The team reads it, too."),
    )
    objectives = forms.CharField(
        label=_("Objectives"),
        max_length=9_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: what the exercise is to show. Each is judged afterwards."),
    )

    def __init__(self, *args: Any, exercise: Exercise | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = PersonChoice(
            label=_("Owner"),
            queryset=people_to_choose(exercise.owner if exercise else None),
            help_text=_("Who holds it, and writes down what came of it."),
        )
        self.fields["team"] = PeopleChoice(
            label=_("Team"), queryset=people_to_choose(), required=False, help_text=_("Who takes part.")
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "title",
            Div("type", "owner", "planned_on", "team", css_class="form-grid"),
            RecurrenceFields(),
            "scenario",
            "objectives",
            *(name for name in ("submission", "version") if name in self.fields),
        )

    def clean_owner(self) -> User:
        """Refuse an owner who is no longer here."""
        owner: User = self.cleaned_data["owner"]
        if not owner.is_active:
            raise forms.ValidationError(_("%(person)s is no longer active.") % {"person": owner})
        return owner

    def clean_objectives(self) -> list[str]:
        """Return the lines that say something."""
        lines = [line.strip(" -*\t\r") for line in self.cleaned_data["objectives"].split("\n")]
        found = list(dict.fromkeys(line for line in lines if line))
        if not found:
            raise forms.ValidationError(_("Say what the exercise is to show."))
        if len(found) > MOST_OBJECTIVES:
            raise forms.ValidationError(_("Name %(most)d objectives at most.") % {"most": MOST_OBJECTIVES})
        if max(map(len, found)) > LONGEST_OBJECTIVE:
            raise forms.ValidationError(
                _("An objective has %(most)d characters at most.") % {"most": LONGEST_OBJECTIVE}
            )
        return found

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names of the record's fields."""
        recurrence = self.cleaned_data["recurrence"]
        return {name: self.cleaned_data[name] for name in PLANNED} | {
            "rrule": recurrence.rrule if recurrence else ""
        }


class ExercisePlanForm(SubmissionFormMixin, ExerciseFields):
    """Plans an exercise."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, initial={"owner": user.pk}, **kwargs)


class PlanChooseForm(forms.Form):
    """Chooses the plan that an exercise is planned of."""

    plan = forms.ChoiceField(label=_("Which plan is exercised?"))

    def __init__(self, *args: Any, plans: Sequence[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(one.reference, f"{one.title} · {one.unit.name}") for one in plans]
        self.fields["plan"].choices = [("", _("Choose the plan")), *named]  # type: ignore[attr-defined]
        if not plans:
            self.fields["plan"].help_text = _(
                "No incident response plan is in force that you may exercise. Write one under “Policies” first, and have it approved."
            )


class ExerciseEditForm(VersionedFormMixin, ExerciseFields):
    """Changes what is planned of an exercise."""

    def __init__(self, *args: Any, exercise: Exercise, **kwargs: Any) -> None:
        recurrence = Recurrence(exercise.rrule, exercise.planned_on) if exercise.rrule else None
        initial = {name: self.current_value(exercise, name) for name in (*PLANNED, "objectives", "team")}
        super().__init__(
            *args, record=exercise, exercise=exercise, recurrence=recurrence, initial=initial, **kwargs
        )

    def current_value(self, record: Record, name: str) -> Any:
        """Return what a field would hold now."""
        assert isinstance(record, Exercise)
        if name == "objectives":
            return "\n".join(record.objectives.values_list("text", flat=True))
        if name == "team":
            return User.objects.filter(participations__record_id=record.pk, participations__role=TEAM)
        return getattr(record, name, None)


class ExerciseReportForm(VersionedFormMixin, forms.Form):
    """Says what happened in an exercise, and what came of each objective."""

    held_on = forms.DateField(
        label=_("Held on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    what_happened = forms.CharField(
        label=_("What happened"),
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What went well, what did not, and when. What has to change becomes an action."),
    )

    def __init__(self, *args: Any, exercise: Exercise, now: datetime, **kwargs: Any) -> None:
        self.now, self.objectives = now, list(exercise.objectives.all())
        initial = {"held_on": exercise.held_on, "what_happened": exercise.what_happened}
        super().__init__(*args, record=exercise, initial=initial, **kwargs)
        rows = []
        for one in self.objectives:
            result, note = f"result_{one.pk}", f"note_{one.pk}"
            self.fields[result] = forms.ChoiceField(
                label=one.text, choices=Result.choices, initial=one.result
            )
            self.fields[note] = forms.CharField(
                label=_("Note"), required=False, max_length=1_000, initial=one.note
            )
            rows.append(Div(result, note, css_class="form-grid"))
        self.helper = FormHelper()
        self.helper.layout = Layout("held_on", "what_happened", *rows, "version")

    def clean_held_on(self) -> date:
        """Refuse a day that is still to come."""
        day: date = self.cleaned_data["held_on"]
        if day > organisation_day(self.now):
            raise forms.ValidationError(_("It can't have been held on a day that is still to come."))
        return day

    def current_value(self, record: Record, name: str) -> Any:
        """Return what a field would hold now."""
        kind, _mark, key = name.partition("_")
        if key.isdigit():
            objective = record.objectives.filter(pk=key).first()  # type: ignore[attr-defined]
            return getattr(objective, kind, None)
        return getattr(record, name, None)

    def results(self) -> dict[int, tuple[str, str]]:
        """Return the result and the note of each objective."""
        data = self.cleaned_data
        return {one.pk: (data[f"result_{one.pk}"], data[f"note_{one.pk}"]) for one in self.objectives}
