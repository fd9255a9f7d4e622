"""Files in a real browser: chosen, dropped, refused, looked at, withdrawn; with scripts and without, by day and by night."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from audits.models import Audit
from audits.tests.factories import audit_make
from foundation.files.models import File, FileVersion
from foundation.files.tests import contents
from foundation.files.tests.contents import file_make
from foundation.testing.browser import (
    Problems,
    SignIn,
    assert_accessible,
    assert_fits,
    focused,
    focused_name,
    tab_to,
)
from foundation.testing.cast import cast_make

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [
    pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
    for wishes in ({}, {"dark": True}, {"narrow": True}, {"narrow": True, "dark": True})
]


@pytest.fixture
def audit(transactional_db: None, browser_sign_in: SignIn) -> Audit:
    """An audit of payments, before the analyst."""
    cast = cast_make()
    browser_sign_in(cast.analyst)
    return audit_make(cast)


def sent_file(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def drop(page: Page, *files: tuple[str, str]) -> None:
    """Drop text files on the page, as the browser does when somebody lets go of them there."""
    page.evaluate(
        """files => {
            const data = new DataTransfer();
            for (const [name, content] of files) data.items.add(new File([content], name));
            for (const type of ["dragenter", "dragover", "drop"])
                document.querySelector("h1").dispatchEvent(
                    new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        [list(file) for file in files],
    )


@pytest.mark.browser
def test_files_are_sent_one_by_one_and_each_is_told(
    browser_page: Page, audit: Audit, browser_problems: Problems
) -> None:
    browser_problems.allow("422")
    browser_page.goto(audit.get_tab_url("files"))
    browser_page.get_by_label("What they show").fill("First visit")
    browser_page.get_by_label("Files", exact=False).first.set_input_files(
        [
            sent_file("report.pdf", contents.pdf(2)),
            sent_file("page.pdf", contents.HTML),
            sent_file("notes.txt", b"Seen on site"),
        ]
    )
    browser_page.get_by_role("button", name="Add files").press("Enter")
    lines = browser_page.locator(".uploads > li")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_contain_text("Added")
    expect(lines.nth(1)).to_contain_text("The name says PDF, but it is a web page")
    expect(lines.nth(2)).to_contain_text("Added")
    listed = browser_page.locator("#files")
    expect(listed.get_by_role("link", name="report.pdf", exact=True)).to_be_visible()
    expect(listed.get_by_role("link", name="notes.txt", exact=True)).to_be_visible()
    expect(listed.get_by_text("First visit")).to_have_count(2)
    expect(browser_page.get_by_role("link", name="Files 2")).to_be_visible()
    expect(browser_page.get_by_role("status").last).to_contain_text("notes.txt: Added")
    assert set(FileVersion.objects.values_list("name", flat=True)) == {"report.pdf", "notes.txt"}
    expect(browser_page.get_by_label("What they show")).to_have_value("First visit")
    assert_accessible(browser_page)
    assert_fits(browser_page)


@pytest.mark.browser
def test_files_can_be_dropped_anywhere_on_the_page(browser_page: Page, audit: Audit) -> None:
    browser_page.goto(audit.get_tab_url("files"))
    drop(browser_page, ("one.txt", "One"), ("two.txt", "Two"), ("three.txt", "Three"))
    expect(browser_page.locator(".uploads > .tone-good")).to_have_count(3)
    expect(browser_page.locator("#files .file-line")).to_have_count(3)
    assert File.objects.count() == 3


@pytest.mark.browser
def test_progress_shows_and_a_file_can_be_called_off(browser_page: Page, audit: Audit) -> None:
    browser_page.goto(audit.get_tab_url("files"))
    throttle = browser_page.context.new_cdp_session(browser_page)
    throttle.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 40_000},
    )
    drop(browser_page, ("slow.txt", "x" * 400_000), ("second.txt", "Second"), ("waits.txt", "Waits"))
    slow = browser_page.locator(".uploads > li").first
    bar = slow.get_by_role("progressbar", name="slow.txt")
    expect(slow).to_contain_text("Sending")
    grows = "bar => new Promise(done => { const look = () => bar.value > 5 ? done() : requestAnimationFrame(look); look(); })"
    bar.evaluate(grows)
    expect(bar).to_be_visible()
    browser_page.get_by_role("button", name="Cancel: slow.txt").press("Enter")
    expect(slow).to_contain_text("Cancelled")
    expect(browser_page.locator(".uploads > .tone-good")).to_have_count(2)
    assert set(FileVersion.objects.values_list("name", flat=True)) == {"second.txt", "waits.txt"}


@pytest.mark.browser
def test_a_file_that_is_too_large_is_not_even_sent(browser_page: Page, audit: Audit, settings: Any) -> None:
    settings.FILES_MAX_BYTES = 1_000
    browser_page.goto(audit.get_tab_url("files"))
    drop(browser_page, ("large.txt", "x" * 2_000), ("small.txt", "Small"))
    expect(browser_page.locator(".uploads > li").first).to_contain_text("too large")
    expect(browser_page.locator("#files .file-line")).to_have_count(1)


