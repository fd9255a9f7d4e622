"""A page is looked at when it is all there: not the half that has come, and not the page that one is about to leave."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from foundation.testing import browser
from foundation.testing.browser import (
    Problems,
    SignIn,
    Windows,
    assert_accessible,
    assert_fits,
    focused_name,
    tab_to,
)
from foundation.testing.cast import Cast, cast_make
from foundation.testing.tests.slow_pages import go_on

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("foundation.testing.tests.slow_pages"),
]


@pytest.fixture
def first(
    transactional_db: None,
    browser_page: Page,
    browser_sign_in: SignIn,
    browser_problems: Problems,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Page]:
    """The first page. What follows it does not come before somebody asks whether it is there."""
    browser_problems.allow("404")  # the pages' icon
    cast: Cast = cast_make()
    browser_sign_in(cast.outsider)
    unsettled = browser._unsettled

    def asked(page: Page) -> str:
        go_on.set()
        return unsettled(page)

    monkeypatch.setattr(browser, "_unsettled", asked)
    browser_page.goto("/first/")
    go_on.clear()
    yield browser_page
    go_on.set()


def test_half_a_page_is_not_judged(first: Page) -> None:
    first.get_by_role("link", name="Halves").click()
    assert_accessible(first)
    assert first.title() == "Halves"


def to_the_late_page(page: Page) -> None:
    page.get_by_label("Word").focus()
    page.keyboard.press("Enter")


def test_the_page_that_a_key_led_to_is_judged(first: Page) -> None:
    to_the_late_page(first)
    with pytest.raises(AssertionError, match=r"/late/\?word=:\n    label \(critical\)"):
        assert_accessible(first)


def test_the_page_that_a_key_led_to_is_measured(first: Page) -> None:
    to_the_late_page(first)
    with pytest.raises(AssertionError, match=r"/late/\?word= is \d+ px wide"):
        assert_fits(first)


def test_the_keyboard_goes_on_on_the_page_it_led_to(first: Page) -> None:
    to_the_late_page(first)
    tab_to(first, lambda: focused_name(first) == "unnamed")


STORE = """async () => {
    localStorage.left = sessionStorage.left = document.cookie = "left=behind";
    await caches.open("left");
    await new Promise((done) => { indexedDB.open("left").onsuccess = done; });
}"""
STORED = """async () => [
    localStorage.left, sessionStorage.left, document.cookie.includes("left"), await caches.keys(), await indexedDB.databases(),
    (await navigator.permissions.query({ name: "clipboard-read" })).state, innerWidth,
]"""
NOTHING: list[object] = [None, None, False, [], [], "prompt", 1440]


@pytest.mark.usefixtures("transactional_db")
def test_a_window_kept_from_another_test_knows_nothing_of_it(
    browser_windows: Windows, browser_context: BrowserContext, browser_sign_in: SignIn
) -> None:
    person = cast_make().outsider

    def new_page() -> Page:
        browser_sign_in(person)
        page = browser_context.new_page()
        page.goto("/first/")
        return page

    page = new_page()
    assert page.evaluate(STORED) == NOTHING
    page.set_viewport_size({"width": 390, "height": 844})
    browser_context.grant_permissions(["clipboard-read"])
    browser_context.route("**/late/", lambda route: route.abort())
    page.evaluate(STORE)
    left = page.evaluate(STORED)
    assert page.evaluate("fetch('/late/').catch(() => 'aborted')") == "aborted"
    assert not [one for one, nothing in zip(left, NOTHING, strict=True) if one == nothing]

    browser_windows.clear(scripts=True)
    assert browser_windows.open(scripts=True) is browser_context, "it is kept"
    assert not browser_context.cookies()
    page = new_page()
    assert page.evaluate(STORED) == NOTHING
    go_on.set()
    assert page.evaluate("fetch('/late/').then((answer) => answer.status)") == 200


def test_a_window_that_a_test_closed_is_opened_anew(
    browser_windows: Windows, browser_context: BrowserContext
) -> None:
    browser_context.close()
    browser_windows.clear(scripts=True)
    anew = browser_windows.open(scripts=True)
    assert anew is not browser_context
    assert len(anew.pages) == 1
