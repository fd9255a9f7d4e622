"""The forms that let an audit recur, and that skip or move one of its occurrences."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as lazy

from audits.forms.dates import DayField
from audits.models import Audit, AuditSeries
from audits.selectors import recurrence_of
from audits.services import series_mark
from foundation.deadlines.forms.recurrence import (
    PREVIEWED,
    RecurrenceFields,
    RecurrenceFormMixin,
    RecurrencePreview,
)
from foundation.records.forms import send_instead
from foundation.ui.form_pages import CommentForm


class SeriesForm(RecurrenceFormMixin, forms.Form):
    """How an audit recurs, counted from its start."""

    starts_on = DayField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        self.audit = audit
        recurrence = recurrence_of(audit.series) if audit.series else None
        initial = {"starts_on": audit.starts_on, "seen": series_mark(audit.series)}
        super().__init__(*args, recurrence=recurrence, initial=initial, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(RecurrenceFields(), "starts_on", "seen")

    def stand_on(self, series: AuditSeries) -> None:
        """Let the form be sent again over what somebody else saved meanwhile."""
        send_instead(self, "seen", series_mark(series))

    @property
    def preview(self) -> RecurrencePreview | None:
        """Return the next dates: at first those of the series as it is, after this audit."""
        if self.is_bound or self.recurrence is None or self.audit.occurrence_on is None:
            return super().preview
        return RecurrencePreview(
            sentence=self.recurrence.describe(),
            starts_on=self.audit.starts_on,
            dates=self.recurrence.occurrences(self.audit.occurrence_on, PREVIEWED),
            falls_on_start=True,
        )

    def clean(self) -> dict[str, Any]:
        """Ask for a rule: a series is ended on a page of its own, with the reason."""
        cleaned = super().clean()
        if not self.errors and cleaned.get("recurrence") is None:
            self.add_error(
                "repeat_unit", lazy("Choose how it recurs. A series is ended by “End the series”.")
            )
        return cleaned


class ReasonForm(CommentForm):
    """Why something is done, always asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, needs_comment=True, comment_label=lazy("Why?"), **kwargs)


class MoveForm(ReasonForm):
    """To which day an occurrence is moved, and why."""

    def __init__(self, *args: Any, bounds: tuple[date, date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = DayField(label=lazy("Move it to"))
        to.widget.attrs |= {"min": bounds[0].isoformat(), "max": bounds[1].isoformat()}
        self.fields = {"to": to, **self.fields}
