"""The part of a form in which a person says how something recurs, without having heard of RRULE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from crispy_forms.layout import LayoutObject
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.deadlines.forms import choices
from foundation.deadlines.forms.recurrence_values import values_of
from foundation.deadlines.recurrence import Recurrence
from foundation.deadlines.rules import MAX_COUNT, MAX_INTERVAL, Frequency, RecurrenceError
from foundation.ui.dates import full_text

PREVIEWED = 5
PREVIEW_NAME = "repeat_preview"
RECURRENCE_FIELDS = (
    "repeat_unit",
    "repeat_interval",
    "repeat_weekdays",
    "repeat_by",
    "repeat_nth",
    "repeat_weekday",
    "repeat_ends",
    "repeat_until",
    "repeat_count",
)


@dataclass(frozen=True)
class RecurrencePreview:
    """The next dates of a recurrence after its start, for showing."""

    sentence: str
    starts_on: date
    dates: list[date]
    falls_on_start: bool

    @property
    def start_text(self) -> str:
        """Return the start in full."""
        return full_text(self.starts_on)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Return the dates in ISO 8601 and in full."""
        return [(day.isoformat(), full_text(day)) for day in self.dates]

    @classmethod
    def of(cls, recurrence: Recurrence) -> RecurrencePreview:
        """Return the preview of a recurrence."""
        return cls(
            sentence=recurrence.describe(),
            starts_on=recurrence.starts_on,
            dates=recurrence.occurrences(recurrence.starts_on, PREVIEWED),
            falls_on_start=recurrence.occurrences(recurrence.starts_on - timedelta(days=1), 1)
            == [recurrence.starts_on],
        )


