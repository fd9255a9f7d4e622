"""The calendar in a real browser: looks, keys, dragging, and a feed that a program reads back."""

from __future__ import annotations

from datetime import date
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Page, expect

from audits.models import Audit
from audits.tests.factories import audit_make
from foundation.testing.browser import SignIn, assert_accessible, assert_fits
from foundation.testing.cast import Cast, cast_make

pytestmark = pytest.mark.django_db(transaction=True)

MONTH = "/calendar/?day=2027-01-18"
START = date(2027, 1, 18)
LOOKS = [
    pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
    for wishes in ({}, {"dark": True}, {"narrow": True}, {"narrow": True, "dark": True})
]


@pytest.fixture
def players(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    cast = cast_make()
    browser_sign_in(cast.analyst)
    return cast


@pytest.fixture
def audit(players: Cast) -> Audit:
    return audit_make(players, title="Gateway review", starts_on=START)


def drag(page: Page, on: str, to: str) -> None:
    """Drag the first date of a day to another day, as a hand does it."""
    start = page.locator(f"[data-day='{on}'] [data-entry]").first
    start.scroll_into_view_if_needed()
    start.hover(position={"x": 30, "y": 20})
    page.mouse.down()
    box = page.locator(f"[data-day='{to}']").bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 60, steps=8)
    page.mouse.up()


