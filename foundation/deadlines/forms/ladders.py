"""The form of a ladder of reminders."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.forms.seen import SeenFormMixin
from foundation.deadlines.ladders import Steps
from foundation.deadlines.models import Ladder
from foundation.ui.dates import FIRST_DAY, LAST_DAY

MAX_DAYS_BEFORE = 730
MAX_REMINDERS_BEFORE = 20
PREVIEW_NAME = "preview"
EXAMPLE_NAME = "example_due_on"


class DaysField(forms.CharField):
    """Numbers of days, written as "30, 7, 1"; the value is a list, each once, the longest first."""

    def prepare_value(self, value: Any) -> Any:
        """Write a list as a person does."""
        return ", ".join(str(day) for day in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]  # a list in place of the text
        """Read the numbers; raise ValidationError that names what is none, or too many."""
        days = {self._day(part) for part in re.split(r"[\s,;]+", super().to_python(value) or "") if part}
        if len(days) > MAX_REMINDERS_BEFORE:
            raise ValidationError(
                _("Use at most %(limit)d reminders before the date."), params={"limit": MAX_REMINDERS_BEFORE}
            )
        return sorted(days, reverse=True)

    def _day(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MAX_DAYS_BEFORE):
            raise ValidationError(
                _("“%(text)s” is not a number of days between 1 and %(limit)d."),
                params={"text": text, "limit": MAX_DAYS_BEFORE},
            )
        return int(text)


class LadderForm(SeenFormMixin, forms.Form):
    """A ladder's fields, the version that was read, and a date to show the reminders of as an example."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    days_before = DaysField(
        label=gettext_lazy("Days before"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Numbers of days, such as 30, 7, 1. Empty: no reminder before the day."),
        widget=forms.TextInput(attrs={"inputmode": "text"}),
    )
    on_the_day = forms.BooleanField(label=gettext_lazy("On the morning of the day"), required=False)
    late_daily_for = forms.IntegerField(
        label=gettext_lazy("Daily when late, for so many days"), min_value=0, max_value=60
    )
    late_weekly = forms.BooleanField(label=gettext_lazy("Weekly after that"), required=False)
    escalate_after = forms.IntegerField(
        label=gettext_lazy("Tell the manager and the CISO after so many days late"),
        required=False,
        min_value=1,
        max_value=365,
        help_text=gettext_lazy(
            "They are reminded, too, on that day and whenever the assignee is after it. Empty: never."
        ),
    )
    example_due_on = forms.DateField(
        label=gettext_lazy("Show the reminders of this date, as an example"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @property
    def wants_preview(self) -> bool:
        """Tell whether it was sent by the preview button."""
        return self.is_bound and PREVIEW_NAME in self.data

    def is_valid(self) -> bool:
        """Tell whether to go on: not when only the preview is asked for."""
        return super().is_valid() and not self.wants_preview

    def clean_example_due_on(self) -> date | None:
        """Return the example's date, if it is of this age."""
        day: date | None = self.cleaned_data["example_due_on"]
        if day and not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(
                _("Use a date between %(first)d and %(last)d."),
                params={"first": FIRST_DAY.year, "last": LAST_DAY.year},
            )
        return day

    changed_by = "deadlines.ladder.changed"

    def __init__(self, *args: Any, ladder: Ladder | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ladder:
            self.see(ladder)

    def version_now(self, current: Ladder) -> str:
        """Return the number that is raised with each change of the ladder."""
        return str(current.version)

    def current_value(self, current: Ladder, name: str) -> Any:
        """Return what the ladder says now; the example is whoever's form it is."""
        return self.cleaned_data[name] if name == EXAMPLE_NAME else getattr(current, name)

    def ladder_values(self) -> dict[str, Any]:
        """Return the values of the ladder's own fields, once the form is clean."""
        return {name: value for name, value in self.typed().items() if name != EXAMPLE_NAME}

    def example(self) -> tuple[Steps, date] | None:
        """Return the steps and the date to show as an example, by what was typed, or at first by what is the case."""
        values = self.cleaned_data if self.is_bound and self.errors is not None else self.initial
        needed = ("days_before", "late_daily_for", EXAMPLE_NAME)
        if any(values.get(name) is None for name in needed) or "escalate_after" in self.errors:
            return None
        steps = Steps(
            days_before=tuple(values["days_before"]),
            on_the_day=bool(values.get("on_the_day")),
            late_daily_for=values["late_daily_for"],
            late_weekly=bool(values.get("late_weekly")),
            escalate_after=values.get("escalate_after"),
        )
        return steps, values[EXAMPLE_NAME]