@pytest.mark.browser
def test_a_lost_connection_is_told_and_the_file_sent_again(
    browser_page: Page, audit: Audit, browser_problems: Problems
) -> None:
    browser_problems.allow("ERR_FAILED")
    browser_page.goto(audit.get_tab_url("files"))
    browser_page.route("**/files/upload/**", lambda route: route.abort())
    drop(browser_page, ("one.txt", "One"))
    line = browser_page.locator(".uploads > li")
    expect(line).to_contain_text("did not answer")
    browser_page.unroute("**/files/upload/**")
    browser_page.get_by_role("button", name="Try again: one.txt").click()
    expect(line).to_contain_text("Added")
    assert File.objects.count() == 1


@pytest.mark.browser(scripts=False)
def test_it_all_works_without_scripts(browser_page: Page, audit: Audit) -> None:
    browser_page.goto(audit.get_tab_url("files"))
    expect(browser_page.get_by_text("No files yet")).to_be_visible()
    browser_page.get_by_label("Files", exact=False).first.set_input_files(
        [sent_file("notes.txt", b"Seen"), sent_file("run.exe", b"MZ")]
    )
    browser_page.get_by_role("button", name="Add files").click()
    expect(browser_page.get_by_text("1 file added")).to_be_visible()
    expect(browser_page.get_by_text("“run.exe” was not added.")).to_be_visible()
    browser_page.get_by_role("link", name="notes.txt", exact=True).click()
    browser_page.get_by_role("link", name="Add a new version").click()
    browser_page.get_by_label("File", exact=False).first.set_input_files(
        sent_file("notes.txt", b"Seen again")
    )
    browser_page.get_by_role("button", name="Add version").click()
    expect(browser_page.get_by_role("heading", name="Version 2: notes.txt")).to_be_visible()
    browser_page.get_by_role("link", name="Withdraw").click()
    browser_page.get_by_label("Why").fill("Wrong audit")
    browser_page.get_by_role("button", name="Withdraw").click()
    expect(browser_page.get_by_text("Wrong audit")).to_be_visible()


@pytest.mark.browser
def test_downloads_are_saved_under_their_name(browser_page: Page, audit: Audit) -> None:
    file_make(audit, audit.owner, "Prüfbericht 2027.txt", b"Seen on site")
    browser_page.goto(audit.get_tab_url("files"))
    with browser_page.expect_download() as download:
        browser_page.get_by_role("link", name="Download Prüfbericht 2027.txt").click()
    assert download.value.suggested_filename == "Prüfbericht 2027.txt"
    assert Path(download.value.path()).read_bytes() == b"Seen on site"


@pytest.mark.browser
def test_the_digest_is_copied(browser_page: Page, audit: Audit) -> None:
    browser_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    file = file_make(audit, audit.owner)
    browser_page.goto(file.get_absolute_url())
    browser_page.get_by_role("button", name="Copy SHA-256 of version 1").click()
    expect(browser_page.get_by_role("button", name="Copied")).to_be_visible()
    assert browser_page.evaluate("navigator.clipboard.readText()") == file.versions.get().sha256


@pytest.mark.parametrize("looks", LOOKS)
def test_the_pages_are_accessible_and_fit(browser_page: Page, audit: Audit, looks: dict[str, bool]) -> None:
    file = file_make(
        audit,
        audit.owner,
        "A report with a rather long name that has to be broken somewhere.pdf",
        contents.pdf(3),
    )
    file_make(audit, audit.owner, "notes.txt")
    browser_page.goto(audit.get_tab_url("files"))
    expect(browser_page.locator(".tab-nav [aria-current=page]")).to_be_in_viewport(ratio=1)
    assert_accessible(browser_page)
    assert_fits(browser_page)
    browser_page.goto(file.get_absolute_url())
    picture = browser_page.get_by_role("img", name="Page 1 of A report")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    assert_accessible(browser_page)
    assert_fits(browser_page)
    browser_page.get_by_role("link", name="Next page").click()
    expect(browser_page.get_by_role("img", name="Page 2 of A report")).to_be_visible()


@pytest.mark.parametrize("looks", LOOKS)
def test_what_a_file_shows_is_said_by_the_keyboard_alone(
    browser_page: Page, audit: Audit, looks: dict[str, bool], browser_problems: Problems
) -> None:
    browser_problems.allow("409 (Conflict)")
    file = file_make(audit, audit.owner, "report.pdf", contents.pdf(1), description="First visit")
    page, keys = browser_page, browser_page.keyboard
    page.goto(file.get_absolute_url())
    tab_to(page, lambda: focused(page) == "Edit")
    keys.press("Enter")
    field = page.get_by_label("What it shows")
    expect(field).to_have_value("First visit")
    assert_accessible(page)
    assert_fits(page)

    # Meanwhile somebody else says it in other words.
    File.objects.filter(pk=file.pk).update(description="Visit of May")
    tab_to(page, lambda: focused_name(page) == "description")
    keys.press("Control+a")
    keys.type("First visit, signed")
    keys.press("Enter")
    expect(page.get_by_text("Visit of May")).to_be_visible()
    expect(field).to_have_value("First visit, signed")
    assert_accessible(page)
    assert_fits(page)
    tab_to(page, lambda: focused(page) == "Save my version over it")
    keys.press("Enter")
    expect(page.get_by_text("First visit, signed")).to_be_visible()
    file.refresh_from_db()
    assert file.description == "First visit, signed"
