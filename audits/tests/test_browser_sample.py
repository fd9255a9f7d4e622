"""The pages of the sample bank as its people see them: nothing without a name, nothing beyond the edge of a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from foundation import clock
from foundation.accounts.models import User
from foundation.accounts.sample import sample_load
from foundation.testing.browser import SignIn, assert_accessible, assert_fits

pytestmark = pytest.mark.django_db(transaction=True)

LISTS = (
    "/audits/",
    "/audits/findings/",
    "/audits/evidence/",
    "/audits/programmes/",
    "/actions/",
    "/compliance/",
)
OWN = ("/", "/notifications/", "/approvals/", "/calendar/", "/audits/year/")
OF_AN_AUDIT = (
    "",
    "checklist/",
    "evidence/",
    "findings/",
    "report/",
    "files/",
    "links/",
    "activity/",
    "history/",
)


@pytest.fixture
def bank(transactional_db: None, tmp_path: Path, settings: Any) -> None:
    settings.FILES_ROOT = tmp_path
    sample_load(now=clock.now(), password="not-used-in-these-tests")


def first_of(page: Page, address: str) -> str:
    """Return where the first line of a list leads."""
    page.goto(address)
    return str(page.locator("td.is-title a, th.is-title a").first.get_attribute("href"))


def pages_of(page: Page, audit: str) -> list[str]:
    lines = [first_of(page, address) for address in LISTS]
    return [*OWN, *LISTS, *lines, *(f"/audits/{audit}/{part}" for part in OF_AN_AUDIT)]


@pytest.mark.browser(narrow=True)
def test_everything_has_a_name_and_its_place(browser_page: Page, browser_sign_in: SignIn, bank: None) -> None:
    browser_sign_in(User.objects.get(email="kenjiro.matsuda@example.com"))
    for address in pages_of(browser_page, "AUD-0037"):
        answer = browser_page.goto(address)
        assert answer is not None
        assert answer.ok, f"{address}: {answer.status}"
        assert_accessible(browser_page)
        assert_fits(browser_page)