def requests_for(page: Page, part: str) -> list[str]:
    """Return the list to which each request for an address with this part is added from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if part in request.url else None)
    return asked


@pytest.mark.parametrize("looks", LOOKS)
def test_every_view_is_accessible(
    browser_page: Page, players: Cast, audit: Audit, looks: dict[str, bool]
) -> None:
    today = timezone.localdate()
    for number in range(5):
        audit_make(players, title=f"Busy {number}", starts_on=today)
    pages = [f"/calendar/?view={view}" for view in ("month", "week", "day", "list")]
    for path in (
        *pages,
        MONTH,
        "/calendar/?view=list&day=2031-01-01",
        "/calendar/feeds/",
        "/calendar/feeds/new/",
    ):
        browser_page.goto(path)
        expect(browser_page.locator("h1")).to_be_visible()
        assert_accessible(browser_page)
        assert_fits(browser_page)


def test_a_date_is_moved_by_keys_alone_and_moved_back(browser_page: Page, audit: Audit) -> None:
    browser_page.goto(MONTH)
    cell = browser_page.locator("[data-day='2027-01-18']")
    cell.focus()
    for key, on in (
        ("ArrowRight", "19"),
        ("ArrowDown", "26"),
        ("Home", "25"),
        ("End", "31"),
        ("ArrowUp", "24"),
        ("ArrowLeft", "23"),
    ):
        browser_page.keyboard.press(key)
        expect(browser_page.locator(f"[data-day='2027-01-{on}']")).to_be_focused()
    expect(browser_page.locator(".calendar-grid [tabindex='0']")).to_have_count(1)
    cell.focus()
    browser_page.keyboard.press("Enter")
    expect(cell.locator("li a").first).to_be_focused()
    browser_page.keyboard.press("Escape")
    expect(cell).to_be_focused()
    asked = requests_for(browser_page, "/move/")
    browser_page.keyboard.press("m")
    dialog = browser_page.get_by_role("dialog", name="Move a date")
    expect(dialog.get_by_label("New day")).to_be_focused()
    assert_accessible(browser_page)
    assert len(asked) == 1, "another answer would take the place of what is being typed"
    dialog.get_by_label("New day").fill("2027-01-21")
    browser_page.keyboard.press("Enter")
    expect(browser_page.get_by_text("moved to Thursday 21 January 2027")).to_be_visible()
    expect(browser_page.locator("[data-day='2027-01-21']")).to_contain_text("Fieldwork starts")
    browser_page.get_by_role("button", name="Undo").click()
    expect(browser_page.get_by_text("moved to Monday 18 January 2027")).to_be_visible()
    expect(cell).to_contain_text("Fieldwork starts")
    audit.refresh_from_db()
    assert audit.starts_on == START


def test_a_date_is_dragged_to_another_day(browser_page: Page, audit: Audit) -> None:
    browser_page.goto(MONTH)
    asked = requests_for(browser_page, "/move/")
    drag(browser_page, "2027-01-18", "2027-01-21")
    dialog = browser_page.get_by_role("dialog", name="Move a date")
    expect(dialog.get_by_label("New day")).to_have_value("2027-01-21")
    assert_accessible(browser_page)
    assert len(asked) == 1
    expect(dialog).to_contain_text("All dates of the audit move with its start.")
    dialog.get_by_role("button", name="Move").click()
    expect(browser_page.locator("[data-day='2027-01-21']")).to_contain_text("Fieldwork starts")
    audit.refresh_from_db()
    assert audit.starts_on == date(2027, 1, 21)


def test_whoever_may_not_move_it_is_told_why(
    browser_page: Page, browser_sign_in: SignIn, players: Cast, audit: Audit
) -> None:
    browser_sign_in(players.unit_lead)
    browser_page.goto(MONTH)
    drag(browser_page, "2027-01-18", "2027-01-21")
    dialog = browser_page.get_by_role("dialog", name="Move a date")
    expect(dialog).to_contain_text("This needs the right")
    expect(dialog.get_by_role("button", name="Move")).to_have_count(0)


@pytest.mark.browser(scripts=False)
def test_a_date_is_moved_without_scripts(browser_page: Page, audit: Audit) -> None:
    browser_page.goto(MONTH)
    browser_page.get_by_role("link", name=f"Move Fieldwork starts of {audit.reference}").click()
    browser_page.get_by_label("New day").fill("2027-01-22")
    browser_page.get_by_role("button", name="Move").click()
    expect(browser_page.locator("[data-day='2027-01-22']")).to_contain_text("Fieldwork starts")
    browser_page.get_by_role("button", name="Undo").click()
    expect(browser_page.locator("[data-day='2027-01-18']")).to_contain_text("Fieldwork starts")


@pytest.mark.browser(narrow=True)
def test_a_narrow_screen_gets_the_days_that_have_dates(browser_page: Page, audit: Audit) -> None:
    browser_page.goto(MONTH)
    expect(browser_page.get_by_text("Monday 18 January 2027")).to_be_visible()
    expect(browser_page.locator("[data-day='2027-01-19']")).to_be_hidden()
    browser_page.get_by_role("link", name=f"Move Fieldwork starts of {audit.reference}").click()
    expect(browser_page.get_by_label("New day")).to_be_visible()


def test_filters_narrow_it_as_they_are_chosen(browser_page: Page, audit: Audit) -> None:
    browser_page.goto(MONTH)
    expect(browser_page.locator(".calendar-what", has_text="Fieldwork starts")).to_be_visible()
    browser_page.get_by_label("Assigned to", exact=True).fill("nobody")
    expect(browser_page.get_by_text("0 dates", exact=True)).to_be_visible()
    browser_page.get_by_label("Assigned to", exact=True).fill("Odile")
    expect(browser_page.locator(".calendar-what", has_text="Fieldwork starts")).to_be_visible()
    browser_page.locator("[data-day='2027-01-18']").focus()  # the grid that was swapped in takes keys, too
    browser_page.keyboard.press("ArrowRight")
    expect(browser_page.locator("[data-day='2027-01-19']")).to_be_focused()


def subscribed(page: Page, path: str) -> Calendar:
    """Read a feed as a calendar program does that knows nothing but the address."""
    host = page.url.split("/calendar/")[0]
    with urlopen(f"{host}{path}") as response:
        return Calendar.from_ical(response.read())


def starts_of(calendar: Calendar) -> dict[str, tuple[str, date]]:
    """Return by its words when each event is, and the name under which a program knows it again."""
    return {
        str(event["summary"]): (str(event["uid"]), event.decoded("dtstart"))
        for event in calendar.walk("VEVENT")
    }


def test_a_program_that_subscribed_follows_until_the_feed_is_revoked(
    browser_page: Page, audit: Audit
) -> None:
    page = browser_page
    page.goto("/calendar/")
    page.get_by_role("link", name="Calendar feeds").click()
    page.get_by_role("link", name="New feed").click()
    page.get_by_label("Name").fill("Phone")
    page.get_by_role("button", name="Make the feed").click()
    address = page.locator("#feed-address").inner_text()
    assert_accessible(page)
    path = address[address.index("/calendar/feed/") :]
    start = f"Fieldwork starts: {audit.reference} Gateway review"
    uid, day = starts_of(subscribed(page, path))[start]
    assert day == START
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("Phone")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(path)

    page.goto(MONTH)
    page.locator("[data-day='2027-01-18']").focus()
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog", name="Move a date")
    dialog.get_by_label("New day").fill("2027-01-21")
    page.keyboard.press("Enter")
    expect(page.locator("[data-day='2027-01-21']")).to_contain_text("Fieldwork starts")
    assert starts_of(subscribed(page, path))[start] == (uid, date(2027, 1, 21))

    page.goto("/calendar/feeds/")
    page.get_by_role("row").filter(has_text="Phone").get_by_role("link", name="Revoke").click()
    page.get_by_role("button", name="Revoke the feed").click()
    expect(page.get_by_text("No feeds")).to_be_visible()
    with pytest.raises(HTTPError, match="404"):
        subscribed(page, path)
