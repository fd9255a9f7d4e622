"""The fields in which a person says how something recurs."""

from datetime import date, timedelta

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from foundation.accounts.models import BusinessUnit
from foundation.deadlines.forms import RecurrenceFields, RecurrenceFormMixin, RecurrencePreviewForm
from foundation.deadlines.recurrence import Recurrence

START = date(2027, 1, 31)


def sent(**data: object) -> RecurrencePreviewForm:
    return RecurrencePreviewForm({"starts_on": "2027-01-31", **data})


class TestMakesRules:
    @pytest.mark.parametrize(
        ("data", "rrule"),
        [
            ({"repeat_unit": "DAILY", "repeat_interval": "10"}, "FREQ=DAILY;INTERVAL=10"),
            ({"repeat_unit": "WEEKLY"}, "FREQ=WEEKLY"),
            ({"repeat_unit": "WEEKLY", "repeat_weekdays": ["TH", "MO"]}, "FREQ=WEEKLY;BYDAY=MO,TH"),
            ({"repeat_unit": "MONTHLY", "repeat_by": "day"}, "FREQ=MONTHLY"),
            (
                {
                    "repeat_unit": "MONTHLY",
                    "repeat_by": "weekday",
                    "repeat_nth": "-1",
                    "repeat_weekday": "FR",
                },
                "FREQ=MONTHLY;BYDAY=-1FR",
            ),
            (
                {"repeat_unit": "YEARLY", "repeat_by": "weekday", "repeat_nth": "1", "repeat_weekday": "MO"},
                "FREQ=YEARLY;BYMONTH=1;BYDAY=1MO",
            ),
            (
                {"repeat_unit": "YEARLY", "repeat_ends": "on", "repeat_until": "2030-12-31"},
                "FREQ=YEARLY;UNTIL=20301231",
            ),
            ({"repeat_unit": "YEARLY", "repeat_ends": "after", "repeat_count": "3"}, "FREQ=YEARLY;COUNT=3"),
        ],
    )
    def test_from_what_was_chosen(self, data, rrule):
        form = sent(**data)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["recurrence"] == Recurrence(rrule, START)

    def test_does_not_repeat(self):
        form = sent(repeat_unit="")
        assert form.is_valid()
        assert form.cleaned_data["recurrence"] is None
        assert form.preview is None

    def test_fields_that_do_not_go_with_the_choice_do_not_matter(self):
        form = sent(
            repeat_unit="DAILY",
            repeat_weekdays=["XX"],
            repeat_nth="9",
            repeat_until="never",
            repeat_count="-1",
        )
        assert form.is_valid(), form.errors
        assert form.cleaned_data["recurrence"].rrule == "FREQ=DAILY"


class TestTellsErrors:
    @pytest.mark.parametrize(
        ("data", "field", "message"),
        [
            ({"repeat_unit": "HOURLY"}, "repeat_unit", "valid choice"),
            (
                {"repeat_unit": "DAILY", "repeat_interval": "0"},
                "repeat_interval",
                "greater than or equal to 1",
            ),
            ({"repeat_unit": "YEARLY", "repeat_interval": "11"}, "repeat_interval", "at most 10"),
            ({"repeat_unit": "DAILY", "repeat_interval": "9" * 5000}, "repeat_interval", "whole number"),
            ({"repeat_unit": "WEEKLY", "repeat_weekdays": ["XX"]}, "repeat_weekdays", "valid choice"),
            ({"repeat_unit": "MONTHLY", "repeat_by": "moon"}, "repeat_by", "valid choice"),
            ({"repeat_unit": "DAILY", "repeat_ends": "on"}, "repeat_until", "Give the last date"),
            (
                {"repeat_unit": "DAILY", "repeat_ends": "on", "repeat_until": "2027-01-30"},
                "repeat_until",
                "before the start",
            ),
            (
                {"repeat_unit": "DAILY", "repeat_ends": "on", "repeat_until": "\x00"},
                "repeat_until",
                "valid date",
            ),
            ({"repeat_unit": "DAILY", "repeat_ends": "after"}, "repeat_count", "Give the number"),
            (
                {"repeat_unit": "DAILY", "repeat_ends": "after", "repeat_count": "1001"},
                "repeat_count",
                "less than or equal to 1000",
            ),
            (
                {
                    "repeat_unit": "MONTHLY",
                    "repeat_by": "weekday",
                    "repeat_nth": "1",
                    "repeat_weekday": "MO",
                    "repeat_ends": "on",
                    "repeat_until": "2027-01-31",
                },
                "repeat_unit",
                "no date at all",
            ),
            ({"repeat_unit": "DAILY", "starts_on": "9999-12-31"}, "repeat_unit", "starts between"),
        ],
    )
    def test_beside_the_field(self, data, field, message):
        form = sent(**data)
        assert not form.is_valid()
        assert set(form.errors) == {field}
        assert message in form.errors[field][0]
        assert form.preview is None

    def test_start_that_is_missing_is_told_once(self):
        form = sent(starts_on="", repeat_unit="DAILY")
        assert not form.is_valid()
        assert set(form.errors) == {"starts_on"}

    @given(
        data=st.dictionaries(
            st.sampled_from([*RecurrenceFormMixin.base_fields, "starts_on"]),
            st.text(max_size=12)
            | st.sampled_from(["DAILY", "MONTHLY", "weekday", "on", "after", "2027-05-31", "7", "-1", "MO"]),
        )
    )
    def test_whatever_is_sent_is_answered(self, data):
        form = RecurrencePreviewForm(data)
        assert form.is_valid() or form.errors
        assert form.preview is None or form.preview.sentence


