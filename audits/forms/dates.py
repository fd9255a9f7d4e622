"""The dates of an audit in a form: each as a number of days from the start, and as a day. Whichever is changed, counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.schedule import EARLIEST, LATEST, LONGEST, Offsets

if TYPE_CHECKING:
    BaseForm = forms.Form
else:
    BaseForm = object

SHOWN = "_shown"


class DayField(forms.DateField):
    """A day that an audit may have, typed or picked."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget",
            forms.DateInput(
                attrs={"type": "date", "min": EARLIEST.isoformat(), "max": LATEST.isoformat()},
                format="%Y-%m-%d",
            ),
        )
        super().__init__(**options)
        message = lazy("Use a date between 2000 and 2100.")
        self.validators += [MinValueValidator(EARLIEST, message), MaxValueValidator(LATEST, message)]


class DaysField(forms.IntegerField):
    """A number of days from the start."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=LONGEST, required=False, **options)


@dataclass(frozen=True)
class DateRow:
    """One date besides the start: the names of its two fields, and on which side of the start it lies."""

    days: str
    day: str
    label: Any
    days_label: Any
    sign: int = 1

    @property
    def shown(self) -> str:
        """Return the name of the hidden field that says what was shown: the number of days and the day."""
        return f"{self.day}{SHOWN}"

    def day_of(self, starts_on: date, days: int) -> date:
        """Return the day that lies so many days from the start."""
        return starts_on + timedelta(days=self.sign * days)

    def days_of(self, starts_on: date, day: date) -> int:
        """Return how many days lie between the start and a day; negative on the wrong side of the start."""
        return self.sign * (day - starts_on).days


ROWS = (
    DateRow(
        days="preparation_days",
        day="preparation_on",
        label=lazy("Preparation starts"),
        days_label=lazy("days before the start"),
        sign=-1,
    ),
    DateRow(
        days="fieldwork_days",
        day="fieldwork_ends_on",
        label=lazy("Fieldwork ends"),
        days_label=lazy("days after the start"),
    ),
    DateRow(
        days="report_days",
        day="report_due_on",
        label=lazy("Report due"),
        days_label=lazy("days after the start"),
    ),
    DateRow(
        days="follow_up_days",
        day="follow_up_on",
        label=lazy("Follow-up due"),
        days_label=lazy("days after the start"),
    ),
)


@dataclass(frozen=True)
class BoundRow:
    """A date as it is drawn: its two fields, and what they showed when the page was made."""

    row: DateRow
    days: BoundField
    day: BoundField
    shown: BoundField


class DatesFormMixin(BaseForm):
    """The start of an audit and the dates that follow from it.

    A changed number of days moves its day, a changed day its number; when the start is changed, all days that were
    left as they are follow it. `cleaned_data["offsets"]` holds what comes of it. Works without a script: hidden fields
    carry what was shown, so that what was changed is known.
    """

    def add_date_fields(self, offsets: Offsets, starts_on: date | None) -> None:
        """Add the fields, filled from what an audit has."""
        self.fields["starts_on"] = DayField(label=lazy("Fieldwork starts"), initial=starts_on)
        days, dates = offsets.values(), offsets.dates(starts_on) if starts_on else {}
        for row in ROWS:
            day = dates.get(row.day)
            self.fields[row.days] = DaysField(label=f"{row.label}: {row.days_label}", initial=days[row.days])
            self.fields[row.day] = DayField(label=row.label, required=False, initial=day)
            self.fields[row.shown] = forms.CharField(
                widget=forms.HiddenInput,
                required=False,
                max_length=40,
                initial=f"{days[row.days]}|{day.isoformat() if day else ''}",
            )

    def date_rows(self) -> Iterator[BoundRow]:
        """Yield the dates for the template."""
        for row in ROWS:
            yield BoundRow(row, self[row.days], self[row.day], self[row.shown])

    def clean(self) -> dict[str, Any]:
        """Settle the dates."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts_on = cleaned.get("starts_on")
        if starts_on is None:
            return cleaned
        settled = {row.days: self._settle(row, starts_on) for row in ROWS}
        if None in settled.values():
            return cleaned
        offsets = Offsets(**{name: days for name, days in settled.items() if days is not None})
        self._check_order(offsets)
        if not self.errors:
            cleaned["offsets"] = offsets
        return cleaned

    def _settle(self, row: DateRow, starts_on: date) -> int | None:
        """Return the number of days that counts, or None when something is wrong with it (and told)."""
        if row.days in self.errors or row.day in self.errors:
            return None
        days, day = self.cleaned_data.get(row.days), self.cleaned_data.get(row.day)
        shown_days, shown_day = _read_shown(self.cleaned_data.get(row.shown) or "")
        if days is None and day is None:
            self.add_error(row.days, _("Give a number of days, or a day."))
            return None
        day_was_left = day is None or (day == shown_day and days is not None)
        if days is not None and (day_was_left or row.day_of(starts_on, days) == day):
            return self._within(row, starts_on, int(days))
        assert day is not None
        if days is not None and days != shown_days:
            self.add_error(
                row.day,
                _("%(days)d days from the start is %(day)s. Change the number or the day, not both.")
                % {"days": days, "day": row.day_of(starts_on, days).isoformat()},
            )
            return None
        counted = row.days_of(starts_on, day)
        if counted < 0:
            before = _("This lies after the start.") if row.sign < 0 else _("This lies before the start.")
            self.add_error(row.day, before)
            return None
        return self._within(row, starts_on, counted)

    def _within(self, row: DateRow, starts_on: date, days: int) -> int | None:
        """Return the number of days if its day lies in the years and the distance that an audit may have."""
        if days > LONGEST:
            self.add_error(row.day, _("All dates lie within two years of the start."))
            return None
        if not EARLIEST <= row.day_of(starts_on, days) <= LATEST:
            self.add_error(row.day, _("Use a date between 2000 and 2100."))
            return None
        return days

    def _check_order(self, offsets: Offsets) -> None:
        if offsets.report_days < offsets.fieldwork_days:
            self.add_error("report_due_on", _("The report is due when the fieldwork has ended, not before."))
        if offsets.follow_up_days < offsets.report_days:
            self.add_error("follow_up_on", _("The follow-up is due after the report, not before."))


def _read_shown(text: str) -> tuple[int | None, date | None]:
    days, _bar, day = text.partition("|")
    try:
        return int(days) if days else None, date.fromisoformat(day) if day else None
    except ValueError:
        return None, None
