"""The pages of exercises."""

from typing import Any

import pytest
from django.test import Client

from foundation.testing.cast import Cast
from foundation.testing.forms import send
from foundation.testing.queries import assert_queries
from policies.tests.factories import published
from response.choices import ExerciseState
from response.models import Exercise
from response.tests.factories import closed, exercise_make, held, plan_make

pytestmark = pytest.mark.django_db


def browser_of(person: object) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def test_the_list_names_what_is_open(cast: Cast) -> None:
    plan = plan_make(cast)
    exercise_make(cast, plan=plan)
    closed(cast, plan=plan, title="Last year's")
    browser = browser_of(cast.auditor)
    browser.get("/response/")
    with assert_queries("exercise-list"):
        page = browser.get("/response/").content.decode()
    assert "Ransom on a Friday" in page
    assert "Last year" not in page
    assert "Response plan" in page


def test_one_is_planned_from_the_list_by_who_may(cast: Cast) -> None:
    browser = browser_of(cast.analyst)
    assert browser.get("/response/new/").status_code == 200
    assert "No incident response plan is in force" in send(browser, "/response/new/").content.decode()
    plan = plan_make(cast)
    published(cast)
    page = browser.get("/response/").content.decode()
    assert page.count('href="/response/new/"') == 2, "above the list, and where it is empty"
    offered = browser.get("/response/new/").context["form"].fields["plan"].choices
    assert [key for key, _label in offered] == ["", plan.reference]
    answer = send(browser, "/response/new/", plan=plan.reference)
    assert answer.headers["Location"] == f"/response/plans/{plan.reference}/exercises/new/"
    assert "/response/new/" not in browser_of(cast.auditor).get("/response/").content.decode()
    assert browser_of(cast.auditor).get("/response/new/").status_code == 403


@pytest.mark.parametrize(
    ("query", "count"),
    [("state=closed", 1), ("state=all", 2), ("type=technical", 0), ("q=ransom", 1), ("mine=on", 1)],
)
def test_the_list_is_narrowed(cast: Cast, query: str, count: int) -> None:
    plan = plan_make(cast)
    exercise_make(cast, plan=plan)
    closed(cast, plan=plan, title="Old one")
    page = browser_of(cast.analyst).get(f"/response/?{query}").content.decode()
    assert sum(f">{title}<" in page for title in ("Ransom on a Friday", "Old one")) == count


def test_the_page_says_what_it_is_to_show(cast: Cast) -> None:
    exercise = held(cast, rrule="FREQ=YEARLY")
    browser = browser_of(cast.analyst)
    browser.get(exercise.get_absolute_url())
    with assert_queries("exercise-detail"):
        page = browser.get(exercise.get_absolute_url()).content.decode()
    for words in ("All are reached", "The tills stop.", "Write it up", "Pavel Dimitrov", "Actions"):
        assert words in page


def test_the_tab_says_when_it_was_last_exercised(cast: Cast) -> None:
    plan = plan_make(cast)
    browser, url = browser_of(cast.auditor), f"{plan.get_absolute_url()}exercises/"
    assert "Never exercised" in browser.get(url).content.decode()
    closed(cast, plan=plan)
    browser.get(url)
    with assert_queries("document-tab-exercises"):
        page = browser.get(url).content.decode()
    assert "Last exercised" in page
    assert "None is planned" in page
    assert browser.get(f"{published(cast).get_absolute_url()}exercises/").status_code == 404


def planned(cast: Cast, **said: Any) -> dict[str, Any]:
    return {
        "title": "Ransom on a Friday",
        "type": "tabletop",
        "planned_on": "2099-01-15",
        "objectives": "- All are reached\n\nThe tills are cut off\n",
        "team": [cast.personnel.pk],
        **said,
    }


def test_from_planning_to_closing_by_the_pages(cast: Cast) -> None:
    plan = plan_make(cast)
    browser = browser_of(cast.analyst)
    answer = send(
        browser, f"/response/plans/{plan.reference}/exercises/new/", **planned(cast, repeat_unit="YEARLY")
    )
    assert answer.status_code == 302, answer.context["form"].errors
    exercise = Exercise.objects.get()
    assert exercise.rrule.startswith("FREQ=YEARLY")
    assert [one.text for one in exercise.objectives.all()] == ["All are reached", "The tills are cut off"]
    url = exercise.get_absolute_url()
    assert send(browser, f"{url}edit/", scenario="The tills stop.").status_code == 302
    assert browser.post(f"{url}steps/hold/", {"comment": ""}).status_code == 302
    first, second = (one.pk for one in exercise.objectives.all())
    results = {f"result_{first}": "met", f"result_{second}": "partly", f"note_{second}": "Too late"}
    assert send(browser, f"{url}report/", what_happened="It went.", **results).status_code == 302
    assert browser.post(f"{url}steps/close/", {"comment": ""}).status_code == 302
    exercise.refresh_from_db()
    assert exercise.state == ExerciseState.CLOSED
    page = browser.get(url).content.decode()
    assert "Partly met" in page
    assert "Agree on an action" in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"objectives": " \n- \n"}, "objectives"),
        ({"objectives": "x" * 401}, "objectives"),
        ({"objectives": "\n".join(map(str, range(21)))}, "objectives"),
        ({"planned_on": "soon"}, "planned_on"),
        ({"type": "dance"}, "type"),
        ({"title": ""}, "title"),
    ],
)
def test_what_is_wrong_is_told(cast: Cast, typed: dict[str, Any], field: str) -> None:
    plan = plan_make(cast)
    answer = send(
        browser_of(cast.analyst),
        f"/response/plans/{plan.reference}/exercises/new/",
        **planned(cast, **typed),
    )
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_its_history_is_told(cast: Cast) -> None:
    exercise = closed(cast)
    browser = browser_of(cast.auditor)
    browser.get(exercise.get_tab_url("history"))
    with assert_queries("exercise-tab"):
        page = browser.get(exercise.get_tab_url("history")).content.decode()
    assert "closed the exercise" in page
