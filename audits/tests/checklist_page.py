"""The page of a checklist as tests in a browser find their way on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from playwright.sync_api import Locator, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from audits.models import Audit
from audits.tests.checks import first_check
from foundation.accounts.models import User
from foundation.testing.browser import settle
from foundation.testing.sign_in import client_of


def checklist(audit: Audit, rest: str = "") -> str:
    """Return the address of a checklist, or of something below it."""
    return f"/audits/{audit.reference}/checklist/{rest}"


def status(page: Page) -> Locator:
    """Return the line that says how far saving is."""
    return page.locator("[data-check-status]")


def is_opened(page: Page, identifier: str) -> None:
    """Wait until a check is opened."""
    expect(page.locator("#check-title .check-id")).to_have_text(identifier)


def refusal(page: Page) -> Locator:
    """Return what is told of checks that the server refused."""
    return page.locator("[data-check-refusals] .notice")


def session_of(user: User, live_server: LiveServer) -> list[dict[str, str]]:
    """Return the cookies of somebody who is signed in."""
    value = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
    return [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]


class Clocked:
    """A page whose scripts' time the test lets pass, with what came of each save that it sent."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers: list[int] = []
        page.clock.install()
        page.on("response", self._hear)

    def _hear(self, answer: Response) -> None:
        if self._is_save(answer):
            self.answers.append(answer.status)

    @staticmethod
    def _is_save(answer: Response) -> bool:
        return answer.request.method == "POST" and "/checklist/" in answer.url

    @contextmanager
    def saves(self, status: int) -> Iterator[None]:
        """Wait for what comes of the next save, which the block brings about."""
        with self.page.expect_response(self._is_save) as heard:
            yield
        assert heard.value.status == status

    def wait(self, milliseconds: int) -> None:
        """Let time pass, and what is on its way then arrive."""
        self.page.clock.run_for(milliseconds)
        settle(self.page)

    def type(self, audit: Audit, words: str) -> None:
        """Write notes into the first check, and leave the field."""
        self.page.goto(checklist(audit, f"{first_check(audit).pk}/"))
        self.page.get_by_role("textbox", name="Notes").fill(words)
        self.page.get_by_label("Sample").focus()
