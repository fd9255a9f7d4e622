"""The forms about how an activity recurs."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext, gettext_lazy

from duties.models import Activity, ActivitySeries
from duties.selectors import recurrence_of
from duties.services import series_version
from foundation.accounts.forms.seen import SeenFormMixin
from foundation.deadlines.forms.recurrence import (
    PREVIEWED,
    RecurrenceFields,
    RecurrenceFormMixin,
    RecurrencePreview,
)
from foundation.ui.conflicts import VERSION, Conflict, ConflictRow, send_instead
from foundation.ui.form_pages import CommentForm


class SeriesSeenMixin(SeenFormMixin):
    """A form about how an activity recurs: it stands on what was decided before, which nobody replaces unseen."""

    def version_now(self, current: ActivitySeries | None) -> str:
        """Return the version of the series."""
        return series_version(current)

    def wanted(self) -> str:
        """Return in words what is wanted."""
        raise NotImplementedError

    def conflict_with(self, current: ActivitySeries) -> Conflict:
        """Return what was typed beside how it recurs now; the form then stands on that."""
        send_instead(self, VERSION, self.version_now(current))
        says = gettext("It has ended.") if current.ended_at else recurrence_of(current).describe()
        return Conflict(
            name=gettext("How it recurs"),
            rows=(ConflictRow(gettext("Recurrence"), self.wanted(), says),),
            by="",
            at=None,
        )


class RecurrenceForm(SeriesSeenMixin, RecurrenceFormMixin):
    """How an activity recurs, counted from its day."""

    starts_on = forms.DateField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        recurrence = recurrence_of(activity.series) if activity.series else None
        initial = {"starts_on": activity.due_on}
        self.activity = activity
        super().__init__(*args, recurrence=recurrence, initial=initial, **kwargs)
        self.see(activity.series)
        self.helper = FormHelper()
        self.helper.layout = Layout(RecurrenceFields(), "starts_on", VERSION)

    @property
    def preview(self) -> RecurrencePreview | None:
        """Return the next dates: at first those of the series as it is, after this activity."""
        if self.is_bound or self.recurrence is None or self.activity.occurrence_on is None:
            return super().preview
        return RecurrencePreview(
            sentence=self.recurrence.describe(),
            starts_on=self.activity.due_on,
            dates=self.recurrence.occurrences(self.activity.occurrence_on, PREVIEWED),
            falls_on_start=True,
        )

    def wanted(self) -> str:
        """Return the rule."""
        words: str = self.cleaned_data["recurrence"].describe()
        return words

    def clean(self) -> dict[str, Any]:
        """Ask for a rule: a series is ended on a page of its own, with the reason."""
        cleaned = super().clean()
        if not self.errors and cleaned.get("recurrence") is None:
            self.add_error("repeat_unit", gettext_lazy("Choose how it recurs."))
        return cleaned


class SeriesEndForm(SeriesSeenMixin, CommentForm):
    """Why an activity does not recur any more."""

    def __init__(self, *args: Any, series: ActivitySeries, **kwargs: Any) -> None:
        label = gettext_lazy("Why does it not recur any more?")
        super().__init__(*args, needs_comment=True, comment_label=label, **kwargs)
        self.see(series)

    def wanted(self) -> str:
        """Return that it ends."""
        return gettext("It ends.")
