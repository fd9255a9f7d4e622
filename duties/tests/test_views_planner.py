"""The page of the year planner, and moving dates from it."""

from __future__ import annotations

import csv
import io
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.tests.factories import audit_make
from duties.models import Activity
from duties.services import series_begin
from duties.tests.factories import NOW, activity_make, again, done
from duties.tests.test_views import browser_of
from foundation.calendar.views.moves import MOVED
from foundation.deadlines.models import Deadline
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

PLANNER = "/duties/year/"
YEAR = f"{PLANNER}?year=2031"
DAY, EARLIER = date(2031, 3, 31), date(2031, 2, 3)


def page_of(person: object, path: str = YEAR) -> str:
    response = browser_of(person).get(path)
    assert response.status_code == 200
    return unescape(response.content.decode())


def move_url(activity: Activity) -> str:
    return reverse("calendar:date-move", args=[Deadline.objects.get(record_id=activity.pk).pk])


def move(browser: Client, activity: Activity, to: str, **more: str) -> Any:
    version = Record.objects.get(pk=activity.pk).version
    return browser.post(f"{move_url(activity)}?next={YEAR}", {"to": to, "version": version, **more})


def test_it_works(cast: Cast) -> None:
    activity_make(cast, due_on=DAY, title="Look at the threats")
    audit_make(cast, starts_on=DAY, title="Gateway review")
    browser = browser_of(cast.ciso)
    browser.get(YEAR)
    with assert_queries("year-planner"):
        page = browser.get(YEAR).content.decode()
    assert "Look at the threats" in page
    assert "Gateway review" in page
    assert page.count('role="gridcell"') == 14 * 12
    assert page.count("Nothing planned") == 11
    assert "/duties/activities/new/?duty=1" in page
    assert "6 open" in page


def test_a_year_of_this_one_is_shown_without_being_asked_for(cast: Cast) -> None:
    page = page_of(cast.ciso, PLANNER)
    assert 'aria-current="date"' in page
    assert page.count("is-today") == 13
    assert 'aria-current="date"' not in page_of(cast.ciso)


def test_the_reader_sees_what_they_may_know_of(cast: Cast) -> None:
    activity_make(cast, due_on=DAY, title="For all", unit=cast.units.root)
    activity_make(cast, due_on=DAY, title="Of cards", unit=cast.units.cards)
    activity_make(cast, due_on=DAY, title="Of retail", unit=cast.units.retail)
    activity_make(
        cast, due_on=EARLIER, title="In secret", confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso
    )
    found = {
        name: {
            title for title in ("For all", "Of cards", "Of retail", "In secret") if title in page_of(person)
        }
        for name, person in cast.people().items()
    }
    assert found["ciso"] == {"For all", "Of cards", "Of retail", "In secret"}
    assert found["auditor"] == {"For all", "Of cards", "Of retail"}
    assert found["unit_lead"] == {"Of cards"}
    assert found["outsider"] == set()


def test_only_who_may_plan_is_led_to_it(cast: Cast) -> None:
    assert "Nothing that you may know of" in page_of(cast.auditor)
    assert "Plan an activity" not in page_of(cast.auditor)
    assert "Plan an activity" in page_of(cast.analyst)


def test_filters_narrow_it_and_lead_on(cast: Cast) -> None:
    for number in range(5):
        activity_make(cast, due_on=DAY, title=f"Threat {number}", owner=cast.personnel)
    activity_make(cast, duty=8, due_on=DAY, title="Plan audits", owner=cast.ciso)
    done(cast, due_on=EARLIER, title="Was done")
    page = page_of(cast.ciso, f"{YEAR}&duty=5&person=dimitrov")
    assert "Plan audits" not in page
    assert page.count('role="gridcell"') == 2 * 12
    more = "/calendar/?view=list&day=2031-03-01&duty=5&state=open&person=dimitrov"
    assert f'{more}">2 more' in page
    assert all(f"Threat {number}" in page_of(cast.ciso, more) for number in range(5))
    finished = more.replace("state=open", "state=done").replace("-03-", "-02-")
    assert f'href="{finished}"' in page
    assert "Was done" not in page
    assert "Was done" in page_of(cast.ciso, finished)
    assert "Was done" in page_of(cast.ciso, f"{YEAR}&done=on")
    assert "Threat 1" not in page_of(cast.ciso, f"{YEAR}&kind=audit")
    assert "Nothing fits the filters" in page_of(cast.ciso, f"{YEAR}&kind=audit")
    assert f"{PLANNER}?year=2032&duty=5&person=dimitrov" in page


def sheet_of(person: object, query: str = "") -> list[dict[str, str]]:
    response = browser_of(person).get(f"{YEAR}&export=csv{query}")
    assert response.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig"))))


