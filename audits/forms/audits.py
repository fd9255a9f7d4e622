"""The forms that plan an audit and change one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as lazy

from audits.choices import AuditRole, AuditType
from audits.forms.dates import DatesFormMixin
from audits.forms.fields import (
    FrameworksChoice,
    ProgrammeChoice,
    frameworks_to_choose,
    leads_to_choose,
    long_text,
    programmes_to_choose,
)
from audits.models import Audit, Programme
from audits.schedule import Offsets, offsets_of
from audits.selectors import frameworks_unseen, people_of
from compliance.models import Framework
from foundation.accounts.access import access_of
from foundation.accounts.forms.fields import (
    PeopleChoice,
    PersonChoice,
    UnitChoice,
    people_to_choose,
    units_to_choose,
)
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.deadlines.forms.recurrence import RecurrenceFields, RecurrenceFormMixin
from foundation.records.choices import Confidentiality
from foundation.records.forms import SubmissionFormMixin, VersionedFormMixin
from foundation.records.models import Record

TEXTS = ("scope", "criteria", "objectives")
PLAIN = ("title", "type", "unit", "programme", "owner", "lead_auditor", "confidentiality", *TEXTS)
PEOPLE = {"team": AuditRole.TEAM, "auditees": AuditRole.AUDITEE}


class AuditForm(DatesFormMixin, forms.Form):
    """What an audit says: the fields that planning and changing have in common."""

    title = forms.CharField(label=lazy("Title"), max_length=200)
    type = forms.ChoiceField(label=lazy("Type"), choices=AuditType.choices)
    confidentiality = forms.ChoiceField(
        label=lazy("Confidentiality"),
        choices=Confidentiality.choices,
        help_text=lazy(
            "Restricted: only the people named here and the CISO know of it, also in lists and mails."
        ),
    )
    scope = long_text(lazy("Scope"), lazy("What is examined: systems, processes, places."))
    criteria = long_text(
        lazy("Criteria"), lazy("What it is held against, such as ISO/IEC 27001:2022, A.5.15.")
    )
    objectives = long_text(lazy("Objectives"))

    def __init__(
        self, *args: Any, user: User, now: datetime, audit: Audit | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people = people_of(audit) if audit else {}
        named = [person for role in PEOPLE.values() for person in people.get(role, [])]
        self.fields["unit"] = UnitChoice(
            label=lazy("Business unit"),
            queryset=units_to_choose(
                access_of(user, now).scope("audits.plan"), audit.unit if audit else None
            ),
        )
        self.fields["programme"] = ProgrammeChoice(
            label=lazy("Programme"),
            required=False,
            queryset=programmes_to_choose(user, audit.programme if audit else None),
            empty_label=lazy("None"),
        )
        self.unseen_frameworks = frameworks_unseen(audit, user) if audit else []
        self.fields["frameworks"] = FrameworksChoice(
            label=lazy("Frameworks"),
            required=False,
            queryset=frameworks_to_choose(user, audit),
            help_text=lazy("The catalogues whose requirements it tests. Coverage counts by them."),
        )
        self.fields["owner"] = PersonChoice(
            label=lazy("Owner"),
            queryset=people_to_choose(audit.owner if audit else None),
            help_text=lazy("Answers for the audit, and sees to what follows from it."),
        )
        self.fields["lead_auditor"] = PersonChoice(
            label=lazy("Lead auditor"),
            queryset=leads_to_choose(
                now.astimezone(organisation_zone()).date(), audit.lead_auditor if audit else None
            ),
            help_text=lazy("Runs the audit; needs the right to run audits of the unit."),
        )
        self.fields["team"] = PeopleChoice(
            label=lazy("Audit team"), required=False, queryset=people_to_choose(*named)
        )
        self.fields["auditees"] = PeopleChoice(
            label=lazy("Auditees"),
            required=False,
            queryset=people_to_choose(*named),
            help_text=lazy("Who is audited: they see this audit and are reminded before it starts."),
        )
        self.add_date_fields(offsets_of(audit) if audit else Offsets(), audit.starts_on if audit else None)

    def parts(self) -> list[Any]:
        """Return the parts of the form as they are laid out."""
        return [
            Fieldset(
                lazy("What"),
                "title",
                Div("type", "confidentiality", css_class="form-grid"),
                "scope",
                "criteria",
                "frameworks",
                "objectives",
            ),
            Fieldset(
                lazy("Whose"),
                Div("unit", "programme", "owner", "lead_auditor", css_class="form-grid"),
                "team",
                "auditees",
            ),
            Fieldset(lazy("Dates"), HTML("{% include 'audits/_dates_form.html' with rows=form.date_rows %}")),
        ]

    def frameworks(self) -> list[Framework]:
        """Return the frameworks that were chosen, and those of the audit that the reader does not see and so can't drop."""
        return [*self.cleaned_data["frameworks"], *self.unseen_frameworks]

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the services take; without the people of the parts."""
        return {name: self.cleaned_data[name] for name in (*PLAIN, "starts_on")}


class AuditPlanForm(SubmissionFormMixin, RecurrenceFormMixin, AuditForm):
    """Plans an audit, and lets it recur."""

    def __init__(self, *args: Any, programme: Programme | None = None, **kwargs: Any) -> None:
        user = kwargs["user"]
        super().__init__(*args, **kwargs)
        self.initial.setdefault("owner", user.pk)
        if programme is not None:
            self.initial.setdefault("programme", programme.pk)
            self.initial.setdefault("unit", programme.unit_id)
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.parts(), RecurrenceFields(), "submission")


class AuditChangeForm(VersionedFormMixin, AuditForm):
    """Changes an audit, but for what of it is `kept`, by the name of the field and with the reason."""

    def __init__(self, *args: Any, audit: Audit, kept: Mapping[str, str], **kwargs: Any) -> None:
        initial = {name: _initial(audit, name) for name in PLAIN}
        people = people_of(audit)
        initial["frameworks"] = list(audit.frameworks.values_list("pk", flat=True))
        initial |= {name: [one.pk for one in people.get(role, [])] for name, role in PEOPLE.items()}
        super().__init__(*args, record=audit, audit=audit, initial=initial, **kwargs)
        for name, reason in kept.items():
            self.fields[name].help_text = reason
            # What was sent by a form that was drawn before stays, so that it can be told with what was typed.
            self.fields[name].disabled = name not in self.data
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.parts(), "version")
        if audit.series and not audit.series.ended_at:
            self.fields["for_series"] = forms.BooleanField(
                label=lazy("Let the next audits of the series start from this, too"),
                required=False,
                help_text=lazy("Their texts, people and days; the dates follow the recurrence."),
            )
            self.helper.layout.append("for_series")

    def current_value(self, record: Record, name: str) -> Any:
        """Return what a field would hold now."""
        assert isinstance(record, Audit)
        if name in PEOPLE:
            return people_of(record).get(PEOPLE[name], [])
        if name == "frameworks":
            return list(record.frameworks.exclude(pk__in=[one.pk for one in self.unseen_frameworks]))
        return super().current_value(record, name)


def _initial(audit: Audit, name: str) -> Any:
    return getattr(audit, f"{name}_id", None) if hasattr(Audit, f"{name}_id") else getattr(audit, name)
