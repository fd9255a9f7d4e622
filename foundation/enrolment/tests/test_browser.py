"""The import of people in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from foundation.accounts.models import User
from foundation.enrolment.tests.tables import table
from foundation.testing.browser import assert_accessible, assert_fits
from foundation.testing.cast import Cast


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param("wide", marks=pytest.mark.browser),
        pytest.param("narrow and dark", marks=pytest.mark.browser(narrow=True, dark=True)),
    ],
)
def test_a_file_is_seen_and_then_imported(
    shape: str, browser_page: Page, browser_sign_in: Callable[[User], None], cast: Cast
) -> None:
    browser_sign_in(cast.administrator)
    page = browser_page

    def bring(content: bytes) -> None:
        page.goto("/people/import/")
        file = {"name": "people.csv", "mimeType": "text/csv", "buffer": content}
        page.get_by_label("File").set_input_files(file)
        page.get_by_role("button", name="Show what it would do").click()

    bring(table({"Unit": "nowhere"}, {"E-mail address": "b@example.com", "Role": "CISO"}))
    expect(page.get_by_text("There is no unit “nowhere”")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    bring(table({"Unit": "CRD", "Role": "Personnel", "Role for": "CRD"}))
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Import, and invite 1 person").click()
    expect(page.get_by_text("Imported: 1 new")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    assert User.objects.filter(email="nils.ek@example.com").exists()