def test_the_year_is_taken_along_as_a_file(cast: Cast) -> None:
    activity = activity_make(cast, due_on=DAY, title="=1+1")
    done(cast, due_on=EARLIER, title="Was done")
    activity_make(
        cast, due_on=DAY, title="In secret", confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso
    )
    audit_make(cast, starts_on=DAY)
    series_begin(activity=activity, rrule="FREQ=MONTHLY;INTERVAL=4", actor=cast.analyst, now=NOW)
    rows = sheet_of(cast.auditor)
    assert [row["Date"] for row in rows] == sorted(row["Date"] for row in rows)
    assert [row["Title"] for row in rows if row["Month"] == "2031-02"] == ["Was done"]
    assert {row["State"] for row in rows} == {"Open", "Done", "Not planned yet"}
    first = next(row for row in rows if row["Reference"] == activity.reference)
    assert first == {
        "Duty": "5. Threat landscape",
        "Month": "2031-03",
        "Date": "2031-03-31",
        "What is due": "Duty activity",
        "Reference": activity.reference,
        "Title": "'=1+1",
        "Kind": "Duty activity",
        "Assigned to": cast.personnel.full_name,
        "Owner": cast.personnel.full_name,
        "State": "Open",
    }
    assert {row["Duty"] for row in sheet_of(cast.auditor, "&duty=8")} == {"8. Audits"}
    assert "In secret" not in {row["Title"] for row in rows}
    assert "In secret" in {row["Title"] for row in sheet_of(cast.ciso)}
    assert sheet_of(cast.outsider) == []
    told = Entry.objects.filter(action="duties.list.exported").earliest("pk")
    assert told.actor_name == cast.auditor.full_name
    assert browser_of(cast.auditor).get(f"{YEAR}&export=xlsx").headers["Content-Type"].endswith("sheet")


def test_a_file_that_can_t_be_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    activity_make(cast, due_on=DAY)
    browser = browser_of(cast.ciso)
    assert "There is no export as" in browser.get(f"{YEAR}&export=pdf", follow=True).content.decode()
    monkeypatch.setattr("duties.planner.file.MOST_IN_FILE", 0)
    assert "A file holds at most" in browser.get(f"{YEAR}&export=csv", follow=True).content.decode()


def test_htmx_gets_the_results_alone(cast: Cast) -> None:
    browser = browser_of(cast.ciso)
    part = browser.get(YEAR, headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
    assert "<h1" not in part
    assert 'id="list-status"' in part


@pytest.mark.parametrize(
    "query",
    [
        "year=abc",
        "year=99999",
        "year=0",
        "year=-1",
        "year=1970",
        "year=2999",
        "year=%00",
        "year=20\u0663\u0661",
        "duty=14",
        "duty=x",
        "kind=no",
        "unit=0",
        "person=%00",
        "year=2031&duty=8&unit=nope",
    ],
)
def test_what_stands_wrong_in_the_address_is_told_and_breaks_nothing(cast: Cast, query: str) -> None:
    assert 'role="alert"' in page_of(cast.ciso, f"{PLANNER}?{query}")


@pytest.mark.parametrize("year", [1971, 2998])
def test_there_is_nothing_before_the_first_year_and_after_the_last(cast: Cast, year: int) -> None:
    page = page_of(cast.ciso, f"{PLANNER}?year={year}")
    assert 'role="alert"' not in page
    assert ('rel="prev"' in page, 'rel="next"' in page) == (year != 1971, year != 2998)


def test_what_a_person_wrote_is_escaped(cast: Cast) -> None:
    activity_make(cast, due_on=DAY, title='<b>"x"</b>')
    assert "<b>" not in browser_of(cast.ciso).get(YEAR).content.decode()


@pytest.mark.parametrize(
    ("to", "day"),
    [
        ("2031-04", "2031-04-30"),
        ("2031-02", "2031-02-28"),
        ("2032-02", "2032-02-29"),
        ("2031-05", "2031-05-31"),
        ("2031-13", "2031-03-31"),
        ("x-y", "2031-03-31"),
        ("2999-12", "2031-03-31"),
    ],
)
def test_a_month_proposes_the_same_day_or_its_last(cast: Cast, to: str, day: str) -> None:
    activity = activity_make(cast, due_on=DAY)
    page = page_of(cast.analyst, f"{move_url(activity)}?to={to}&next={YEAR}")
    assert f'value="{day}"' in page
    assert 'href="/duties/year/?year=2031"' in page
    assert ">Year planner<" in page


def test_a_move_leads_back_to_the_planner_which_offers_to_take_it_back(cast: Cast) -> None:
    activity = activity_make(cast, due_on=DAY)
    browser = browser_of(cast.analyst)
    moved = move(browser, activity, "2031-06-30")
    assert (moved.status_code, moved.url) == (302, YEAR)
    assert again(activity).due_on == date(2031, 6, 30)
    page = browser.get(YEAR).content.decode()
    assert "moved to Monday 30 June 2031" in page
    assert "Undo" in page
    assert MOVED not in browser.session
    assert move(browser, activity, DAY.isoformat(), undo="1").url == YEAR
    assert again(activity).due_on == DAY


def test_the_same_checks_as_on_the_form(cast: Cast) -> None:
    activity, finished = activity_make(cast, due_on=DAY), done(cast, due_on=DAY)
    browser = browser_of(cast.analyst)
    assert "valid date" in move(browser, activity, "2031-02-31").content.decode()
    stale = browser.post(move_url(activity), {"to": "2031-06-01", "version": 0})
    assert stale.status_code == 422
    assert "changed by someone else" in stale.content.decode()
    assert "can&#x27;t be moved any more" in move(browser, finished, "2031-06-01").content.decode()
    assert move(browser_of(cast.auditor), activity, "2031-06-01").status_code == 403
    assert move(browser_of(cast.outsider), activity, "2031-06-01").status_code == 404
    dialog = {"HX-Request": "true", "HX-Target": "ask-content"}
    told = browser_of(cast.auditor).get(f"{move_url(activity)}?to=2031-06", headers=dialog)
    assert "This needs the right" in told.content.decode()
    assert again(activity).due_on == DAY
