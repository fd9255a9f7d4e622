"""Search in a real browser: the palette by keyboard alone, the page, and the box without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from audits.models import Audit
from audits.tests.factories import audit_make
from foundation.testing.browser import SignIn, assert_accessible, assert_fits, settle
from foundation.testing.cast import Cast, cast_make

pytestmark = pytest.mark.django_db(transaction=True)

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
def audits(players: Cast) -> list[Audit]:
    return [
        audit_make(players, title=title, scope="Perimeter of Lisbon")
        for title in ("Firewall rule audit", "Key management audit", "Zugriffsprüfung Öffnungszeiten")
    ]


@pytest.mark.parametrize("looks", LOOKS)
def test_page_and_palette_are_accessible(
    browser_page: Page, audits: list[Audit], looks: dict[str, bool]
) -> None:
    for query in ("", "?q=perimeter", "?q=audit&in=audit", "?q=nothing-like-it"):
        browser_page.goto(f"/search/{query}")
        expect(browser_page.locator("h1")).to_be_visible()
        assert_accessible(browser_page)
        assert_fits(browser_page)
    palette = browser_page.locator("#palette")
    browser_page.keyboard.press("Control+k")
    expect(palette.get_by_role("option").first).to_be_visible()
    assert_accessible(browser_page)
    browser_page.keyboard.type("audit")
    expect(palette.get_by_role("option", name="All results for “audit”")).to_be_visible()
    assert_accessible(browser_page)
    assert_fits(browser_page)
    browser_page.keyboard.type(" nothing-like-it")
    expect(palette.get_by_role("option")).to_have_count(1)
    assert_accessible(browser_page)


def test_the_palette_by_keyboard(browser_page: Page, audits: list[Audit]) -> None:
    browser_page.goto("/")
    keys = browser_page.keyboard
    palette = browser_page.locator("#palette")
    box = palette.get_by_role("combobox")
    chosen = palette.locator("[aria-selected=true]")

    keys.press("Control+k")
    expect(box).to_be_focused()
    expect(chosen).to_have_text("New audit")
    keys.press("Escape")
    expect(palette).not_to_be_visible()

    # A reference leads to its record at once, also when Enter is quicker than the answer.
    keys.press("Control+k")
    keys.type("aud2")
    keys.press("Enter")
    expect(browser_page.locator("h1")).to_have_text("Key management audit")

    settle(browser_page)
    # Words without accents, arrows around the end, and the description that assistive technology follows.
    keys.press("Meta+k")
    expect(chosen).to_contain_text("Key management audit")  # opened last
    keys.type("offnung zugriff")
    expect(chosen).to_contain_text("Zugriffsprüfung Öffnungszeiten")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    keys.press("ArrowUp")
    expect(chosen).to_contain_text("All results for")
    keys.press("ArrowDown")
    expect(chosen).to_contain_text("Zugriffsprüfung")
    expect(palette.get_by_role("status")).to_have_text("2 results")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(browser_page.locator("h1")).to_have_text("Search")
    expect(browser_page.locator(".hit")).to_have_count(1)

    settle(browser_page)
    # A command.
    keys.press("Control+k")
    keys.type("new audit prog")
    expect(chosen).to_contain_text("New audit programme")
    keys.press("Enter")
    browser_page.wait_for_url("**/audits/programmes/new/")


def test_the_box_at_the_top_opens_the_palette(browser_page: Page, audits: list[Audit]) -> None:
    browser_page.goto("/audits/")
    palette = browser_page.locator("#palette")
    box = browser_page.locator(".top-search-form").get_by_role("searchbox")
    box.focus()
    expect(palette).not_to_be_visible()
    browser_page.keyboard.type("f")
    expect(palette.get_by_role("combobox")).to_have_value("f")
    browser_page.keyboard.type("irewall")
    expect(palette.locator("[aria-selected=true]")).to_contain_text("Firewall rule audit")
    browser_page.keyboard.press("Escape")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    box.click()
    browser_page.keyboard.type("fire")
    palette.get_by_role("option", name="Firewall rule audit").click()
    expect(browser_page.locator("h1")).to_have_text("Firewall rule audit")


def test_the_page_answers_while_one_types(browser_page: Page, audits: list[Audit]) -> None:
    browser_page.goto("/search/")
    box = browser_page.locator("#search-text")
    expect(box).to_be_focused()
    box.press_sequentially("key man")
    expect(browser_page.locator(".hit")).to_have_count(1)
    expect(browser_page.locator("mark")).to_have_text(["Key", "management"])
    expect(browser_page.locator("#list-status")).to_have_text("1 record")
    expect(browser_page).to_have_url(re.compile(r"/search/\?q=key%20man$"))
    box.fill("aud-3")
    box.press("Enter")
    expect(browser_page.locator("h1")).to_have_text("Zugriffsprüfung Öffnungszeiten")


@pytest.mark.browser(scripts=False)
def test_without_scripts(browser_page: Page, audits: list[Audit]) -> None:
    browser_page.goto("/")
    box = browser_page.locator(".top-search-form").get_by_role("searchbox")
    box.fill("perimeter rule")
    box.press("Enter")
    expect(browser_page.locator(".hit-title")).to_have_text(["Firewall rule audit"])
    box = browser_page.locator("#search-text")
    box.fill("aud 2")
    box.press("Enter")
    expect(browser_page.locator("h1")).to_have_text("Key management audit")
