"""The forms that let an audit recur, and that skip or move one of its occurrences."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as lazy

from audits.forms.dates import DayField
from audits.models import Audit, AuditSeries, SeriesException
from audits.selectors import last_change_of, recurrence_of
from audits.services import decision_version, series_version
from foundation.accounts.forms.seen import SeenFormMixin
from foundation.deadlines.forms.recurrence import (
    PREVIEWED,
    RecurrenceFields,
    RecurrenceFormMixin,
    RecurrencePreview,
)
from foundation.deadlines.recurrence import Recurrence
from foundation.ui.conflicts import NOTHING, VERSION, Conflict, ConflictRow, send_instead
from foundation.ui.dates import full_text
from foundation.ui.form_pages import CommentForm


class SeriesSeenMixin(SeenFormMixin):
    """A form about how an audit recurs: in a conflict it tells the rules, and which occurrences are skipped or moved."""

    def version_now(self, current: AuditSeries | None) -> str:
        """Return the version of the series."""
        return series_version(current)

    def wanted(self) -> tuple[str, str]:
        """Return what was typed in words: the rule, and the exceptions from it."""
        raise NotImplementedError

    def conflict_with(self, current: AuditSeries) -> Conflict:
        """Return what was typed beside how it recurs now; the form then stands on that."""
        send_instead(self, VERSION, self.version_now(current))
        recurrence = recurrence_of(current)
        rule, exceptions = self.wanted()
        says = gettext("It has ended.") if current.ended_at else recurrence.describe()
        entry = last_change_of(current)
        return Conflict(
            name=gettext("How it recurs"),
            rows=(
                ConflictRow(gettext("Recurrence"), rule, says),
                ConflictRow(gettext("Skipped or moved"), exceptions, _exceptions_text(recurrence)),
            ),
            by=entry.actor_name if entry else "",
            at=entry.at if entry else None,
        )


def _exceptions_text(recurrence: Recurrence) -> str:
    """Return what is skipped or moved, one occurrence a line."""
    skipped = [(day, gettext("%(day)s: skipped") % {"day": full_text(day)}) for day in recurrence.skipped]
    moved = [
        (day, gettext("%(day)s: moved to %(to)s") % {"day": full_text(day), "to": full_text(to)})
        for day, to in recurrence.moved
    ]
    return "\n".join(text for _day, text in sorted([*skipped, *moved])) or NOTHING


class SeriesForm(SeriesSeenMixin, RecurrenceFormMixin, forms.Form):
    """How an audit recurs, counted from its start."""

    starts_on = DayField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        self.audit = audit
        recurrence = recurrence_of(audit.series) if audit.series else None
        initial = {"starts_on": audit.starts_on}
        super().__init__(*args, recurrence=recurrence, initial=initial, **kwargs)
        self.see(audit.series)
        self.helper = FormHelper()
        self.helper.layout = Layout(RecurrenceFields(), "starts_on", VERSION)

    def wanted(self) -> tuple[str, str]:
        """Return the rule, and those exceptions that fit it."""
        recurrence: Recurrence = self.cleaned_data["recurrence"]
        return recurrence.describe(), _exceptions_text(recurrence)

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


class EndForm(SeriesSeenMixin, ReasonForm):
    """Why a series ends."""

    def __init__(self, *args: Any, series: AuditSeries, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.see(series)

    def wanted(self) -> tuple[str, str]:
        """Return that it ends, with all that is to come."""
        return gettext("It ends."), NOTHING


class DecisionFormMixin(SeenFormMixin):
    """A form that decides about an occurrence: it stands on what was decided before, which nobody replaces unseen."""

    def __init__(self, *args: Any, decided: SeriesException | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.see(decided)

    def version_now(self, current: SeriesException | None) -> str:
        """Return the version of what is decided."""
        return decision_version(current)

    def wanted(self) -> str:
        """Return in words what is to become of the occurrence."""
        raise NotImplementedError

    def conflict_with(self, current: SeriesException | None) -> Conflict:
        """Return what is wanted beside what is decided now, and who decided it; the form then stands on that."""
        send_instead(self, VERSION, self.version_now(current))
        return Conflict(
            name=gettext("The occurrence"),
            rows=(
                ConflictRow(gettext("When"), self.wanted(), _decision_text(current)),
                ConflictRow(
                    str(self.fields["comment"].label),
                    self.cleaned_data["comment"].strip() or NOTHING,
                    current.reason if current else NOTHING,
                ),
            ),
            by=current.created_by.full_name if current else "",
            at=current.created_at if current else None,
        )


def _decision_text(decided: SeriesException | None) -> str:
    if decided is None:
        return gettext("by the rule")
    return _moved_text(decided.moved_to) if decided.moved_to else gettext("skipped")


def _moved_text(to: date) -> str:
    return gettext("moved to %(day)s") % {"day": full_text(to)}


class SkipForm(DecisionFormMixin, ReasonForm):
    """Why an occurrence is skipped."""

    def wanted(self) -> str:
        """Return that it is skipped."""
        return gettext("skipped")


class MoveForm(DecisionFormMixin, ReasonForm):
    """To which day an occurrence is moved, and why."""

    def __init__(self, *args: Any, bounds: tuple[date, date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = DayField(label=lazy("Move it to"))
        to.widget.attrs |= {"min": bounds[0].isoformat(), "max": bounds[1].isoformat()}
        self.fields = {"to": to, **self.fields}

    def wanted(self) -> str:
        """Return the day."""
        return _moved_text(self.cleaned_data["to"])


class RestoreForm(DecisionFormMixin, CommentForm):
    """A comment on putting an occurrence back."""

    def wanted(self) -> str:
        """Return that the rule is in force."""
        return gettext("by the rule")
