"""The year planner in a real browser: looks, keys, dragging, and without scripts."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from audits.tests.factories import audit_make
from duties.models import Activity
from duties.services import series_begin
from duties.tests.factories import NOW, activity_make, again, done
from foundation.calendar.tests.test_browser import LOOKS, requests_for
from foundation.testing.browser import SignIn, assert_accessible, assert_fits
from foundation.testing.cast import Cast, cast_make

pytestmark = pytest.mark.django_db(transaction=True)

YEAR = "/duties/year/?year=2031"
DAY = date(2031, 3, 31)


@pytest.fixture
def players(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    cast = cast_make()
    browser_sign_in(cast.analyst)
    return cast


@pytest.fixture
def activity(players: Cast) -> Activity:
    return activity_make(players, due_on=DAY, title="Look at the threats")


def cell(page: Page, month: str, duty: int = 5) -> Locator:
    return page.locator(f"[data-day='{month}'][data-row='{duty}']")


def drag(page: Page, month: str, to: str, *, duty: int = 5) -> None:
    """Drag the first date of a month to a month of a duty, as a hand does it."""
    start = cell(page, month).locator("[data-entry]").first
    start.scroll_into_view_if_needed()
    start.hover(position={"x": 20, "y": 20})
    page.mouse.down()
    box = cell(page, to, duty).bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 20, steps=8)
    page.mouse.up()


@pytest.mark.parametrize("looks", LOOKS)
def test_it_is_accessible(
    browser_page: Page, players: Cast, activity: Activity, looks: dict[str, bool]
) -> None:
    for day in (1, 2, 3):
        activity_make(players, due_on=date(2031, 3, day), title=f"Busy on the {day}th of the month")
    done(players, due_on=date(2031, 1, 7))
    audit_make(players, starts_on=date(2031, 2, 3))
    series_begin(activity=activity, rrule="FREQ=MONTHLY;INTERVAL=4", actor=players.analyst, now=NOW)
    for path in (YEAR, f"{YEAR}&done=on", f"{YEAR}&kind=audit", "/duties/year/", f"{YEAR}&duty=x"):
        browser_page.goto(path)
        expect(browser_page.locator("h1")).to_be_visible()
        assert_accessible(browser_page)
        assert_fits(browser_page)


def test_a_date_is_moved_by_keys_alone_and_moved_back(browser_page: Page, activity: Activity) -> None:
    page = browser_page
    page.goto(YEAR)
    expect(page.locator(".planner [tabindex='0']")).to_have_count(1)
    start = cell(page, "2031-03")
    start.focus()
    for key, month, duty in (
        ("ArrowRight", "2031-04", 5),
        ("ArrowDown", "2031-04", 6),
        ("Home", "2031-01", 6),
        ("End", "2031-12", 6),
        ("ArrowUp", "2031-12", 5),
        ("ArrowLeft", "2031-11", 5),
    ):
        page.keyboard.press(key)
        expect(cell(page, month, duty)).to_be_focused()
    start.focus()
    page.keyboard.press("Enter")
    expect(start.locator("li a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(start).to_be_focused()
    asked = requests_for(page, "/move/")
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog", name="Move a date")
    expect(dialog.get_by_label("New day")).to_be_focused()
    assert_accessible(page)
    assert len(asked) == 1
    dialog.get_by_label("New day").fill("2031-05-02")
    page.keyboard.press("Enter")
    expect(page.get_by_text("moved to Friday 2 May 2031")).to_be_visible()
    expect(cell(page, "2031-05")).to_contain_text("Look at the threats")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("moved to Monday 31 March 2031")).to_be_visible()
    expect(start).to_contain_text("Look at the threats")
    assert again(activity).due_on == DAY
    page.locator("[data-day]").first.focus()
    page.keyboard.press("PageDown")
    expect(page.get_by_role("heading", name="2032")).to_be_visible()


def test_a_date_is_dragged_to_another_month_of_its_duty_alone(browser_page: Page, activity: Activity) -> None:
    page = browser_page
    page.goto(YEAR)
    asked = requests_for(page, "/move/")
    drag(page, "2031-03", "2031-04", duty=6)
    expect(page.get_by_role("alert")).to_contain_text("A date stays with its duty")
    assert not asked
    drag(page, "2031-03", "2031-06")
    dialog = page.get_by_role("dialog", name="Move a date")
    expect(dialog.get_by_label("New day")).to_have_value("2031-06-30")
    assert_accessible(page)
    assert len(asked) == 1
    dialog.get_by_role("button", name="Move").click()
    expect(cell(page, "2031-06")).to_contain_text("Look at the threats")
    assert again(activity).due_on == date(2031, 6, 30)


def test_what_can_t_be_moved_says_why(
    browser_page: Page, browser_sign_in: SignIn, players: Cast, activity: Activity
) -> None:
    series_begin(activity=activity, rrule="FREQ=MONTHLY;INTERVAL=4", actor=players.analyst, now=NOW)
    page = browser_page
    page.goto(YEAR)
    cell(page, "2031-07").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("m")
    expect(page.get_by_role("alert")).to_contain_text("Not planned yet: the portal plans it by itself on")
    browser_sign_in(players.auditor)
    page.goto(YEAR)
    drag(page, "2031-03", "2031-06")
    dialog = page.get_by_role("dialog", name="Move a date")
    expect(dialog).to_contain_text("This needs the right")
    expect(dialog.get_by_role("button", name="Move")).to_have_count(0)


@pytest.mark.browser(scripts=False)
def test_a_date_is_moved_without_scripts(browser_page: Page, activity: Activity) -> None:
    page = browser_page
    page.goto(YEAR)
    page.get_by_role("link", name=f"Move Duty activity of {activity.reference}").click()
    page.get_by_label("New day").fill("2031-08-22")
    page.get_by_role("button", name="Move").click()
    expect(cell(page, "2031-08")).to_contain_text("Look at the threats")
    page.get_by_role("button", name="Undo").click()
    expect(cell(page, "2031-03")).to_contain_text("Look at the threats")


@pytest.mark.browser(narrow=True)
def test_a_narrow_screen_gets_the_months_that_have_dates(browser_page: Page, activity: Activity) -> None:
    page = browser_page
    page.goto(YEAR)
    expect(cell(page, "2031-03").get_by_text("March")).to_be_visible()
    expect(cell(page, "2031-04")).to_be_hidden()
    expect(page.get_by_text("All duties")).to_be_visible()
    expect(page.get_by_text("Nothing planned")).to_have_count(12)
    expect(page.get_by_text("Nothing planned").first).to_be_visible()
    page.get_by_role("link", name=f"Move Duty activity of {activity.reference}").click()
    expect(page.get_by_label("New day")).to_be_visible()


def test_filters_and_years_are_changed_in_place(browser_page: Page, activity: Activity) -> None:
    page = browser_page
    page.goto(YEAR)
    page.get_by_label("Duty", exact=True).select_option("5")
    expect(page.locator(".planner-duty")).to_have_count(1)
    cell(page, "2031-03").focus()  # the grid that was swapped in takes keys, too
    page.keyboard.press("ArrowRight")
    expect(cell(page, "2031-04")).to_be_focused()
    page.get_by_label("Assigned to", exact=True).fill("nobody")
    expect(page.get_by_text("Nothing fits the filters")).to_be_visible()
    page.get_by_role("link", name="The year after").click()
    expect(page.get_by_role("heading", name="2032")).to_be_visible()
    expect(page.locator(".planner-duty")).to_have_count(1)
