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


def press(page: Page, words: str) -> None:
    """Go to a button or link by the keyboard alone, and press it."""
    tab_to(page, lambda: focused(page) == words)
    page.keyboard.press("Enter")


def take_step(page: Page, step: str, comment: str) -> None:
    """Take a step of the action that is on the page: its button, its reason, and the same button of the dialog."""
    press(page, step)
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, lambda: focused_name(page) == "comment")
    page.keyboard.type(comment)
    press(page, step)
    expect(page.get_by_text(f": {step}")).to_be_visible()


def test_the_keyboard_alone_takes_a_corrective_action_from_agreed_to_effective(
    browser_page: Page, players: Cast, browser_sign_in: SignIn
) -> None:
    page, keys = browser_page, browser_page.keyboard
    page.goto("/actions/from/AUD-0001/new/")
    verifier = page.locator("#div_id_verifier")
    expect(verifier).to_be_hidden()
    tab_to(page, lambda: focused_name(page) == "title")
    keys.type("Lock what nobody uses")
    tab_to(page, lambda: focused_name(page).startswith("owner"))
    keys.type("Anders")
    expect(page.get_by_role("option", name="Anders Falk")).to_be_visible()
    keys.press("Enter")
    tab_to(page, lambda: focused_name(page) == "due_on")
    keys.type("03012027")
    tab_to(page, lambda: focused_name(page) == "nature")
    keys.type("Corr")
    expect(verifier).to_be_visible()
    assert_accessible(page)
    tab_to(page, lambda: focused_name(page).startswith("verifier"))
    keys.type("Odile")
    expect(page.get_by_role("option", name="Odile Brandt")).to_be_visible()
    keys.press("Enter")
    press(page, "Agree")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lock what nobody uses")
    path = page.url

    browser_sign_in(players.analyst)
    page.goto(path)
    take_step(page, "Report done", "Locked nine; the list is attached.")
    press(page, "Verify")
    expect(page.get_by_role("dialog")).to_contain_text("You own this action, so somebody else must judge it.")

    browser_sign_in(players.auditor)
    page.goto("/")
    press(page, "Lock what nobody uses")
    take_step(page, "Verify", "Compared the list with the directory.")
    assert_accessible(page)
    press(page, "Confirm the effect")
    expect(page.get_by_role("dialog")).to_contain_text("This step can be taken from")
    Action.objects.filter(title="Lock what nobody uses").update(effectiveness_due_on=NOW.date())
    page.goto(path)
    take_step(page, "Confirm the effect", "None since.")
    assert_accessible(page)
    expect(page.locator("main")).to_contain_text("None since.")
    action = Action.objects.get(title="Lock what nobody uses")
    assert (action.state, action.verified_by, action.effect_checked_by) == (
        "effective",
        players.auditor,
        players.auditor,
    )


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
