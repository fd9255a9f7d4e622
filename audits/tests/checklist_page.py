"""The page of a checklist as tests in a browser find their way on it."""

from playwright.sync_api import Locator, Page, expect

from audits.models import Audit


def checklist(audit: Audit, rest: str = "") -> str:
    """Return the address of a checklist, or of something below it."""
    return f"/audits/{audit.reference}/checklist/{rest}"


def status(page: Page) -> Locator:
    """Return the line that says how far saving is."""
    return page.locator("[data-check-status]")


def is_opened(page: Page, identifier: str) -> None:
    """Wait until a check is opened."""
    expect(page.locator("#check-title .check-id")).to_have_text(identifier)