class TestRoundTrip:
    @pytest.mark.parametrize(
        "rrule",
        [
            "FREQ=DAILY;INTERVAL=3",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=9",
            "FREQ=MONTHLY;BYDAY=-1FR",
            "FREQ=YEARLY;BYMONTH=1;BYDAY=1MO;UNTIL=20401231",
            "FREQ=YEARLY",
            # What the fields can't say is left as it is.
            "FREQ=MONTHLY;BYMONTHDAY=1,15",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "FREQ=MONTHLY;BYDAY=-2FR",
            "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1;COUNT=4",
            "FREQ=YEARLY;BYDAY=1MO",
            "FREQ=DAILY;BYDAY=SA,SU",
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        ],
    )
    def test_showing_and_sending_changes_nothing(self, rrule):
        recurrence = Recurrence(rrule, START)
        recurrence = recurrence.skip(recurrence.occurrences(START, 1)[0])
        shown = RecurrencePreviewForm(initial={"starts_on": START}, recurrence=recurrence)
        data = {name: field.value() for name in shown.fields if (field := shown[name]).value() is not None}
        form = RecurrencePreviewForm(data, recurrence=recurrence)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["recurrence"] == recurrence

    @pytest.mark.parametrize("rrule", ["FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=31"])
    def test_days_that_the_start_says_anyway_are_left_to_it(self, rrule):
        form = RecurrencePreviewForm(recurrence=Recurrence(rrule, START))
        assert form["repeat_by"].value() == "day"

    def test_rule_to_be_kept_is_offered_in_words(self):
        form = RecurrencePreviewForm(recurrence=Recurrence("FREQ=DAILY;BYDAY=SA,SU", START))
        assert ">Every day on Saturday and Sunday</option>" in str(form["repeat_unit"])

    def test_rule_to_be_kept_is_offered_to_nobody_else(self):
        assert not sent(repeat_unit="KEPT").is_valid()

    def test_another_rule_keeps_the_exceptions_that_fit(self):
        recurrence = Recurrence("FREQ=MONTHLY", START).skip(date(2027, 2, 28)).skip(date(2027, 4, 30))
        data = {"starts_on": "2027-01-31", "repeat_unit": "MONTHLY", "repeat_interval": "3"}
        form = RecurrencePreviewForm(data, recurrence=recurrence)
        assert form.is_valid()
        assert form.cleaned_data["recurrence"].skipped == {date(2027, 4, 30)}


class TestPreview:
    def test_shows_the_next_five_after_the_start(self):
        preview = sent(repeat_unit="MONTHLY").preview
        assert preview
        assert preview.falls_on_start
        assert [day.isoformat() for day in preview.dates] == [
            "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"
        ]  # fmt: skip

    def test_tells_when_the_start_is_none_of_the_dates(self):
        preview = sent(repeat_unit="WEEKLY", repeat_weekdays=["MO"]).preview
        assert preview
        assert not preview.falls_on_start

    def test_button_shows_and_does_not_save(self):
        form = sent(repeat_unit="MONTHLY", repeat_preview="1")
        assert not form.is_valid()
        assert not form.errors
        assert form.preview
        assert len(form.preview.dates) == 5

    def test_of_what_is_the_case(self):
        preview = RecurrencePreviewForm(recurrence=Recurrence("FREQ=YEARLY;COUNT=2", START)).preview
        assert preview
        assert preview.dates == [START + timedelta(365)]


class UnitForm(RecurrenceFormMixin, forms.ModelForm):  # type: ignore[type-arg]
    """As an app would use it."""

    recurrence_start_field = "opens_on"
    opens_on = forms.DateField()

    class Meta:
        model = BusinessUnit
        fields = ("name",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("name", "opens_on", RecurrenceFields())


class TestInAModelForm:
    def test_is_cleaned_with_the_rest(self, db):
        form = UnitForm({"name": "Retail", "opens_on": "2027-01-31", "repeat_unit": "YEARLY"})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["recurrence"] == Recurrence("FREQ=YEARLY", START)

    def test_is_drawn_once_with_its_preview(self, db):
        form = UnitForm({"name": "", "opens_on": "2027-01-31", "repeat_unit": "YEARLY"})
        html = Template("{% load ui %}{% form_fields form %}").render(Context({"form": form}))
        assert html.count('name="repeat_unit"') == 1
        assert "Every year on 31 January" in html
        assert 'datetime="2028-01-31"' in html
        assert "[name='opens_on']" in html
        assert "This field is required" in html