class RecurrenceFormMixin(forms.Form):
    """Adds fields for a recurrence to a form that has a start date; `cleaned_data["recurrence"]` is the value or None.

    Give the present one as `recurrence=`: its exceptions that still fit the new rule are kept, and a rule that the
    fields can't say is offered to be left as it is. Draw the fields with the layout object `RecurrenceFields()`. A POST by
    its preview button is never valid, so the form comes back with the dates on it: the way without scripts.
    """

    recurrence_start_field: ClassVar[str] = "starts_on"

    repeat_unit = forms.ChoiceField(
        label=gettext_lazy("Repeats"), choices=choices.UNITS, required=False, initial=choices.NEVER
    )
    repeat_interval = forms.IntegerField(
        label=gettext_lazy("Every"),
        required=False,
        min_value=1,
        initial=1,
        help_text=gettext_lazy("1 is each day, week, month or year; 3 is every third."),
    )
    repeat_weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("On these weekdays"),
        choices=choices.WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: the weekday of the start."),
    )
    repeat_by = forms.ChoiceField(
        label=gettext_lazy("On which day"),
        choices=choices.BY,
        required=False,
        initial=choices.BY_DAY,
        widget=forms.RadioSelect,
    )
    repeat_nth = forms.ChoiceField(
        label=gettext_lazy("Which of the month"), choices=choices.NTHS, required=False, initial="1"
    )
    repeat_weekday = forms.ChoiceField(
        label=gettext_lazy("Weekday"), choices=choices.WEEKDAYS, required=False, initial="MO"
    )
    repeat_ends = forms.ChoiceField(
        label=gettext_lazy("Ends"),
        choices=choices.ENDS,
        required=False,
        initial=choices.ENDS_NEVER,
        widget=forms.RadioSelect,
    )
    repeat_until = forms.DateField(
        label=gettext_lazy("Last date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    repeat_count = forms.IntegerField(
        label=gettext_lazy("Times in all"),
        required=False,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_COUNT)],
        widget=forms.NumberInput(attrs={"min": 1, "max": MAX_COUNT}),
    )

    def __init__(self, *args: Any, recurrence: Recurrence | None = None, **kwargs: Any) -> None:
        values = values_of(recurrence)
        kwargs["initial"] = {**values, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.recurrence = recurrence
        if recurrence and values["repeat_unit"] == choices.KEPT:
            field = self.fields["repeat_unit"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*choices.UNITS, (choices.KEPT, recurrence.describe())]

    @property
    def wants_preview(self) -> bool:
        """Tell whether it was sent by the preview button."""
        return self.is_bound and PREVIEW_NAME in self.data

    @property
    def preview(self) -> RecurrencePreview | None:
        """Return the next dates by what was sent, or at first by what is the case; None when there are none to show."""
        if not self.is_bound:
            return RecurrencePreview.of(self.recurrence) if self.recurrence else None
        self.errors  # noqa: B018 - cleans what was sent
        recurrence = self.cleaned_data.get("recurrence")
        return RecurrencePreview.of(recurrence) if recurrence else None

    def is_valid(self) -> bool:
        """Tell whether to go on: not when only the preview is asked for."""
        return super().is_valid() and not self.wants_preview

    def clean(self) -> dict[str, Any]:
        """Make the value from those fields that go with the unit chosen; the others don't matter, whatever they hold."""
        super().clean()
        unit = self.cleaned_data.get("repeat_unit")
        used = _fields_used(unit, self.data_of("repeat_by"), self.data_of("repeat_ends"))
        for name in set(RECURRENCE_FIELDS) - used:
            self.errors.pop(name, None)
        self.cleaned_data["recurrence"] = None
        starts_on = self.cleaned_data.get(self.recurrence_start_field)
        if not unit or used & self.errors.keys() or not isinstance(starts_on, date):
            return self.cleaned_data
        self._check_needed(unit, used, starts_on)
        if not used & self.errors.keys():
            try:
                self.cleaned_data["recurrence"] = self._value(unit, starts_on)
            except RecurrenceError as error:
                self.add_error("repeat_unit", str(error))
        return self.cleaned_data

    def data_of(self, name: str) -> str:
        """Return what is chosen in a field, or what it starts with when nothing was sent."""
        value = self.cleaned_data.get(name)
        return str(value) if value else str(self.fields[name].initial or "")

    def _check_needed(self, unit: str, used: set[str], starts_on: date) -> None:
        """Tell what is missing or too much, beside the field that it is about."""
        if unit != choices.KEPT:
            limit = MAX_INTERVAL[Frequency(unit)]
            if (self.cleaned_data.get("repeat_interval") or 1) > limit:
                message = ngettext("Use at most %(limit)d.", "Use at most %(limit)d.", limit)
                self.add_error("repeat_interval", message % {"limit": limit})
        if "repeat_until" in used:
            until = self.cleaned_data.get("repeat_until")
            if until is None:
                self.add_error("repeat_until", _("Give the last date."))
            elif until < starts_on:
                self.add_error("repeat_until", _("The last date lies before the start."))
        if "repeat_count" in used and self.cleaned_data.get("repeat_count") is None:
            self.add_error("repeat_count", _("Give the number of times."))

    def _value(self, unit: str, starts_on: date) -> Recurrence:
        rrule = self._rrule(unit, starts_on)
        if self.recurrence is None:
            return Recurrence(rrule, starts_on)
        return self.recurrence.with_rule(rrule, starts_on)

    def _rrule(self, unit: str, starts_on: date) -> str:
        if unit == choices.KEPT:
            assert self.recurrence is not None
            return self.recurrence.rrule
        data = self.cleaned_data
        parts = [f"FREQ={unit}", f"INTERVAL={data.get('repeat_interval') or 1}"]
        if unit == choices.WEEKLY and data["repeat_weekdays"]:
            parts.append(f"BYDAY={','.join(data['repeat_weekdays'])}")
        if unit in (choices.MONTHLY, choices.YEARLY) and self.data_of("repeat_by") == choices.BY_WEEKDAY:
            parts.append(f"BYDAY={self.data_of('repeat_nth')}{self.data_of('repeat_weekday')}")
            if unit == choices.YEARLY:
                parts.append(f"BYMONTH={starts_on.month}")
        match self.data_of("repeat_ends"):
            case choices.ENDS_ON:
                parts.append(f"UNTIL={data['repeat_until']:%Y%m%d}")
            case choices.ENDS_AFTER:
                parts.append(f"COUNT={data['repeat_count']}")
        return ";".join(parts)


class RecurrencePreviewForm(RecurrenceFormMixin):
    """What the preview is asked with: the fields of the mixin and a start."""

    starts_on = forms.DateField(label=gettext_lazy("Start"))


class RecurrenceFields(LayoutObject):
    """Draws the fields of RecurrenceFormMixin in a crispy layout, with the preview."""

    template = "deadlines/_recurrence_fields.html"

    def render(self, form: forms.BaseForm, context: Any, *args: Any, **kwargs: Any) -> str:
        """Draw the fields, and note that crispy need not draw them again."""
        form.rendered_fields.update(RECURRENCE_FIELDS)  # type: ignore[attr-defined]
        return render_to_string(self.template, {**context.flatten(), "form": form})


def _fields_used(unit: str | None, by: str, ends: str) -> set[str]:
    """Return the fields that matter for what was chosen."""
    if unit in (None, choices.NEVER, choices.KEPT):
        return {"repeat_unit"}
    used = {"repeat_unit", "repeat_interval", "repeat_ends"}
    if unit == choices.WEEKLY:
        used.add("repeat_weekdays")
    if unit in (choices.MONTHLY, choices.YEARLY):
        used.add("repeat_by")
        if by == choices.BY_WEEKDAY:
            used |= {"repeat_nth", "repeat_weekday"}
    if ends == choices.ENDS_ON:
        used.add("repeat_until")
    if ends == choices.ENDS_AFTER:
        used.add("repeat_count")
    return used
