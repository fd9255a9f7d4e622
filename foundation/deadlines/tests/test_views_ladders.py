"""The pages of ladders."""

from typing import Any

import pytest
from django.urls import reverse

from foundation.accounts.choices import Role
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.deadlines.models import Ladder
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

LIST = "/deadlines/ladders/"
BRISK: dict[str, Any] = {
    "name": "Brisk",
    "days_before": "2, 5; 5 1",
    "on_the_day": "on",
    "late_daily_for": "0",
    "late_weekly": "on",
    "escalate_after": "",
    "version": "1",
}


@pytest.fixture
def ciso(cast, sign_in):
    return sign_in(cast.ciso)


class TestList:
    def test_it_works(self, ciso):
        with assert_queries("ladder list"):
            response = ciso.get(LIST)
        assert response.status_code == 200
        text = response.content.decode()
        assert (
            "30, 7 and 1 days before. On the morning of the day. Daily for 3 days when late. Then weekly."
            in text
        )
        assert "From 3 days late on, also to the manager and the CISO." in text
        assert "Report due" in text

    def test_checks_right_for_the_whole_organisation(self, cast, sign_in):
        RoleGrantFactory.create(user=cast.unit_lead, role=Role.CISO, unit=cast.units.payments)
        assert sign_in(cast.unit_lead).get(LIST).status_code == 403


class TestCreate:
    def test_it_works(self, cast, ciso):
        response = ciso.post(reverse("deadlines:ladder-create"), BRISK)
        assert response.status_code == 302
        ladder = Ladder.objects.get(key="brisk")
        assert (ladder.days_before, ladder.late_daily_for, ladder.escalate_after) == ([5, 2, 1], 0, None)
        entry = Entry.objects.get(action="deadlines.ladder.created")
        assert (entry.actor_id, entry.subject, entry.after["days_before"]) == (
            cast.ciso.pk,
            "Brisk",
            [5, 2, 1],
        )

    def test_form_starts_as_usual(self, ciso):
        with assert_queries("ladder form"):
            response = ciso.get(reverse("deadlines:ladder-create"))
        assert response.context["form"]["days_before"].value() == "30, 7, 1"
        assert "30 days before" in response.content.decode()

    @pytest.mark.parametrize("name", ["Preview", "New", "“”", "Standard 2"])
    def test_keys_are_free_and_lead_somewhere(self, ciso, name):
        Ladder.objects.create(key="standard-2", name="Other")
        ciso.post(reverse("deadlines:ladder-create"), {**BRISK, "name": name})
        ladder = Ladder.objects.get(name=name)
        assert ciso.get(reverse("deadlines:ladder-edit", args=[ladder.key])).context["title"] == name

    @pytest.mark.parametrize(
        ("data", "field", "message"),
        [
            ({"name": ""}, "name", "required"),
            ({"name": " STANDARD "}, "name", "Another ladder has this name."),
            ({"name": "x" * 101}, "name", "at most 100"),
            ({"days_before": "7, a week"}, "days_before", "“a” is not a number of days"),
            ({"days_before": "731"}, "days_before", "between 1 and 730"),
            ({"days_before": "0"}, "days_before", "between 1 and 730"),
            ({"days_before": "-7"}, "days_before", "“-7” is not a number of days"),
            ({"days_before": "²"}, "days_before", "is not a number"),
            ({"days_before": ",".join(map(str, range(1, 22)))}, "days_before", "at most 20"),
            ({"late_daily_for": ""}, "late_daily_for", "required"),
            ({"late_daily_for": "61"}, "late_daily_for", "less than or equal to 60"),
            ({"escalate_after": "0"}, "escalate_after", "greater than or equal to 1"),
            ({"escalate_after": "366"}, "escalate_after", "less than or equal to 365"),
            ({"example_due_on": "soon"}, "example_due_on", "valid date"),
            ({"example_due_on": "9999-12-31"}, "example_due_on", "between 1970 and 2999"),
        ],
    )
    def test_tells_what_is_wrong_beside_the_field(self, ciso, data, field, message):
        response = ciso.post(reverse("deadlines:ladder-create"), {**BRISK, **data})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
        assert message in response.context["form"].errors[field][0]
        assert not Ladder.objects.exclude(key="standard").exists()

    def test_a_second_click_leads_to_the_same_ladder(self, ciso):
        for _click in range(2):
            response = ciso.post(reverse("deadlines:ladder-create"), BRISK)
            assert (response.status_code, response["Location"]) == (302, LIST)
        assert Entry.objects.filter(action="deadlines.ladder.created").count() == 1
        response = ciso.post(reverse("deadlines:ladder-create"), {**BRISK, "days_before": "3"})
        assert response.context["form"].errors == {"name": ["Another ladder has this name."]}

    def test_nothing_typed_is_lost(self, ciso):
        response = ciso.post(reverse("deadlines:ladder-create"), {**BRISK, "days_before": "7 <b>"})
        assert 'value="7 &lt;b&gt;"' in response.content.decode()


