"""The starter plan: offered, chosen, and taken over once, in one go."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from duties.choices import Duty
from duties.models import Activity, ActivitySeries
from duties.services import ActivityRefused, StarterChoice, starter_take
from duties.starting_texts import STARTER_BY_KEY, STARTER_PLAN
from duties.tests.factories import NOW, TODAY
from foundation.accounts.choices import Role
from foundation.accounts.models import RoleGrant, User
from foundation.deadlines.models import Deadline
from foundation.deadlines.recurrence import Recurrence
from foundation.registry import FirstStep, registry
from foundation.testing.cast import Cast
from foundation.testing.forms import filled
from foundation.testing.queries import assert_queries
from foundation.testing.races import together

pytestmark = pytest.mark.django_db
URL = "/duties/starter-plan/"
DAY = date(2099, 1, 15)


def browser_of(person: object) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def take(cast: Cast, *keys: str, **said: Any) -> list[Activity]:
    choices = [StarterChoice(key=key, owner=cast.personnel, first_on=DAY) for key in keys]
    return starter_take(
        **{
            "choices": choices,
            "unit": cast.units.root,
            "with_sign_off": True,
            "actor": cast.ciso,
            "now": NOW,
            **said,
        }
    )


def test_each_duty_has_two_to_five_that_make_sense() -> None:
    counts = [sum(text.duty == duty for text in STARTER_PLAN) for duty in Duty]
    assert all(2 <= count <= 5 for count in counts)
    for text in STARTER_PLAN:
        first = text.first_on(TODAY)
        assert first.weekday() < 5
        assert Recurrence(text.rrule, first).occurrences(first, 1)
        assert 3 <= len(text.checklist) <= 10
        assert len({str(item) for item in (*text.checklist, *text.optional)}) == len(text.checklist) + len(
            text.optional
        )
        assert str(text.evidence)
    ahead = [text.first_on(TODAY) for text in STARTER_PLAN]
    soon = sum(day <= TODAY + timedelta(days=30) for day in ahead)
    assert soon <= 10, "not all at once"


def test_what_is_chosen_is_planned_with_all_that_the_plan_says(cast: Cast) -> None:
    (activity,) = take(cast, "access.privileged")
    text = STARTER_BY_KEY["access.privileged"]
    assert (activity.title, activity.duty, activity.due_on) == (text.title, text.duty, DAY)
    assert (activity.owner, activity.needs_sign_off) == (cast.personnel, True)
    assert [item.text for item in activity.items.all()] == [str(item) for item in text.checklist]
    assert activity.series.rrule == text.rrule
    assert Deadline.objects.open().get(record_id=activity.pk).assignee == cast.personnel


def test_without_sign_offs_none_needs_one(cast: Cast) -> None:
    assert not take(cast, "access.privileged", with_sign_off=False)[0].needs_sign_off


def test_taken_over_again_it_is_there_once(cast: Cast) -> None:
    assert len(take(cast, "threats.month", "risks.review")) == 2
    assert [one.title for one in take(cast, "threats.month", "advice.mail")] == [
        str(STARTER_BY_KEY["advice.mail"].title)
    ]
    assert Activity.objects.count() == 3


def test_all_or_nothing(cast: Cast) -> None:
    User.objects.filter(pk=cast.outsider.pk).update(is_active=False)
    cast.outsider.refresh_from_db()
    choices = [
        StarterChoice(key="threats.month", owner=cast.personnel, first_on=DAY),
        StarterChoice(key="risks.review", owner=cast.outsider, first_on=DAY),
    ]
    with pytest.raises(ActivityRefused):
        take(cast, choices=choices)
    assert not Activity.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_over_at_once_one_does(cast: Cast) -> None:
    keys = [text.key for text in STARTER_PLAN[:6]]
    results = together(lambda: take(cast, *keys), lambda: take(cast, *reversed(keys), "advice.mail"))
    assert sum(len(one) for one in results) == 7
    assert ActivitySeries.objects.count() == Activity.objects.count() == 7


def test_the_page_takes_all_of_it_over_as_it_is_prefilled(cast: Cast) -> None:
    browser = browser_of(cast.ciso)
    browser.get(URL)
    with assert_queries("starter-plan"):
        page = browser.get(URL)
    assert "1. Security design" in page.content.decode()
    answer = browser.post(URL, filled(browser, URL))
    assert answer.status_code == 302
    assert Activity.objects.count() == len(STARTER_PLAN)
    assert set(Activity.objects.values_list("owner_id", flat=True)) == {cast.ciso.pk}
    assert {one.duty for one in Activity.objects.all()} == set(Duty.values)
    again = browser.get(URL)
    assert again.content.decode().count("Taken over") == len(STARTER_PLAN)
    assert Activity.objects.first().reference in again.content.decode()


def test_one_duty_alone_and_of_that_what_is_ticked(cast: Cast) -> None:
    browser, url = browser_of(cast.analyst), f"{URL}?duty=5"
    data = filled(browser, url, **{"take-threats-assessment": False})
    data |= {"owner-threats-month": cast.unit_lead.pk, "first-threats-month": "2099-02-01"}
    data |= {"first-threats-assessment": "never"}  # which nobody asks for
    assert browser.post(url, data).status_code == 302
    activity = Activity.objects.get()
    assert (activity.series.starter, activity.owner, activity.due_on) == (
        "threats.month",
        cast.unit_lead,
        date(2099, 2, 1),
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"first-threats-month": ""}, "first-threats-month"),
        ({"first-threats-month": "2020-01-01"}, "first-threats-month"),
        ({"first-threats-month": "soon"}, "first-threats-month"),
        ({"owner-threats-month": ""}, "owner-threats-month"),
        ({"owner-threats-month": "99999"}, "owner-threats-month"),
        ({"unit": ""}, "unit"),
        ({"take-threats-month": False, "take-threats-assessment": False}, "__all__"),
    ],
)
def test_what_is_wrong_is_told_and_kept(cast: Cast, typed: dict[str, Any], field: str) -> None:
    browser, url = browser_of(cast.ciso), f"{URL}?duty=5"
    data = filled(browser, url, **{"first-threats-assessment": "2099-02-02", **typed})
    answer = browser.post(url, data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "2099-02-02" in answer.content.decode()
    assert not Activity.objects.exists()


def test_sign_offs_are_proposed_where_there_is_who_could(cast: Cast) -> None:
    browser = browser_of(cast.ciso)
    assert not browser.get(URL).context["form"]["with_sign_off"].value()
    RoleGrant.objects.create(user=cast.analyst, role=Role.CISO)
    assert browser.get(URL).context["form"]["with_sign_off"].value()


def test_a_restricted_one_is_not_named_to_who_may_not_know(cast: Cast) -> None:
    (activity,) = take(cast, "threats.month")
    Activity.objects.filter(pk=activity.pk).update(confidentiality="restricted")
    page = browser_of(cast.analyst).get(f"{URL}?duty=5").content.decode()
    assert "Taken over" in page
    assert activity.reference not in page


def test_it_is_a_first_step_until_there_is_an_activity(cast: Cast) -> None:
    browser = browser_of(cast.ciso)
    assert "Take over the starter plan" in browser.get("/").content.decode()
    step = registry.get(FirstStep, "duties.starter")
    assert not step.done(NOW).exists()
    take(cast, "threats.month")
    assert step.done(NOW).exists()
