"""Evidence in a real browser: asked for by an auditor, answered on a phone with a file, returned, answered, accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from audits.models import EvidenceRequest
from audits.tests.factories import audit_in
from foundation.files.models import FileVersion
from foundation.testing.browser import NARROW, WIDE, SignIn, assert_accessible, assert_fits
from foundation.testing.cast import Cast, cast_make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def players(transactional_db: None, tmp_path: Path, settings: Any) -> Cast:
    settings.FILES_ROOT = tmp_path
    return cast_make()


@pytest.mark.browser
def test_evidence_is_asked_answered_returned_and_accepted(
    browser_page: Page, browser_sign_in: SignIn, players: Cast
) -> None:
    page = browser_page
    audit = audit_in(players, auditees=[players.personnel])

    browser_sign_in(players.auditor)
    page.goto(f"{audit.get_absolute_url()}evidence/")
    page.get_by_role("link", name="Ask for evidence").first.click()
    page.get_by_label("What is needed").fill("Access list of the gateway")
    page.get_by_label("Due").fill("2027-03-01")
    assert_accessible(page)
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("1 request is on its way")).to_be_visible()
    request = EvidenceRequest.objects.get()

    page.set_viewport_size(NARROW)
    browser_sign_in(players.personnel)
    page.goto(request.get_absolute_url())
    assert_accessible(page)
    assert_fits(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "access.txt", "mimeType": "text/plain", "buffer": b"svc-settlement\n"}
    )
    expect(page.locator("#files").get_by_text("access.txt")).to_be_visible()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Thank you. Your answer is sent")).to_be_visible()
    assert FileVersion.objects.get().file.record_id == request.pk

    page.set_viewport_size(WIDE)
    browser_sign_in(players.auditor)
    page.goto(request.get_absolute_url())
    assert_accessible(page)
    page.get_by_role("link", name="Return").click()
    page.get_by_label("What is missing?").fill("The accounts of batch jobs")
    page.get_by_role("dialog").get_by_role("button", name="Return").click()
    expect(page.get_by_text("Returned: something is missing")).to_be_visible()

    page.set_viewport_size(NARROW)
    browser_sign_in(players.personnel)
    page.goto(request.get_absolute_url())
    expect(page.get_by_text("The accounts of batch jobs")).to_be_visible()
    page.get_by_label("Your answer in words").fill("There are none besides those in the file.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Thank you. Your answer is sent")).to_be_visible()

    page.set_viewport_size(WIDE)
    browser_sign_in(players.auditor)
    page.goto(request.get_absolute_url())
    page.get_by_role("link", name="Accept").click()
    page.get_by_role("dialog").get_by_role("button", name="Accept").click()
    expect(page.get_by_text("EVR-0001: Accept")).to_be_visible()
    request.refresh_from_db()
    assert request.state == "accepted"
