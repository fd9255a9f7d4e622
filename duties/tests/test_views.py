"""The pages of activities."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from duties.choices import ActivityState
from duties.models import Activity, ActivitySeries
from duties.tests.factories import DAY, activity_make, again, decide, done, ready, step, submitted
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.forms import filled, send
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
LIST, NEW = "/duties/activities/", "/duties/activities/new/"


def browser_of(person: object) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def typed(cast: Cast, **said: Any) -> dict[str, Any]:
    return {
        "title": "Assess the threats",
        "duty": 5,
        "unit": cast.units.root.pk,
        "owner": cast.personnel.pk,
        "due_on": "2099-01-15",
        "checklist": "- Ask the units\n\nRead the reports\n",
        "optional": "Show it to the board\nAsk the units",
        **said,
    }


def test_the_list_names_what_is_open(cast: Cast) -> None:
    activity_make(cast)
    done(cast, title="Last year's")
    browser = browser_of(cast.auditor)
    browser.get(LIST)
    with assert_queries("activity-list"):
        page = browser.get(LIST).content.decode()
    assert "Assess the threats" in page
    assert "5. Threat landscape" in page
    assert "Last year" not in page
    assert "Plan an activity" not in page
    assert "Plan an activity" in browser_of(cast.analyst).get(LIST).content.decode()


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("state=done", 1),
        ("state=all", 2),
        ("duty=5", 1),
        ("duty=7&state=all", 0),
        ("q=threats", 1),
        ("mine=on", 0),
        ("late=on", 0),
    ],
)
def test_the_list_is_narrowed(cast: Cast, query: str, count: int) -> None:
    activity_make(cast)
    done(cast, title="Old one")
    page = browser_of(cast.analyst).get(f"{LIST}?{query}").content.decode()
    assert sum(f">{title}<" in page for title in ("Assess the threats", "Old one")) == count


def test_its_file_says_what_came_of_it(cast: Cast) -> None:
    done(cast)
    answer = browser_of(cast.analyst).get(f"{LIST}?state=all&export=csv")
    assert "Nothing new." in b"".join(answer).decode()
    assert Entry.objects.filter(action="duties.list.exported").exists()


def test_a_restricted_one_is_known_to_few(cast: Cast) -> None:
    activity = activity_make(cast, confidentiality=Confidentiality.RESTRICTED)
    seen = {
        name: browser_of(person).get(activity.get_absolute_url()).status_code
        for name, person in cast.people().items()
    }
    assert {name for name, status in seen.items() if status == 200} == {"ciso", "personnel"}
    assert activity.reference not in browser_of(cast.analyst).get(LIST).content.decode()


def test_the_page_says_what_is_missing(cast: Cast) -> None:
    activity = activity_make(cast, rrule="FREQ=YEARLY")
    browser = browser_of(cast.personnel)
    browser.get(activity.get_absolute_url())
    with assert_queries("activity-detail"):
        page = browser.get(activity.get_absolute_url()).content.decode()
    for words in (
        "<strong>others</strong>",
        "The assessment as a file",
        "Before it is done",
        "2 items of the checklist",
        "Every year",
        "15 Dec 2027",
        "Write the outcome",
    ):
        assert words in page, words
    assert "Edit" not in [
        action.label for action in browser.get(activity.get_absolute_url()).context["actions"]
    ]


def test_it_shows_what_came_of_it_last_time(cast: Cast) -> None:
    first = done(cast, rrule="FREQ=YEARLY")
    following = Activity.objects.exclude(pk=first.pk).get()
    page = browser_of(cast.auditor).get(following.get_absolute_url()).content.decode()
    assert "Last time" in page
    assert "Nothing new." in page


def test_from_planning_to_done_by_the_pages(cast: Cast) -> None:
    browser = browser_of(cast.analyst)
    answer = send(browser, NEW, **typed(cast, repeat_unit="MONTHLY", repeat_interval=3))
    assert answer.status_code == 302, answer.context["form"].errors
    activity = Activity.objects.get()
    assert ActivitySeries.objects.get().rrule.startswith("FREQ=MONTHLY;INTERVAL=3")
    assert [(item.text, item.is_required) for item in activity.items.all()] == [
        ("Ask the units", True),
        ("Read the reports", True),
        ("Show it to the board", False),
    ]
    url, doer = activity.get_absolute_url(), browser_of(cast.personnel)
    assert send(browser, f"{url}edit/", checklist="Ask the units").status_code == 302
    assert ActivitySeries.objects.get().checklist == [
        ["Ask the units", True],
        ["Show it to the board", False],
    ]
    item = activity.items.get(text="Ask the units")
    back = doer.post(f"{url}items/{item.pk}/", {"done": "1"})
    assert back["Location"] == f"{url}#checklist"
    assert send(doer, f"{url}outcome/", outcome="All **quiet**.").status_code == 302
    assert doer.post(f"{url}steps/complete/", {"comment": ""}).status_code == 302
    activity.refresh_from_db()
    assert activity.state == ActivityState.DONE
    page = doer.get(url).content.decode()
    assert "All <strong>quiet</strong>." in page
    assert Activity.objects.count() == 2


def test_sent_twice_it_is_planned_once(cast: Cast) -> None:
    browser = browser_of(cast.analyst)
    data = filled(browser, NEW, **typed(cast))
    for _time in range(2):
        assert browser.post(NEW, data).status_code == 302
    assert Activity.objects.count() == 1


def test_the_form_begins_with_who_and_what_is_known(cast: Cast) -> None:
    form = browser_of(cast.analyst).get(f"{NEW}?duty=5").context["form"]
    assert (form["owner"].value(), form["duty"].value()) == (cast.analyst.pk, "5")
    assert browser_of(cast.analyst).get(f"{NEW}?duty=x").context["form"]["duty"].value() is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"checklist": "x" * 301}, "checklist"),
        ({"checklist": "\n".join(map(str, range(31)))}, "checklist"),
        ({"due_on": "soon"}, "due_on"),
        ({"due_on": "1066-10-14"}, "due_on"),
        ({"duty": 14}, "duty"),
        ({"title": ""}, "title"),
        ({"owner": ""}, "owner"),
        ({"repeat_unit": "MONTHLY", "repeat_interval": 900}, "repeat_interval"),
        ({"repeat_unit": "YEARLY", "repeat_ends": "on", "repeat_until": "2000-01-01"}, "repeat_until"),
    ],
)
def test_what_is_wrong_is_told_and_kept(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    answer = send(browser_of(cast.analyst), NEW, **typed(cast, task="As ever", **wrong))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "As ever" in answer.content.decode()
    assert not Activity.objects.exists()


def test_a_stale_edit_shows_both_versions(cast: Cast) -> None:
    activity = activity_make(cast)
    browser, url = browser_of(cast.analyst), f"{activity.get_absolute_url()}edit/"
    data = filled(browser, url, title="Mine")
    send(browser_of(cast.ciso), url, title="Yours")
    answer = browser.post(url, data)
    assert answer.status_code == 409
    assert "Yours" in answer.content.decode()
    assert again(activity).title == "Yours"


def test_another_rule_by_the_page_and_its_end(cast: Cast) -> None:
    activity = activity_make(cast)
    browser, url = browser_of(cast.analyst), f"{activity.get_absolute_url()}recurrence/"
    assert send(browser, url).status_code == 422, "a rule is asked for"
    assert send(browser, url, repeat_unit="YEARLY").status_code == 302
    seen = filled(browser, url, repeat_interval=2)
    assert send(browser, url, repeat_unit="MONTHLY", repeat_interval=6).status_code == 302
    assert ActivitySeries.objects.get().next_on == date(2027, 6, 15)
    assert browser.post(url, seen).status_code == 409, "somebody was faster"
    assert send(browser, f"{url}end/", comment="Sold").status_code == 302
    page = browser.get(activity.get_absolute_url()).content.decode()
    assert "does not recur any more" in page


def test_the_next_dates_are_those_after_this_one(cast: Cast) -> None:
    first = done(cast, rrule="FREQ=YEARLY")
    following = Activity.objects.exclude(pk=first.pk).get()
    form = browser_of(cast.analyst).get(f"{following.get_absolute_url()}recurrence/").context["form"]
    assert form.preview.dates[0] == date(2028, 12, 15)


def test_an_item_that_is_gone_or_of_another_is_not_ticked(cast: Cast) -> None:
    one, other = activity_make(cast), activity_make(cast, title="Other")
    item = other.items.first()
    answer = browser_of(cast.analyst).post(f"{one.get_absolute_url()}items/{item.pk}/", {"done": "1"})
    assert answer.status_code == 404
    ended = step(ready(other, cast.personnel), "complete", cast.personnel)
    answer = browser_of(cast.analyst).post(f"{ended.get_absolute_url()}items/{item.pk}/", {}, follow=True)
    assert "reopen it first" in answer.content.decode()


def test_what_waits_for_a_sign_off_leads_there(cast: Cast) -> None:
    activity = submitted(cast)
    page = browser_of(cast.ciso).get(activity.get_absolute_url()).content.decode()
    assert "What was asked, and who decides" in page
    decide(activity, cast.ciso)
    assert "Approved" in browser_of(cast.ciso).get(activity.get_absolute_url()).content.decode()


def test_its_history_is_told(cast: Cast) -> None:
    activity = done(cast)
    browser = browser_of(cast.auditor)
    browser.get(activity.get_tab_url("history"))
    with assert_queries("activity-tab"):
        page = browser.get(activity.get_tab_url("history")).content.decode()
    for words in ("reported the activity done", "did “Ask the units”"):
        assert words in page
    assert "writers" not in page


def test_it_waits_on_the_desk_and_in_the_calendar(cast: Cast) -> None:
    activity = activity_make(cast)
    assert activity.title in browser_of(cast.personnel).get("/").content.decode()
    page = browser_of(cast.ciso).get(f"/calendar/?view=agenda&day={DAY:%Y-%m-%d}&duty=5").content.decode()
    assert activity.title in page


def test_it_is_found_by_what_came_of_it(cast: Cast) -> None:
    activity = ready(activity_make(cast), cast.personnel)
    page = browser_of(cast.analyst).get("/search/?q=nothing+new").content.decode()
    assert activity.reference in page
