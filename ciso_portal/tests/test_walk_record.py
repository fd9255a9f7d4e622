"""Work on a record by the keyboard alone, in a real browser: a file, a comment and its versions, a link, and search."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from audits.tests.factories import audit_make
from foundation.conversation.choices import MENTIONED
from foundation.conversation.models import Comment
from foundation.files.models import FileVersion
from foundation.links.models import Link
from foundation.notifications.models import Notice
from foundation.testing.browser import (
    SignIn,
    assert_accessible,
    assert_fits,
    focused,
    focused_name,
    settle,
    tab_to,
)
from foundation.testing.cast import Cast, cast_make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def players(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    """The cast, the auditor in the browser, and two audits."""
    cast = cast_make()
    browser_sign_in(cast.auditor)
    audit_make(cast, title="Gateway review")
    audit_make(cast, title="Card data audit")
    return cast


def follow(page: Page, words: str) -> None:
    """Tab to the link or button of these words, and press Enter."""
    tab_to(page, lambda: focused(page) == words)
    page.keyboard.press("Enter")


def open_tab(page: Page, label: str) -> None:
    """Tab to the record page's tab of this label, whatever it counts, and open it."""
    tab_to(page, lambda: focused(page).split()[:1] == [label])
    page.keyboard.press("Enter")
    expect(page.locator("[aria-current=page]").filter(has_text=label)).to_be_visible()


def palette(page: Page, words: str, finds: str) -> None:
    """Open the palette, type, and go where the first result leads."""
    settle(page)
    page.keyboard.press("Control+k")
    page.keyboard.type(words)
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text(finds)
    page.keyboard.press("Enter")


def test_a_file_a_mention_and_a_link_by_the_keyboard_alone(
    browser_page: Page, players: Cast, tmp_path: Path
) -> None:
    page, keys = browser_page, browser_page.keyboard
    paper = tmp_path / "Leavers of May.txt"
    paper.write_text("svc-settle-02 is nobody's")
    page.goto("/")
    palette(page, "gateway rev", "Gateway review")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gateway review")

    # A file, found again by its name from anywhere.
    open_tab(page, "Files")
    tab_to(page, lambda: focused_name(page) == "uploads")
    with page.expect_file_chooser() as chooser:
        keys.press("Enter")
    chooser.value.set_files(paper)
    follow(page, "Add files")
    expect(page.locator("#files").get_by_role("link", name="Leavers of May.txt", exact=True)).to_be_visible()
    assert FileVersion.objects.get().name == "Leavers of May.txt"

    # A colleague is mentioned, and told.
    open_tab(page, "Activity")
    tab_to(page, lambda: focused_name(page) == "text")
    keys.type("Have a look, @ulr")
    expect(page.get_by_role("option", name="Ulrike Sommer")).to_be_visible()
    keys.press("Enter")
    keys.press("Control+Enter")
    comment = page.locator("article.comment")
    expect(comment.locator(".mention")).to_have_text("@Ulrike Sommer")
    assert Notice.objects.get(kind=MENTIONED).recipient == players.unit_lead

    # Another record, picked by search.
    open_tab(page, "Links")
    tab_to(page, lambda: focused_name(page) == "other")
    keys.type("card da")
    expect(page.locator(".suggestions").get_by_role("option")).to_have_count(1)
    keys.press("Enter")
    keys.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="Card data audit")).to_be_visible()
    assert Link.objects.get().source.title == "Gateway review"

    # What was said leads back to where it was said, and what was sent is among the results.
    palette(page, "have a look", "Comment of Odile Brandt")
    expect(comment).to_be_in_viewport()
    settle(page)
    keys.press("Control+k")
    keys.type("leavers of")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("Leavers of May.txt")
    keys.press("ArrowUp")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    expect(page.locator(".hit")).to_contain_text(["Leavers of May.txt"])
    assert_accessible(page)


def test_a_comment_is_edited_and_withdrawn_by_the_keyboard_alone(browser_page: Page, players: Cast) -> None:
    page, keys = browser_page, browser_page.keyboard
    page.goto("/audits/AUD-0001/activity/")
    tab_to(page, lambda: focused_name(page) == "text")
    keys.type("Three accounts are open.")
    keys.press("Control+Enter")
    comment = page.locator("article.comment")
    expect(comment).to_contain_text("Three accounts are open.")

    follow(page, "Edit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit the comment")
    assert_accessible(page)
    assert_fits(page)
    tab_to(page, lambda: focused_name(page) == "text")
    keys.press("Control+a")
    keys.type("Two accounts are open.")
    keys.press("Control+Enter")
    expect(comment).to_contain_text("Two accounts are open.")
    expect(comment).to_contain_text("Edited")

    follow(page, "Earlier versions")
    versions = page.locator(".comment-text")
    expect(versions).to_have_text(["Two accounts are open.", "Three accounts are open."])
    assert_accessible(page)
    assert_fits(page)
    page.go_back()

    follow(page, "Withdraw")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert_accessible(page)
    follow(page, "Withdraw")
    expect(comment).to_contain_text(re.compile("Withdrawn by Odile Brandt"))
    expect(page.get_by_text("Two accounts are open.")).to_have_count(0)
    assert_accessible(page)
    assert Comment.objects.get().withdrawn_at
