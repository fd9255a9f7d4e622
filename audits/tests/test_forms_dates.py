"""Dates typed as numbers of days and as days: whichever was changed counts, without a script."""

from datetime import date, timedelta
from typing import Any

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from audits.forms.dates import ROWS, DatesFormMixin
from audits.schedule import EARLIEST, LATEST, Offsets

START = date(2027, 1, 18)


class SomeForm(DatesFormMixin, forms.Form):
    def __init__(
        self, *args: Any, offsets: Offsets | None = None, start: date | None = START, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.add_date_fields(offsets or Offsets(), start)


def shown_by(form: SomeForm) -> dict[str, Any]:
    """Return what a browser sends of a page on which nothing was changed."""
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def sent(form: SomeForm, **changes: Any) -> SomeForm:
    return SomeForm({**shown_by(form), **changes})


def test_nothing_changed_is_nothing_changed() -> None:
    form = sent(SomeForm(offsets=Offsets(preparation_days=3, report_days=60)))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["offsets"] == Offsets(preparation_days=3, report_days=60)


def test_a_new_form_needs_the_start_alone() -> None:
    form = sent(SomeForm(start=None), starts_on="2027-05-03")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["offsets"] == Offsets()


def test_dates_that_were_left_follow_the_start() -> None:
    form = sent(SomeForm(), starts_on="2027-03-01")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["offsets"] == Offsets()


def test_a_changed_number_counts() -> None:
    form = sent(SomeForm(), preparation_days="45")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["offsets"] == Offsets(preparation_days=45)


def test_a_changed_day_counts_also_when_the_start_is_changed() -> None:
    form = sent(SomeForm(), report_due_on="2027-02-10")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["offsets"] == Offsets(report_days=23)
    form = sent(SomeForm(), report_due_on="2027-02-10", starts_on="2027-01-20")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["offsets"] == Offsets(report_days=21)


def test_a_day_alone_counts_where_the_number_was_emptied() -> None:
    form = sent(SomeForm(), follow_up_days="", follow_up_on="2027-06-01")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["offsets"] == Offsets(follow_up_days=134)


def test_number_and_day_that_disagree_are_told() -> None:
    form = sent(SomeForm(), report_days="20", report_due_on="2027-02-10")
    assert not form.is_valid()
    assert "not both" in form.errors["report_due_on"][0]


def test_number_and_day_that_agree_are_taken_as_a_script_sends_them() -> None:
    form = sent(SomeForm(), starts_on="2027-03-01", report_days="20", report_due_on="2027-03-21")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["offsets"] == Offsets(report_days=20)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": ""}, "starts_on"),
        ({"starts_on": "2027-02-30"}, "starts_on"),
        ({"starts_on": "0001-01-01"}, "starts_on"),
        ({"starts_on": "9999-12-31"}, "starts_on"),
        ({"starts_on": "1999-12-31"}, "starts_on"),
        ({"starts_on": "2027-01-18\x00"}, "starts_on"),
        ({"preparation_days": "-1"}, "preparation_days"),
        ({"preparation_days": "731"}, "preparation_days"),
        ({"preparation_days": "9" * 400}, "preparation_days"),
        ({"preparation_days": "many"}, "preparation_days"),
        ({"preparation_days": "", "preparation_on": ""}, "preparation_days"),
        ({"preparation_on": "2027-01-19"}, "preparation_on"),
        ({"fieldwork_ends_on": "2027-01-17"}, "fieldwork_ends_on"),
        ({"report_due_on": "2027-01-19"}, "report_due_on"),
        ({"follow_up_on": "2027-01-30"}, "follow_up_on"),
        ({"follow_up_on": "2030-01-30"}, "follow_up_on"),
        ({"follow_up_days": "5"}, "follow_up_on"),
        ({"starts_on": "2000-01-10"}, "preparation_on"),
        ({"starts_on": "2100-12-01"}, "follow_up_on"),
    ],
)
def test_what_can_not_be_is_told_beside_its_field(changes: dict[str, str], field: str) -> None:
    form = sent(SomeForm(), **changes)
    assert not form.is_valid()
    assert list(form.errors) == [field]


@pytest.mark.parametrize("shown", ["", "|", "x|y", "28|2027-99-99", "\x00", "9" * 40])
def test_a_hidden_field_that_was_meddled_with_breaks_nothing(shown: str) -> None:
    form = sent(SomeForm(), **{row.shown: shown for row in ROWS})
    form.is_valid()
    assert set(form.errors) <= {row.shown for row in ROWS}


days = st.integers(0, 300)


@given(
    start=st.dates(date(2001, 6, 1), date(2098, 1, 1)),
    moved=st.integers(-200, 200),
    numbers=st.tuples(days, days, days, days),
)
def test_what_was_shown_comes_back_whatever_the_start(
    start: date, moved: int, numbers: tuple[int, int, int, int]
) -> None:
    first, *after = numbers
    fieldwork, report, follow_up = sorted(after)
    offsets = Offsets(
        preparation_days=first, fieldwork_days=fieldwork, report_days=report, follow_up_days=follow_up
    )
    new_start = start + timedelta(days=moved)
    form = sent(SomeForm(offsets=offsets, start=start), starts_on=new_start.isoformat())
    assert form.is_valid(), form.errors
    assert form.cleaned_data["offsets"] == offsets
    assert all(EARLIEST <= day <= LATEST for day in offsets.dates(new_start).values())


@given(st.text(), st.text(), st.text(), st.text())
def test_whatever_is_typed_is_answered(start: str, number: str, day: str, shown: str) -> None:
    form = sent(SomeForm(), starts_on=start, report_days=number, report_due_on=day, report_due_on_shown=shown)
    form.is_valid()
