"""Tests in a real browser: Chromium through Playwright, under the strict policy, with axe-core at hand.

    @pytest.mark.browser
    def test_it(browser_page, browser_sign_in, cast):
        browser_sign_in(cast.ciso)
        browser_page.goto("/")
        assert_accessible(browser_page)

Whatever the console says, every breach of the policy, every error of a script, every request to another host and every
answer of 500 fails the test that made it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

from foundation.testing.sign_in import client_of

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

    from foundation.accounts.models import User

CHROMIUM = "PORTAL_CHROMIUM"
SCREENSHOTS = "PORTAL_SCREENSHOTS"  # a folder, where pictures of the pages are wanted
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 20_000  # a busy machine is no failure

AXE = Path("node_modules") / "axe-core" / "axe.min.js"
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

# Runs in every document before its own scripts: a click or a key may have set a page going whose answer is not there yet.
NOTES_THAT_ONE_LEAVES = """
    navigation.addEventListener("navigate", ({ destination, downloadRequest }) => {
        if (!destination.sameDocument && downloadRequest === null) window.isLeaving = true;
    });
"""
# What is not there yet, in words; nothing when the page is as it will stay. A navigation begins in a task of its own
# after the key or click, so one task is let go by first. Where scripts are off, no task of ours would ever come.
UNSETTLED = """() => {
    const look = () => {
        const moves = (one) => one.playState === "running" && one.effect?.getComputedTiming().endTime !== Infinity;
        if (window.isLeaving) return "another page is on its way";
        if (document.readyState !== "complete") return "the page is still loading";
        if (document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"))
            return "a part of the page is on its way";
        if (document.fonts.status !== "loaded") return "a font is on its way";
        if (document.getAnimations().some(moves)) return "something moves";
        return "";
    };
    if (matchMedia("(scripting: none)").matches) return look();
    return new Promise((done) => setTimeout(() => requestAnimationFrame(() => setTimeout(() => done(look())))));
}"""
GONE = ("Execution context was destroyed", "Cannot find context")

# Links and buttons that show an icon alone and no words at the pointer. What stands in `aria-hidden` is for the eyes.
WORDLESS = """(within) => [...document.querySelector(within).querySelectorAll("a[href], button, summary, [role=button]")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.title)
    .filter((one) => {
        const seen = one.cloneNode(true);
        seen.querySelectorAll(".visually-hidden, kbd, .bell-count").forEach((part) => part.remove());
        return !seen.textContent.trim();
    })
    .map((one) => one.outerHTML.slice(0, 200))"""

# What htmx writes when a request is called off: a newer one took its place, or the person went on to another page.
CALLED_OFF = ("htmx:sendAbort,", "htmx:afterRequest,")

SignIn = Callable[["User"], None]


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker that shapes the browser's window."""
    config.addinivalue_line(
        "markers", "browser(narrow=False, dark=False, scripts=True): a test in a real browser, and its window"
    )


@dataclass
class Problems:
    """What went wrong in the browser during a test; `allow` takes what the test brings about on purpose."""

    found: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, *parts: str) -> None:
        """Let problems pass whose text contains one of these."""
        self.allowed.extend(parts)

    def left(self) -> list[str]:
        """Return those that nobody allowed."""
        return [text for text in self.found if not any(part in text for part in self.allowed)]

    def watch(self, page: Page, base_url: str) -> None:
        """Note everything that goes wrong on a page."""

        def on_console(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and not message.text.startswith(CALLED_OFF):
                self.found.append(f"console {message.type}: {message.text} ({page.url})")

        def on_request(request: Request) -> None:
            if not request.url.startswith((base_url, "data:", "blob:", "about:")):
                self.found.append(f"request to another host: {request.url}")

        def on_response(response: Response) -> None:
            if response.status >= 500:
                self.found.append(f"answer {response.status}: {response.url}")

        page.on("console", on_console)
        page.on("pageerror", lambda error: self.found.append(f"error of a script: {error} ({page.url})"))
        page.on("request", on_request)
        page.on("response", on_response)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the browser, once for all tests."""
    if not (Path(settings.BASE_DIR) / "static" / "dist" / "app.js").exists():
        pytest.fail("The front-end assets are not built: run `npm ci` and `npm run build`.", pytrace=False)
    found = os.environ.get(CHROMIUM) or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    # Playwright runs an event loop in the tests' thread, which Django would take for asynchronous code.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=found, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def browser_problems() -> Iterator[Problems]:
    """Collect what goes wrong in the browser, and fail the test for it when it is over."""
    problems = Problems()
    yield problems
    if left := problems.left():
        pytest.fail("The browser had something to complain about:\n  " + "\n  ".join(left), pytrace=False)


@dataclass
class Windows:
    """The browser's windows, kept from test to test: a new one costs more than most tests do in it.

    Between tests everything that a page can leave behind is taken away: see `clear`. The first tab keeps the window open.
    """

    browser: Browser
    base_url: str
    kept: dict[bool, BrowserContext] = field(default_factory=dict)

    def open(self, *, scripts: bool) -> BrowserContext:
        """Return the window with scripts, or the one without."""
        if scripts not in self.kept:
            context = self.browser.new_context(
                base_url=self.base_url,
                viewport=WIDE,
                java_script_enabled=scripts,
                reduced_motion="reduce",
                locale="en-GB",
            )
            context.set_default_timeout(PATIENCE_MS)
            context.add_init_script(NOTES_THAT_ONE_LEAVES)
            context.new_page()
            self.kept[scripts] = context
        return self.kept[scripts]

    def clear(self, *, scripts: bool) -> None:
        """Close the tabs and take away cookies, permissions, routes, all that pages stored and all that was cached."""
        context = self.kept[scripts]
        try:
            first, *opened = context.pages
            for page in opened:
                page.close()
            context.unroute_all()
            context.clear_permissions()
            context.clear_cookies()
            session = context.new_cdp_session(first)
            session.send("Storage.clearDataForOrigin", {"origin": self.base_url, "storageTypes": "all"})
            session.send("Network.clearBrowserCache")
            session.detach()
        except (Error, ValueError):  # it is not as it was left: the next test gets a new one
            self.kept.pop(scripts).close()


@pytest.fixture(scope="session")
def browser_windows(chromium: Browser, live_server: LiveServer) -> Windows:
    """Keep the windows that tests use one after the other."""
    return Windows(chromium, live_server.url)


@pytest.fixture
def browser_context(request: pytest.FixtureRequest, browser_windows: Windows) -> Iterator[BrowserContext]:
    """Give the test a window in which nothing has happened yet; `@pytest.mark.browser(scripts=False)` has its own."""
    scripts = _wishes(request).get("scripts", True)
    yield browser_windows.open(scripts=scripts)
    browser_windows.clear(scripts=scripts)


@pytest.fixture
def browser_page(
    request: pytest.FixtureRequest,
    browser_problems: Problems,
    browser_context: BrowserContext,
    live_server: LiveServer,
) -> Page:
    """Open a page that fails the test when anything goes wrong on it; `@pytest.mark.browser(narrow=True, dark=True)`."""
    page = browser_context.new_page()
    if _wishes(request).get("narrow"):
        page.set_viewport_size(NARROW)
    page.emulate_media(
        color_scheme="dark" if _wishes(request).get("dark") else "light", reduced_motion="reduce"
    )
    browser_problems.watch(page, live_server.url)
    # Someone listens for file choosers from the start: `expect_file_chooser` does not wait until the browser knows that it
    # does, so a key that is pressed at once opens one that nobody hears of (one time in four on a busy machine).
    page.on("filechooser", lambda chooser: None)
    return page


def _wishes(request: pytest.FixtureRequest) -> dict[str, Any]:
    marker = request.node.get_closest_marker("browser")
    return marker.kwargs if marker else {}


@pytest.fixture
def browser_sign_in(browser_context: BrowserContext, live_server: LiveServer) -> SignIn:
    """Return a function that signs a person in in the browser, without the sign-in page."""

    def sign_in(user: User) -> None:
        session = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
        browser_context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )

    return sign_in


def settle(page: Page) -> None:
    """Wait until the page that the last click or key led to is all there and nothing on it is on its way any more.

    Playwright's own actions and `expect` wait for one element; what looks at the page as a whole comes after this.
    """
    ends_at = monotonic() + PATIENCE_MS / 1000
    while why := _unsettled(page):
        if monotonic() > ends_at:
            pytest.fail(f"{page.url} does not come to rest: {why}.")


def _unsettled(page: Page) -> str:
    try:
        return str(page.evaluate(UNSETTLED))
    except Error as error:
        if not any(words in error.message for words in GONE):
            raise
        return "another page took its place"


def on_settled_page(page: Page, look: Callable[[], Any]) -> Any:
    """Look at the page once it has settled; once more if another page took its place under the look."""
    settle(page)
    try:
        return look()
    except Error as error:
        if not any(words in error.message for words in GONE):
            raise
    settle(page)
    return look()


def focused(page: Page) -> str:
    """Return the words on the element that has the focus."""
    return str(page.evaluate("(document.activeElement.innerText || '').trim()"))


def focused_name(page: Page) -> str:
    """Return the name (or id, for a searchable select's box) of the field that has the focus."""
    found = page.evaluate(
        "document.activeElement.name || (document.activeElement.id || '').replace(/^id_/, '')"
    )
    return str(found)


def tab_to(page: Page, is_there: Callable[[], bool]) -> None:
    """Press Tab until the focus is where it should be; 80 times at the most."""
    settle(page)
    for _press in range(80):
        page.keyboard.press("Tab")
        if is_there():
            return
    pytest.fail("The keyboard does not get there.")


def assert_accessible(page: Page, *, within: str = "html", titled: bool = True) -> None:
    """Fail for every rule of WCAG 2.2 AA (and good practice) that axe-core finds broken on the settled page.

    And for every link or button that is an icon alone and does not say in a `title` what it does, unless not `titled`: a page
    that others draw.
    """
    source = Path(settings.BASE_DIR) / AXE
    if not source.exists():
        pytest.fail("axe-core is missing: run `npm ci`.", pytrace=False)
    options = {"runOnly": list(AXE_TAGS), "resultTypes": ["violations"]}

    def look() -> Any:
        if not page.evaluate("'axe' in window"):
            page.evaluate(source.read_text())
        return page.evaluate("([within, options]) => axe.run(within, options)", [within, options])

    lines = [
        f"{broken['id']} ({broken['impact']}): {broken['help']}\n      {node['html'][:200]}\n      {node['failureSummary']}"
        for broken in on_settled_page(page, look)["violations"]
        for node in broken["nodes"]
    ]
    assert not lines, f"axe-core on {page.url}:\n  " + "\n  ".join(lines)
    if not titled:
        return
    wordless = on_settled_page(page, lambda: page.evaluate(WORDLESS, within))
    assert not wordless, f"Icons without a title on {page.url}:\n  " + "\n  ".join(wordless)


def assert_fits(page: Page) -> None:
    """Fail when the settled page is wider than the window, so that it would scroll sideways."""
    ask = "[document.documentElement.scrollWidth, window.innerWidth]"
    widths = on_settled_page(page, lambda: page.evaluate(ask))
    assert widths[0] <= widths[1], f"{page.url} is {widths[0]} px wide in a window of {widths[1]} px"


def keep_pictures(page: Page, name: str) -> None:
    """Keep the page as it is on a desk and on a phone, by day and by night, where pictures are asked for."""
    folder, size = os.environ.get(SCREENSHOTS), page.viewport_size
    if not folder or size is None:
        return
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    for width, window in (("wide", WIDE), ("narrow", NARROW)):
        page.set_viewport_size(window)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            settle(page)
            page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="dark" if is_dark else "light", reduced_motion="reduce")
    page.set_viewport_size(size)
