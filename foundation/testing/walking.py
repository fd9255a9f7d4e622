"""People who walk through the portal side by side, each in a browser window of their own, and what all of them do there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings as project
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from foundation.accounts.models import User
from foundation.testing.browser import (
    NARROW,
    NOTES_THAT_ONE_LEAVES,
    PATIENCE_MS,
    WIDE,
    Problems,
    settle,
)
from foundation.testing.sign_in import client_of


@dataclass
class Walk:
    """Everybody's windows, and the clock that all of them live by; `settings` are those of the test."""

    browser: Browser
    base_url: str
    problems: Problems
    settings: Any
    windows: dict[int, tuple[User, Page]] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)

    def window_of(self, user: User, *, narrow: bool = False) -> Page:
        """Open a window for a person who is signed in, on the own desk."""
        page = self.window_of_stranger(narrow=narrow)
        self._sign_in(page.context, user)
        self.windows[user.pk] = (user, page)
        page.goto("/")
        return page

    def window_of_stranger(self, *, narrow: bool = False) -> Page:
        """Open a window in which nobody is signed in, on no page yet."""
        context = self.browser.new_context(
            base_url=self.base_url,
            viewport=_size(narrow=narrow),
            reduced_motion="reduce",
            locale="en-GB",
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(NOTES_THAT_ONE_LEAVES)
        page = context.new_page()
        self.problems.watch(page, self.base_url)
        return page

    def days_pass(self, days: int) -> None:
        """Set the clock ahead; nobody is signed in any more after so long, so everybody signs in again."""
        self.settings.CLOCK_OFFSET += timedelta(days=days)
        for user, page in self.windows.values():
            self._sign_in(page.context, user)
            page.goto("/")

    def _sign_in(self, context: BrowserContext, user: User) -> None:
        session = client_of(user).cookies[project.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": project.SESSION_COOKIE_NAME, "value": session, "url": self.base_url}])

    def close(self) -> None:
        """Close all windows."""
        for context in self.contexts:
            context.close()


@contextmanager
def walk_of(browser: Browser, base_url: str, problems: Problems, settings: Any) -> Iterator[Walk]:
    """Let people walk, and close their windows once they are through."""
    walk = Walk(browser, base_url, problems, settings)
    try:
        yield walk
    finally:
        walk.close()


def _size(*, narrow: bool) -> ViewportSize:
    return NARROW if narrow else WIDE


def desk_leads_to(page: Page, title: str) -> None:
    """Open a record from the dates on the person's own desk, where it waits."""
    page.goto("/")
    dates = page.get_by_role("main").locator(".record > div").first
    dates.get_by_role("link", name=title, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    settle(page)


def tab(page: Page, name: str) -> None:
    """Open a tab of a record's page."""
    page.locator(".tab-nav").get_by_role("link", name=name).first.click()
    settle(page)


def choose(page: Page, label: str, name: str) -> None:
    """Choose somebody in a searchable list, by typing the name."""
    settle(page)  # a script makes it searchable
    box = page.get_by_label(label).first
    box.click()
    box.press_sequentially(name[:6])
    page.get_by_role("option", name=name).first.click()
    page.keyboard.press("Escape")


def step_asked(page: Page, step: str) -> Locator:
    """Press the button of a step, and return the dialog that asks for it."""
    settle(page)  # a script lets the link open a dialog
    page.get_by_role("main").get_by_role("link", name=step, exact=True).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def take_step(page: Page, step: str, state: str, **answers: str) -> None:
    """Take a step in its dialog, with what that asks for by its label, and see the record in its new state."""
    dialog = step_asked(page, step)
    for label, words in answers.items():
        dialog.get_by_label(label).fill(words)
    dialog.get_by_role("button", name=step, exact=True).click()
    is_at(page, state)


def is_at(page: Page, state: str) -> None:
    """See in which state the record is that is shown."""
    expect(page.locator("[aria-current=step]")).to_contain_text(state)
    settle(page)


def steps_offered(page: Page) -> list[str]:
    """Return the buttons at the top of the page, the way forward last."""
    settle(page)
    return [
        words.strip() for words in page.locator(".page-actions").first.locator("a, button").all_inner_texts()
    ]