class TestEdit:
    URL = "/deadlines/ladders/standard/"

    def test_it_works(self, cast, ciso, standard):
        response = ciso.post(self.URL, {**BRISK, "name": "Standard"})
        assert response.status_code == 302
        standard.refresh_from_db()
        assert (standard.days_before, standard.version) == ([5, 2, 1], 2)
        entry = Entry.objects.get(action="deadlines.ladder.changed")
        assert entry.before == {"days_before": [30, 7, 1], "late_daily_for": 3, "escalate_after": 3}
        assert entry.after == {"days_before": [5, 2, 1], "late_daily_for": 0, "escalate_after": None}

    def test_the_second_who_changes_it_is_shown_both_versions(self, cast, sign_in, ciso, standard):
        sign_in(cast.ciso).post(self.URL, {**BRISK, "name": "Standard"})
        response = ciso.post(self.URL, {**BRISK, "name": "Standard", "days_before": "60 3"})
        assert response.status_code == 409
        text = response.content.decode()
        assert "Standard was changed while you wrote" in text
        assert "Celia Moreau saved another version" in text
        (row,) = response.context["conflict"].different_rows
        assert (row.label, row.mine, row.theirs) == ("Days before", "60, 3", "5, 2, 1")
        assert 'value="60 3"' in text
        standard.refresh_from_db()
        assert standard.days_before == [5, 2, 1]
        form = response.context["form"]
        sent_again = {**BRISK, "name": "Standard", "days_before": "60 3", "version": form["version"].value()}
        assert ciso.post(self.URL, sent_again).status_code == 302
        standard.refresh_from_db()
        assert standard.days_before == [60, 3]

    def test_a_name_that_another_ladder_has_is_told_beside_the_field(self, ciso, standard):
        Ladder.objects.create(key="other", name="Brisk")
        response = ciso.post(self.URL, {**BRISK, "name": "BRISK"})
        assert response.status_code == 422
        assert response.context["form"].errors == {"name": ["Another ladder has this name."]}
        standard.refresh_from_db()
        assert (standard.name, standard.version) == ("Standard", 1)

    def test_saving_nothing_new_writes_no_trail(self, ciso, standard):
        page = ciso.get(self.URL).context["form"]
        data = {name: page[name].value() for name in page.fields if page[name].value() not in (None, False)}
        assert ciso.post(self.URL, data).status_code == 302
        assert not Entry.objects.exists()
        standard.refresh_from_db()
        assert standard.version == 1

    def test_unknown_ladder(self, ciso):
        assert ciso.get("/deadlines/ladders/nothing/").status_code == 404

    def test_preview_button_shows_and_does_not_save(self, ciso, standard):
        data = {**BRISK, "name": "Standard", "example_due_on": "2027-03-30", "preview": "1"}
        response = ciso.post(self.URL, data)
        text = response.content.decode()
        assert "Thursday 25 March 2027, 07:00" in text
        assert "Tuesday 30 March 2027, 07:00" in text
        standard.refresh_from_db()
        assert standard.version == 1


class TestPreview:
    URL = "/deadlines/ladders/preview/"
    DATA = {"days_before": "1", "late_daily_for": "1", "late_weekly": "on", "example_due_on": "2027-03-29"}

    def test_fragment_for_htmx(self, ciso):
        headers = {"HX-Request": "true", "HX-Target": "ladder-preview"}
        text = ciso.get(self.URL, {**self.DATA, "escalate_after": "10"}, headers=headers).content.decode()
        assert "<html" not in text
        times = ["2027-03-28T07:00:00+01:00", "2027-03-30T07:00:00+01:00", "2027-04-06T07:00:00+01:00"]
        assert all(f'datetime="{time}"' in text for time in times)
        assert text.count("also the manager and the CISO") == 3
        assert "and so on, weekly" in text

    def test_page_of_its_own_without_htmx(self, ciso):
        assert "<html" in ciso.get(self.URL, self.DATA).content.decode()

    @pytest.mark.parametrize(
        "data",
        [{}, {"days_before": "x"}, {**DATA, "late_daily_for": "x"}, {**DATA, "example_due_on": "\x00"}],
    )
    def test_whatever_stands_in_the_address(self, ciso, data):
        response = ciso.get(self.URL, data)
        assert response.status_code == 200
        assert "Once the fields are right" in response.content.decode()

    def test_ladder_without_reminders(self, ciso):
        response = ciso.get(self.URL, {"late_daily_for": "0", "example_due_on": "2027-03-29"})
        assert "Nobody is reminded" in response.content.decode()


class TestRecurrencePreview:
    URL = "/deadlines/recurrence/preview/"
    DATA = {"start_field": "opens_on", "opens_on": "2027-01-31", "repeat_unit": "MONTHLY"}

    @pytest.fixture
    def anyone(self, cast, sign_in):
        return sign_in(cast.outsider)

    def test_fragment_for_htmx(self, anyone):
        headers = {"HX-Request": "true", "HX-Target": "repeat-preview"}
        text = anyone.get(self.URL, self.DATA, headers=headers).content.decode()
        assert "<html" not in text
        assert text.count("<li>") == 5
        assert '<time datetime="2027-02-28">Sunday 28 February 2027</time>' in text

    def test_tells_what_is_wrong(self, anyone):
        text = anyone.get(self.URL, {**self.DATA, "repeat_interval": "0"}).content.decode()
        assert "Ensure this value is greater than or equal to 1." in text

    def test_rule_that_is_kept(self, anyone):
        data = {**self.DATA, "repeat_unit": "KEPT", "kept": "FREQ=MONTHLY;BYMONTHDAY=1,15"}
        assert "2027-02-15" in anyone.get(self.URL, data).content.decode()

    def test_rejects_post(self, anyone):
        assert anyone.post(self.URL, self.DATA).status_code == 405

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"start_field": "\x00"},
            {**DATA, "opens_on": "31.13.2027"},
            {**DATA, "repeat_unit": "KEPT"},
            {**DATA, "repeat_unit": "KEPT", "kept": "FREQ=DAILY;" * 100},
            {**DATA, "repeat_interval": "9" * 5000},
            {**DATA, "opens_on": "9999-12-31"},
            {**DATA, "opens_on": "0001-01-01"},
        ],
    )
    def test_whatever_stands_in_the_address(self, anyone, data):
        assert anyone.get(self.URL, data).status_code == 200
