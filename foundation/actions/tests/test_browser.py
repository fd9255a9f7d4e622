"""The list of actions in a real browser: in every look, and by the keyboard alone from a search to a step for many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from audits.tests.factories import NOW, audit_make
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.testing.browser import (
    SignIn,
    assert_accessible,
    assert_fits,
    focused,
    focused_name,
    tab_to,
)
from foundation.testing.cast import Cast, cast_make

pytestmark = pytest.mark.django_db(transaction=True)
DUE = date(2027, 3, 1)
LOOKS = [
    pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
    for wishes in ({}, {"dark": True}, {"narrow": True}, {"narrow": True, "dark": True})
]


@pytest.fixture
def players(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    """The cast, the CISO in the browser, and three actions of one audit."""
    cast = cast_make()
    browser_sign_in(cast.ciso)
    audit = audit_make(cast)
    for days, title in enumerate(
        ("Close the leavers' accounts", "Renew the gateway's keys", "Test the restore")
    ):
        due_on = DUE + timedelta(days=days)
        action_create(source=audit, title=title, owner=cast.analyst, due_on=due_on, actor=cast.ciso, now=NOW)
    return cast


def has_focus(field: Locator) -> Callable[[], bool]:
    """Return what tells whether the field has the focus."""
    return lambda: bool(field.evaluate("field => field === document.activeElement"))


@pytest.mark.parametrize("looks", LOOKS)
def test_it_is_accessible_in_every_look(browser_page: Page, players: Cast, looks: dict[str, bool]) -> None:
    page = browser_page
    for path in ("/actions/", "/actions/?q=nothing-like-it"):
        page.goto(path)
        expect(page.locator("h1")).to_have_text("Actions")
        assert_accessible(page)
        assert_fits(page)
    page.goto("/actions/")
    page.get_by_role("checkbox", name="Select", exact=False).last.check()
    page.get_by_role("button", name="Move dates").click()
    expect(page.get_by_role("heading", name="1 selected")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)


def test_the_keyboard_alone_finds_actions_and_gives_them_to_somebody(
    browser_page: Page, players: Cast
) -> None:
    page, keys = browser_page, browser_page.keyboard
    page.goto("/actions/")
    rows = page.get_by_role("row")
    expect(rows).to_have_count(4)
    # The first box of that name is the portal's own, at the top.
    search = page.locator("form[data-filters] [name=q]")
    tab_to(page, has_focus(search))
    keys.type("the restore")
    expect(rows).to_have_count(2)
    keys.press("Control+a")
    keys.press("Delete")
    expect(rows).to_have_count(4)

    tab_to(page, lambda: focused(page).startswith("Next due"))
    keys.press("Enter")
    expect(rows.nth(1)).to_contain_text("Test the restore")

    for title in ("Test the restore", "Renew the gateway's keys"):
        box = rows.filter(has_text=title).get_by_role("checkbox")
        tab_to(page, has_focus(box))
        keys.press("Space")
        expect(box).to_be_checked()
    tab_to(page, lambda: focused(page) == "Assign")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="2 selected")).to_be_visible()
    tab_to(page, lambda: focused_name(page).startswith("owner"))
    keys.type("Odile")
    expect(page.get_by_role("option", name="Odile Brandt")).to_be_visible()
    keys.press("Enter")
    tab_to(page, lambda: focused(page) == "Assign")
    keys.press("Enter")
    expect(page.get_by_text("2 are changed.")).to_be_visible()
    given = Action.objects.filter(owner=players.auditor).values_list("title", flat=True)
    assert set(given) == {"Test the restore", "Renew the gateway's keys"}

    tab_to(page, lambda: focused(page) == "Close the leavers' accounts")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Close the leavers' accounts")
