"""Duties in a browser: a newcomer takes the starter plan over, and an activity is done, with and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from duties.models import Activity
from duties.starting_texts import STARTER_PLAN
from duties.tests.factories import activity_make
from foundation import clock
from foundation.testing.browser import SignIn, assert_accessible, assert_fits, settle
from foundation.testing.cast import Cast, cast_make
from foundation.testing.walking import is_at, take_step

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [
    pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
    for wishes in ({}, {"narrow": True, "dark": True})
]


@pytest.fixture
def cast(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    """The cast, before the CISO."""
    made = cast_make()
    browser_sign_in(made.ciso)
    return made


@pytest.mark.parametrize("look", LOOKS)
def test_a_newcomer_takes_the_starter_plan_over_with_two_clicks(
    browser_page: Page, cast: Cast, look: dict[str, bool]
) -> None:
    page = browser_page
    page.goto("/")
    page.get_by_role("link", name="Take over the starter plan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Starter plan")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Take over what is ticked").click()
    expect(page.get_by_text(f"{len(STARTER_PLAN)} activities are planned")).to_be_visible()
    assert Activity.objects.count() == len(STARTER_PLAN)
    assert_accessible(page)
    assert_fits(page)


def test_what_is_chosen_is_taken_over_and_shown_as_such(browser_page: Page, cast: Cast) -> None:
    page = browser_page
    page.goto("/duties/starter-plan/?duty=5")
    settle(page)
    page.get_by_label("Assess the threat landscape", exact=True).uncheck()
    page.get_by_label("Owner: Read the month’s threats").select_option(label="Anders Falk · Security Analyst")
    page.get_by_role("button", name="Take over what is ticked").click()
    expect(page.get_by_text("1 activity is planned")).to_be_visible()
    assert Activity.objects.get().owner == cast.analyst
    page.goto("/duties/starter-plan/?duty=5")
    expect(page.get_by_text("Taken over", exact=True)).to_have_count(1)
    expect(page.get_by_label("Assess the threat landscape", exact=True)).to_be_checked()


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_planned_is_done(browser_page: Page, cast: Cast, look: dict[str, bool]) -> None:
    activity = activity_make(cast, owner=cast.ciso, now=clock.now(), rrule="FREQ=YEARLY")
    page = browser_page
    page.goto(activity.get_absolute_url())
    expect(page.get_by_text("Before it is done")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    for text in ("Ask the units", "Read the reports"):
        page.get_by_role("button", name=text, exact=True).press("Enter")
        expect(page.get_by_role("button", name=text, exact=True)).to_have_attribute("aria-pressed", "true")
    is_at(page, "In progress")
    page.get_by_role("link", name="Write the outcome").click()
    page.get_by_label("Outcome").fill("All **quiet**.")
    page.get_by_role("button", name="Save").click()
    take_step(page, "Done", "Done")
    expect(page.get_by_role("main")).to_contain_text("All quiet.")
    expect(page.get_by_role("button", name="Ask the units")).to_have_count(0)
    assert_accessible(page)


def test_the_forms_fit_and_are_accessible(browser_page: Page, cast: Cast) -> None:
    activity = activity_make(cast, rrule="FREQ=YEARLY")
    for path in (
        "/duties/activities/new/",
        f"{activity.get_absolute_url()}edit/",
        f"{activity.get_absolute_url()}recurrence/",
    ):
        browser_page.goto(path)
        settle(browser_page)
        assert_accessible(browser_page)
        assert_fits(browser_page)
