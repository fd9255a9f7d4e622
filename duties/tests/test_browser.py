"""Duties in a browser: a newcomer takes the starter plan over, and an activity is done, with and without scripts."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from duties.choices import PackState
from duties.models import Activity, EvidencePack
from duties.services import day_measure
from duties.services.packs import pack_request
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
    cards = page.get_by_role("article")
    expect(cards).to_have_count(13)
    expect(cards.filter(has_text="planned")).to_have_count(13)
    expect(cards.filter(has_text="Nothing planned")).to_have_count(0)
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("look", LOOKS)
def test_from_the_board_to_a_duty_and_the_list_behind_a_number(
    browser_page: Page, cast: Cast, look: dict[str, bool]
) -> None:
    now = clock.now()
    for days in (90, 50, 5):
        activity_make(cast, now=now - timedelta(days=120), due_on=now.date() - timedelta(days=days))
    for days in (9, 8, 3, 2, 1):
        day_measure(now=now - timedelta(days=days))
    page = browser_page
    page.goto("/duties/")
    expect(page.get_by_role("article").filter(has_text="Threat landscape")).to_contain_text("Overdue")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_text("How the state of a duty is told").click()
    expect(page.get_by_text("nobody would be reminded of anything")).to_be_visible()
    page.get_by_label("Owner").fill("moreau")
    page.get_by_role("button", name="Apply").press("Enter")
    expect(page.get_by_role("article").filter(has_text="Threat landscape")).to_contain_text("Nothing planned")
    page.get_by_role("link", name="Clear").click()
    page.get_by_role("link", name="5. Threat landscape").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("5. Threat landscape")
    expect(page.get_by_role("img", name=re.compile("between 3 and 3")).first).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Name people").click()
    page.get_by_role("combobox", name="Responsible").fill("Celia")
    page.get_by_role("option", name="Celia Moreau").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("Celia Moreau")
    page.get_by_role("rowheader", name="Activities overdue").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Duty activities")
    expect(page.get_by_role("link", name="Assess the threats")).to_have_count(3)


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


def test_who_watches_a_pack_being_made_keeps_the_focus_and_hears_what_changes(
    browser_page: Page, cast: Cast
) -> None:
    page, now = browser_page, clock.now()
    year = {"starts_on": now.date().replace(month=1, day=1), "ends_on": now.date()}
    pack, _is_new = pack_request(actor=cast.ciso, duty=None, now=now, **year)
    page.goto(f"/duties/evidence-packs/{pack.key}/")
    stop = page.get_by_role("button", name="Stop")
    stop.focus()
    EvidencePack.objects.update(state=PackState.WORKING, phase="trail", touched_at=now)
    expect(page.get_by_role("status").filter(has_text="Being made: Taking in the trail")).to_have_count(1)
    expect(stop).to_be_focused()
    assert_accessible(page)
