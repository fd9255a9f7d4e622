"""The forms of findings: what the auditors say, and what is answered."""

from datetime import date, datetime, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as lazy

from audits.choices import CheckResult, Grade
from audits.forms.fields import long_text
from audits.models import MOST_WHYS, Audit, Check, Finding
from audits.schedule import EARLIEST, LATEST
from audits.selectors import requirements_to_choose
from compliance.models import Requirement
from foundation.accounts.forms.fields import PersonChoice, SearchSelect, people_to_choose
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.records.forms import SubmissionFormMixin, VersionedFormMixin
from foundation.records.models import Record

ANSWERED_WITHIN = timedelta(days=14)
PLAIN = ("title", "grade", "owner", "answer_due_on", "description", "evidence", "risk")
WHYS = tuple(f"why_{number}" for number in range(1, MOST_WHYS + 1))
ANSWER_TEXTS = ("response", "root_cause", "correction")


class FindingForm(forms.Form):
    """What the auditors say of a finding: the fields that raising and changing have in common."""

    title = forms.CharField(
        label=lazy("Finding"), max_length=200, help_text=lazy("What falls short, in one sentence.")
    )
    grade = forms.ChoiceField(label=lazy("Grade"), choices=[("", lazy("Choose …")), *Grade.choices])
    description = long_text(lazy("What was found"), lazy("Where, how often, since when."))
    evidence = long_text(
        lazy("Evidence"),
        lazy("What shows it: documents, samples, interviews. Files go on the finding's page."),
    )
    risk = long_text(lazy("Risk"), lazy("What may come of it."))
    answer_due_on = forms.DateField(
        label=lazy("Answer due"),
        widget=forms.DateInput(
            attrs={"type": "date", "min": EARLIEST.isoformat(), "max": LATEST.isoformat()}, format="%Y-%m-%d"
        ),
        help_text=lazy("Until then the owner is reminded."),
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        audit: Audit,
        owner: User | None = None,
        requirement: Requirement | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = PersonChoice(
            label=lazy("Owner"),
            queryset=people_to_choose(owner),
            help_text=lazy("Answers for it on the side of those who are audited."),
        )
        choices = requirements_to_choose(audit, user, requirement)
        self.fields["requirement"] = forms.TypedChoiceField(
            label=lazy("Requirement"),
            required=False,
            choices=[("", lazy("None")), *choices],
            coerce=int,
            empty_value=None,
            widget=SearchSelect(),
            help_text=lazy("What it falls short of. By it and the unit, repeated findings are recognised."),
        )

    def parts(self) -> list[Any]:
        """Return the parts of the form as they are laid out."""
        return [
            Fieldset(
                lazy("What"),
                "title",
                Div(
                    "grade", *(["requirement"] if "requirement" in self.fields else []), css_class="form-grid"
                ),
                *(["comment"] if "comment" in self.fields else []),
                "description",
                "evidence",
                "risk",
            ),
            Fieldset(lazy("Who answers"), Div("owner", "answer_due_on", css_class="form-grid")),
        ]

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the services take."""
        values = {name: self.cleaned_data[name] for name in PLAIN}
        if "requirement" in self.fields:
            key = self.cleaned_data["requirement"]
            values["requirement"] = Requirement.objects.get(pk=key) if key else None
        return values


class FindingRaiseForm(SubmissionFormMixin, FindingForm):
    """Raises a finding of an audit, from one of its checks or not."""

    def __init__(
        self, *args: Any, audit: Audit, now: datetime, check: Check | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, audit=audit, **kwargs)
        self.initial.setdefault("answer_due_on", _answer_day(now))
        auditees = [part.user_id for part in audit.participants.all() if part.role == "audits.auditee"]
        if len(auditees) == 1:
            self.initial.setdefault("owner", auditees[0])
        if check is not None:
            del self.fields["requirement"]
            self.initial.setdefault("description", check.notes)
            if check.result in Grade.values and check.result != CheckResult.NOT_TESTED:
                self.initial.setdefault("grade", check.result)
        else:
            self.fields["requirement"].widget.attrs.update(
                {"hx-get": "", "hx-target": "#repeats", "hx-swap": "innerHTML", "hx-trigger": "change"}
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.parts(), "submission")


class FindingChangeForm(VersionedFormMixin, FindingForm):
    """Changes what the auditors say of a finding; another grade needs a reason."""

    comment = forms.CharField(
        label=lazy("Why is it graded otherwise?"),
        required=False,
        max_length=2_000,
        help_text=lazy("Needed only where the grade changes."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        initial = {name: getattr(finding, name) for name in PLAIN if name != "owner"}
        initial |= {"owner": finding.owner_id, "requirement": finding.requirement_id}
        super().__init__(
            *args,
            record=finding,
            audit=finding.audit,
            owner=finding.owner,
            requirement=finding.requirement,
            initial=initial,
            **kwargs,
        )
        if finding.from_check_id is not None:
            del self.fields["requirement"]
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.parts(), "version")

    def current_value(self, record: Record, name: str) -> Any:
        """Return what a field would hold now."""
        assert isinstance(record, Finding)
        if name == "requirement":
            return record.requirement_id
        return super().current_value(record, name)


class FindingAnswerForm(VersionedFormMixin, forms.Form):
    """The answer of who is audited: response, why it came to this, root cause, and what was put right at once."""

    response = long_text(lazy("Response"), lazy("Do you agree with the finding? What do you say to it?"))
    root_cause = long_text(
        lazy("Root cause"),
        lazy("What, if it had been otherwise, would have kept it from happening. A nonconformity needs it."),
    )
    correction = long_text(
        lazy("Correction"),
        lazy(
            "What was put right at once. What keeps it from happening again you propose as actions; the auditors agree on them."
        ),
    )

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        initial = {name: getattr(finding, name) for name in ANSWER_TEXTS}
        initial |= dict(zip(WHYS, finding.whys, strict=False))
        super().__init__(*args, record=finding, initial=initial, **kwargs)
        for place, name in enumerate(WHYS):
            self.fields[name] = forms.CharField(
                label=lazy("Why did it happen?") if place == 0 else lazy("And why that?"),
                required=False,
                max_length=1_000,
                # By the placeholder the style sheet tells what is filled in: the next question appears then.
                widget=forms.TextInput(attrs={"placeholder": " "}),
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "response",
            Fieldset(lazy("Five whys"), *(Div(name) for name in WHYS), css_class="whys"),
            "root_cause",
            "correction",
            "version",
        )

    def current_value(self, record: Record, name: str) -> Any:
        """Return what a field would hold now."""
        assert isinstance(record, Finding)
        if name in WHYS:
            place = WHYS.index(name)
            return record.whys[place] if place < len(record.whys) else ""
        return super().current_value(record, name)

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the services take."""
        texts = {name: self.cleaned_data[name] for name in ANSWER_TEXTS}
        return {**texts, "whys": [self.cleaned_data[name] for name in WHYS]}


def _answer_day(now: datetime) -> date:
    return organisation_day(now) + ANSWERED_WITHIN
