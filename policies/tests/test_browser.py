"""Documents in a real browser: compared, written with a preview, taken over, reviewed; on a phone and by night."""

import pytest
from playwright.sync_api import Page, expect

from foundation.approvals.services import remark_make
from foundation.records.imports import aside
from foundation.records.tasks import run_imports
from foundation.testing.browser import (
    Problems,
    SignIn,
    assert_accessible,
    assert_fits,
    keep_pictures,
    settle,
)
from foundation.testing.cast import Cast, cast_make
from policies.models import Document
from policies.selectors import coming_of
from policies.services import draft_take_over
from policies.tests.factories import NOW, TEXT, document_make, published, revising, step
from policies.tests.packages import long_package, package

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [
    pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
    for wishes in ({}, {"narrow": True, "dark": True})
]
CHANGED = (
    TEXT.replace("Keep the key.", "Keep each key in the safe.")
    + "\n| Door | Who |\n|---|---|\n| Gate | Guard |\n"
)


@pytest.fixture
def cast(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    """The cast, before the analyst."""
    made = cast_make()
    browser_sign_in(made.analyst)
    return made


@pytest.mark.parametrize("wishes", LOOKS)
def test_two_versions_are_read_beside_each_other(
    browser_page: Page, cast: Cast, wishes: dict[str, bool]
) -> None:
    document = revising(cast, body=CHANGED)
    browser_page.goto(f"/policies/{document.reference}/differences/")
    old = browser_page.locator(".compared-line.is-changed .compared-old")
    new = browser_page.locator(".compared-line.is-changed .compared-new")
    if wishes:
        expect(old).to_be_hidden()
        expect(new.locator("del").first).to_be_visible()
    else:
        expect(old).to_be_visible()
        expect(new.locator("del").first).to_be_hidden()
    expect(new.locator("ins").first).to_be_visible()
    expect(browser_page.locator(".compared-line.is-new .compared-cell").last).to_be_visible()
    assert_accessible(browser_page)
    assert_fits(browser_page)


@pytest.mark.browser
def test_versions_are_chosen_from_the_keyboard(browser_page: Page, cast: Cast) -> None:
    document = revising(cast, body=CHANGED)
    browser_page.goto(f"/policies/{document.reference}/differences/")
    browser_page.get_by_label("From version").select_option("2")
    browser_page.get_by_label("To version").select_option("1")
    browser_page.get_by_role("button", name="Compare").press("Enter")
    browser_page.wait_for_url("**old=2&new=1**")
    browser_page.get_by_role("link", name="In one text").press("Enter")
    browser_page.wait_for_url("**view=inline**")
    expect(browser_page.locator("ins").first).to_be_visible()


@pytest.mark.parametrize("wishes", LOOKS)
def test_a_draft_is_written_with_a_preview(browser_page: Page, cast: Cast, wishes: dict[str, bool]) -> None:
    document = document_make(cast, body="")
    browser_page.goto(f"/policies/{document.reference}/draft/")
    browser_page.get_by_role("button", name="Table").press("Enter")
    text = browser_page.locator("#id_body")
    expect(text).to_have_value("\n| What | Who |\n|---|---|\n|  |  |\n")
    browser_page.get_by_role("button", name="Preview").press("Enter")
    expect(browser_page.locator("#draft-preview th").first).to_have_text("What")
    assert_accessible(browser_page)
    assert_fits(browser_page)
    browser_page.get_by_role("button", name="Save").press("Enter")
    expect(browser_page.get_by_text("The draft is saved")).to_be_visible()
    assert "| What | Who |" in coming_of(document).body


@pytest.mark.browser
def test_who_loses_the_draft_is_told_and_keeps_what_was_typed(
    browser_page: Page, cast: Cast, browser_problems: Problems
) -> None:
    browser_problems.allow("409")
    document = document_make(cast)
    browser_page.goto(f"/policies/{document.reference}/draft/")
    lock = Document.objects.get(pk=document.pk).writing
    draft_take_over(document=document, actor=cast.ciso, now=lock.seen_at, key=str(lock.key))
    text = browser_page.locator("#id_body")
    text.fill("Typed, and not saved yet")
    browser_page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    lost = browser_page.locator("#draft-lost")
    expect(lost).to_contain_text(cast.ciso.full_name)
    assert_accessible(browser_page)
    browser_page.get_by_role("button", name="Save").press("Enter")
    expect(browser_page.locator("#conflict")).to_contain_text("writes on this draft now")
    expect(text).to_have_value("Typed, and not saved yet")
    assert_accessible(browser_page)


@pytest.mark.parametrize("wishes", LOOKS)
def test_a_review_is_closed(browser_page: Page, cast: Cast, wishes: dict[str, bool]) -> None:
    document = published(cast)
    browser_page.goto(f"/policies/{document.reference}/review/")
    browser_page.get_by_label("Still right").check()
    browser_page.get_by_label("Why?").fill("Walked all doors")
    assert_accessible(browser_page)
    assert_fits(browser_page)
    browser_page.get_by_role("button", name="Close the review").press("Enter")
    expect(browser_page.get_by_text("The review is closed; the next is due")).to_be_visible()
    browser_page.goto(f"/policies/{document.reference}/reviews/")
    expect(browser_page.get_by_text("Walked all doors")).to_be_visible()
    assert_accessible(browser_page)


@pytest.mark.parametrize("wishes", LOOKS)
def test_personnel_find_and_read_what_binds_them(
    browser_page: Page, browser_sign_in: SignIn, cast: Cast, wishes: dict[str, bool]
) -> None:
    published(cast, body=CHANGED.replace("## Purpose", "## Purpose\n\n## Scope\n\n## Duties"))
    published(cast, title="Window policy", type="standard")
    browser_sign_in(cast.personnel)
    browser_page.goto("/policies/library/")
    assert_accessible(browser_page)
    assert_fits(browser_page)
    browser_page.get_by_label("Search in the whole text").fill("safe")
    expect(browser_page.locator(".hit mark").first).to_have_text("safe")
    expect(browser_page.locator(".hit")).to_have_count(1)
    settle(browser_page)
    browser_page.get_by_role("link", name="Door policy").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Door policy")
    assert_accessible(browser_page)
    assert_fits(browser_page)
    browser_page.get_by_role("link", name="Rules").click()
    expect(browser_page.locator("#section-rules")).to_be_in_viewport()
    with browser_page.expect_download() as taken:
        browser_page.get_by_role("link", name="PDF").click()
    assert taken.value.suggested_filename == "DOC-0001-1.0.pdf"


@pytest.mark.browser
def test_a_package_is_seen_first_and_imported_then(
    browser_page: Page, cast: Cast, browser_problems: Problems
) -> None:
    browser_page.goto("/policies/import/")
    assert_accessible(browser_page)
    browser_page.get_by_label("ZIP").set_input_files(
        {"name": "policies.zip", "mimeType": "application/zip", "buffer": package()}
    )
    browser_page.get_by_role("button", name="Show what it would do").press("Enter")
    expect(browser_page.get_by_text("Board of directors")).to_be_visible()
    assert_accessible(browser_page)
    browser_page.get_by_role("button", name="Import 2 documents").press("Enter")
    expect(browser_page.get_by_text("DOC-0002")).to_be_visible()


@pytest.mark.parametrize("wishes", LOOKS)
def test_a_long_package_is_imported_while_one_looks_on(
    browser_page: Page, cast: Cast, monkeypatch: pytest.MonkeyPatch, wishes: dict[str, bool]
) -> None:
    monkeypatch.setattr(aside, "task_wake", lambda *_values: None)  # the worker is called by hand
    browser_page.goto("/policies/import/")
    browser_page.get_by_label("ZIP").set_input_files(
        {"name": "policies.zip", "mimeType": "application/zip", "buffer": long_package()}
    )
    browser_page.get_by_role("button", name="Show what it would do").press("Enter")
    expect(browser_page.get_by_text("Being read", exact=True)).to_be_visible()
    assert_accessible(browser_page)
    assert_fits(browser_page)
    run_imports()
    browser_page.get_by_role("button", name="Import 41 documents").press("Enter")
    expect(browser_page.get_by_text("Being imported")).to_be_visible()
    assert_accessible(browser_page)
    assert_fits(browser_page)
    keep_pictures(browser_page, "import-progress")
    run_imports()
    expect(browser_page.get_by_text("Imported: 41 new")).to_be_visible()


OVERLAPS = """passages => passages.filter(passage => {
    const signs = [...passage.querySelectorAll('.passage-mark a')].map(one => one.getBoundingClientRect());
    const words = document.createTreeWalker(passage, NodeFilter.SHOW_TEXT, {
        acceptNode: node => node.parentElement.closest('.passage-mark') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    });
    while (words.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(words.currentNode);
        for (const line of range.getClientRects())
            if (line.width && signs.some(sign => sign.left < line.right && line.left < sign.right && sign.top < line.bottom && line.top < sign.bottom))
                return true;
    }
    return false;
}).map(passage => passage.id)"""


@pytest.mark.parametrize("wishes", LOOKS)
def test_the_signs_of_remarks_cover_no_words(
    browser_page: Page, browser_sign_in: SignIn, cast: Cast, wishes: dict[str, bool]
) -> None:
    words = "Whoever has a key keeps it where nobody else finds it, and says at once when it is gone. " * 4
    document = document_make(cast, body=f"## Keys\n\n{words}\n\n## Doors\n\n{words}\n")
    request = step(document, "submit", cast.analyst).approval_requests.get()
    for anchor in ("body:p2", "body:h-doors"):
        remark_make(request=request, actor=cast.ciso, passage=anchor, text="Why?", now=NOW)
    browser_sign_in(cast.ciso)
    browser_page.goto(request.get_absolute_url())
    passages = browser_page.locator(".passage:has(.passage-mark a + a)")
    expect(passages).to_have_count(2)
    assert passages.evaluate_all(OVERLAPS) == []
    assert_accessible(browser_page)
    assert_fits(browser_page)
