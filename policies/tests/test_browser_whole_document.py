"""The whole life of a policy, in browsers: written, approved on a phone, in force on its day, revised, and read by everyone.

Everybody does the own part, and whoever approves comes from the mail and signs in first.
"""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.formats import date_format
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from foundation import clock
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.tests.factories import PASSWORD
from foundation.notifications.models import Notice
from foundation.testing.browser import Problems, assert_accessible, assert_fits, keep_pictures, settle
from foundation.testing.cast import Cast, cast_make
from foundation.testing.walking import Walk, is_at, tab, take_step, walk_of
from policies.choices import DocumentState, VersionState
from policies.models import Document
from policies.tasks import announce, publish

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Remote working and mobile devices policy"
DAYS = 10
OLD, NEW = "as safe there as in the office", "as safe there as in the office, and safer on ferries"
ADDED = "Nobody works on a train without a privacy screen."


@pytest.fixture
def players(transactional_db: None, settings: Any) -> Cast:
    settings.CLOCK_OFFSET = timedelta()
    return cast_make()


def look(page: Page, name: str) -> None:
    """Check the page, and keep pictures where they are asked for."""
    assert_accessible(page)
    assert_fits(page)
    keep_pictures(page, f"document-{name}")


def write_it(page: Page) -> None:
    """Begin a policy from a text that there is, to hold from a day to come, and ask for its approval."""
    page.goto("/policies/")
    page.get_by_role("link", name="Write a document").first.click()
    page.get_by_label("Start from").select_option(label=TITLE)
    page.get_by_label("Business unit").select_option(index=1)
    look(page, "begin")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Write DOC-0001, version 1.0")
    expect(page.get_by_label("Title")).to_have_value(TITLE)
    day = organisation_day(clock.now()) + timedelta(days=DAYS)
    page.get_by_label("In force from").fill(day.isoformat())
    look(page, "draft")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The draft is saved")).to_be_visible()
    take_step(page, "Submit for approval", "In review")
    look(page, "in-review")


def sign_in_from_the_mail(page: Page, person: User) -> None:
    """Follow the link of the last mail that asks for a decision, and sign in on the way."""
    told = Notice.objects.filter(kind="approvals.requested", recipient=person).latest("pk")
    page.goto(told.payload["path"])
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Approval of DOC-0001")


def approve(page: Page, name: str) -> None:
    """Approve what is shown with the button that stays in reach, and show once more who that is."""
    look(page, name)
    page.locator(".decision-bar").get_by_role("button", name="Approve").click()
    expect(page).to_have_url(re.compile("/account/confirm/"))
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("This request is closed.")).to_be_visible()
    look(page, f"{name}-done")


def revise_it(page: Page) -> None:
    """Write a next version that people have to acknowledge anew, and ask for its approval."""
    take_step(page, "Begin a revision", "Being revised")
    page.get_by_role("link", name="Write", exact=True).click()
    text = page.get_by_label("Text", exact=True)
    body = text.input_value()
    assert OLD in body
    text.fill(f"{body.replace(OLD, NEW, 1)}\n{ADDED}\n")
    page.get_by_label("Material: people have to acknowledge it anew").check()
    page.get_by_label("What changed").fill("Privacy screens on trains")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The draft is saved")).to_be_visible()
    take_step(page, "Submit for approval", "Revision in review")


def sees_what_changes(page: Page) -> None:
    """See on a phone what the version that is decided changes, and come back."""
    page.get_by_role("link", name="What changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What changed")
    expect(page.locator(".compared-new").get_by_text(ADDED)).to_be_visible()
    expect(page.locator(".is-changed .compared-new ins").first).to_contain_text("ferries")
    look(page, "differences-phone")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Approval of DOC-0001")


def pages_of(page: Page) -> list[str]:
    """Return the words of each page of the PDF that the page offers, without the blanks between them."""
    settle(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="PDF", exact=True).click()
    content = Path(taken.value.path()).read_bytes()
    return ["".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(content)).pages]


def is_read_by(page: Page, version: str) -> None:
    """Find the policy in the library, as it is in force."""
    page.goto("/policies/library/")
    look(page, "library")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_role("complementary", name="Facts")).to_contain_text(version)
    look(page, f"library-{version}")


@pytest.mark.browser
def test_a_policy_from_the_first_word_to_its_readers(
    chromium: Browser,
    live_server: LiveServer,
    browser_problems: Problems,
    players: Cast,
    settings: Any,
) -> None:
    with walk_of(chromium, live_server.url, browser_problems, settings) as walk:
        walk_it(walk, players)


def walk_it(walk: Walk, players: Cast) -> None:
    writer = walk.window_of(players.analyst)
    write_it(writer)
    document = Document.objects.get()

    phone = walk.window_of_stranger(narrow=True)
    sign_in_from_the_mail(phone, players.ciso)
    expect(phone.locator(".approval-text").get_by_role("heading", name="Purpose").first).to_be_visible()
    approve(phone, "decision")

    reader = walk.window_of(players.personnel, narrow=True)
    publish()  # as each minute: its day has not come
    reader.goto("/policies/library/")
    expect(reader.get_by_text("Nothing is in force for you yet")).to_be_visible()
    writer.goto(document.get_absolute_url())
    is_at(writer, "Approved")
    look(writer, "approved")

    walk.days_pass(DAYS)
    publish()
    announce()
    writer.goto(document.get_absolute_url())
    is_at(writer, "Published")
    look(writer, "published")
    is_read_by(reader, "1.0")

    revise_it(writer)
    expect(reader.get_by_text(ADDED)).to_have_count(0)
    sign_in_from_the_mail(phone, players.ciso)
    sees_what_changes(phone)
    approve(phone, "decision-2")

    announce()
    writer.goto(document.get_absolute_url())
    is_at(writer, "Published")
    tab(writer, "Versions")
    expect(writer.locator(".tone-tag", has_text="Superseded")).to_be_visible()
    look(writer, "versions")
    writer.get_by_role("link", name="What changed").first.click()
    expect(writer.get_by_text("1.0 against 2.0")).to_be_visible()
    expect(writer.locator(".is-changed .compared-new ins").first).to_contain_text("ferries")
    look(writer, "differences")

    document.refresh_from_db()
    version = document.current
    assert (document.state, version.label) == (DocumentState.PUBLISHED, "2.0")
    assert [one.state for one in document.versions.order_by("number")] == [
        VersionState.SUPERSEDED,
        VersionState.PUBLISHED,
    ]
    writer.goto(document.get_absolute_url())
    pages = pages_of(writer)
    day = date_format(organisation_day(version.published_at), "DATE_FORMAT")
    for said in (
        "DOC-0001,version2.0",
        "Documentcontrol",
        players.ciso.full_name,
        day,
        version.digest,
        ADDED,
    ):
        assert "".join(said.split()) in "".join(pages), said

    is_read_by(reader, "2.0")
    expect(reader.get_by_text(ADDED)).to_be_visible()
    assert pages_of(reader)[3:] == pages[3:], (
        "readers and the register have the same text, past control block and contents"
    )
