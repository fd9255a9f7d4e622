"""The forms of requests for evidence: asking, changing what is asked, and answering."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import AuditRole
from audits.forms.fields import LONG_TEXT, long_text
from audits.models import Audit, Check, EvidenceRequest
from audits.schedule import EARLIEST, LATEST
from audits.services.evidence import EvidenceAsk
from foundation.accounts.forms.fields import PeopleChoice, PersonChoice, people_to_choose
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.records.forms import SubmissionFormMixin, VersionedFormMixin

ANSWERED_WITHIN = timedelta(days=10)
MOST_LINES = 50
LONGEST_LINE = 200


def due_field() -> forms.DateField:
    """Return the field of the day by which evidence is due."""
    return forms.DateField(
        label=lazy("Due"),
        widget=forms.DateInput(
            attrs={"type": "date", "min": EARLIEST.isoformat(), "max": LATEST.isoformat()}, format="%Y-%m-%d"
        ),
        help_text=lazy("Who is asked is reminded before that day, and when it is late."),
    )


class EvidenceAskForm(SubmissionFormMixin, forms.Form):
    """Asks one or several people for one or several things, until one day.

    `checks` are those that the page was opened for. A line that begins with the identifier of a check of the audit is
    asked for that check; where the page was opened for one check, every line is.
    """

    lines = forms.CharField(
        label=lazy("What is needed"),
        max_length=MOST_LINES * (LONGEST_LINE + 2),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=lazy(
            "One thing a line: each becomes a request of its own. A line that begins with the identifier of a "
            "requirement on the checklist, such as AC-2, is asked for that check."
        ),
    )
    description = long_text(
        lazy("Details"), lazy("What it should show, for which time, in which form. For all lines.")
    )
    due_on = due_field()

    def __init__(
        self,
        *args: Any,
        audit: Audit,
        user: User,
        now: datetime,
        checks: Sequence[Check] = (),
        template: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.audit, self.checks, self.template = audit, checks, dict(template)
        auditors = {part.user_id for part in audit.participants.all() if part.role != AuditRole.AUDITEE}
        auditees = [part.user_id for part in audit.participants.all() if part.role == AuditRole.AUDITEE]
        self.fields["owners"] = PeopleChoice(
            label=lazy("Who is asked"),
            queryset=people_to_choose().exclude(pk__in={*auditors, user.pk}),
            help_text=lazy("Several people: each is asked for everything, and sees only their own requests."),
        )
        if len(auditees) == 1:
            self.initial.setdefault("owners", auditees)
        self.initial.setdefault("due_on", organisation_day(now) + ANSWERED_WITHIN)
        lines = [title for title, _details in template]
        lines += [f"{check.text.identifier} {check.text.title}"[:LONGEST_LINE] for check in checks]
        if lines:
            self.initial.setdefault("lines", "\n".join(lines))
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(lazy("What"), "lines", "description"),
            Fieldset(lazy("Who and when"), Div("owners", "due_on", css_class="form-grid")),
            "submission",
        )

    def clean_lines(self) -> list[str]:
        """Return what is needed, line by line, each once."""
        lines = [line.strip() for line in self.cleaned_data["lines"].splitlines()]
        lines = list(dict.fromkeys(line for line in lines if line))
        if not lines:
            raise ValidationError(_("Say what is needed."))
        if len(lines) > MOST_LINES:
            raise ValidationError(_("At most %(most)d lines at once.") % {"most": MOST_LINES})
        for line in lines:
            if len(line) > LONGEST_LINE:
                raise ValidationError(
                    _(
                        "A line has %(most)d characters at the most; put the rest into the details: “%(line)s…”"
                    )
                    % {"most": LONGEST_LINE, "line": line[:40]}
                )
        return lines

    def asks(self) -> list[EvidenceAsk]:
        """Return what is asked for, each with its details and its checks."""
        named = {check.text.identifier.casefold(): check for check in self._checks_named()}
        details = self.cleaned_data["description"]
        return [
            EvidenceAsk(
                title=line,
                description=details or self.template.get(line, ""),
                checks=self._checks_of(line, named),
            )
            for line in self.cleaned_data["lines"]
        ]

    def _checks_named(self) -> list[Check]:
        return list(self.audit.checks.select_related("text"))

    def _checks_of(self, line: str, named: Mapping[str, Check]) -> list[Check]:
        if len(self.checks) == 1:
            return list(self.checks)
        first = re.split(r"[\s:;,–—]+", line.casefold(), maxsplit=1)[0]
        return [named[first]] if first in named else []


class EvidenceChangeForm(VersionedFormMixin, forms.Form):
    """Changes what is asked by a request."""

    title = forms.CharField(label=lazy("What is needed"), max_length=LONGEST_LINE)
    description = long_text(lazy("Details"), lazy("What it should show, for which time, in which form."))
    due_on = due_field()

    def __init__(self, *args: Any, request: EvidenceRequest, **kwargs: Any) -> None:
        initial = {
            "title": request.title,
            "description": request.description,
            "owner": request.owner_id,
            "due_on": request.due_on,
        }
        super().__init__(*args, record=request, initial=initial, **kwargs)
        self.fields["owner"] = PersonChoice(
            label=lazy("Who is asked"), queryset=people_to_choose(request.owner)
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "title", "description", Div("owner", "due_on", css_class="form-grid"), "version"
        )

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the services take."""
        return {name: self.cleaned_data[name] for name in ("title", "description", "owner", "due_on")}


class EvidenceAnswerForm(VersionedFormMixin, forms.Form):
    """Answers a request in words; its files come by themselves."""

    answer = forms.CharField(
        label=lazy("Your answer in words"),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("What the files show, or why there are none. Files alone are enough, too."),
    )

    def __init__(self, *args: Any, request: EvidenceRequest, **kwargs: Any) -> None:
        super().__init__(*args, record=request, initial={"answer": request.answer}, **kwargs)
