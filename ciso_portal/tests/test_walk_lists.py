"""Work with a long list, in a real browser: columns and a view that others open, many rows at once, a file by a worker."""

from datetime import date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from audits.models import Audit
from audits.tests.factories import audit_make
from foundation import clock
from foundation.lists import pages
from foundation.lists.models import ListExport
from foundation.lists.services import export_run, exports, view_save
from foundation.testing.browser import Problems, SignIn, assert_accessible, assert_fits, settle
from foundation.testing.cast import Cast, cast_make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
START = date(2027, 1, 18)


@pytest.fixture
def players(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    """The cast, the analyst in the browser, three audits of gateways, and another one."""
    cast = cast_make()
    browser_sign_in(cast.analyst)
    for title in ("Gateway one", "Gateway two", "Gateway three", "Card data"):
        audit_make(cast, title=title, starts_on=START)
    return cast


def test_columns_and_filters_are_kept_as_a_view_and_shared(
    browser_page: Page, players: Cast, browser_sign_in: SignIn
) -> None:
    page = browser_page
    page.goto("/audits/")
    page.get_by_label("Search", exact=True).fill("gateway")
    expect(page.get_by_role("row")).to_have_count(4)
    page.locator("summary").filter(has_text="Columns").click()
    page.get_by_role("checkbox", name="Owner").check()
    page.get_by_role("checkbox", name="Type").uncheck()
    assert_accessible(page)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("columnheader", name="Owner")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Type")).to_have_count(0)
    expect(page.get_by_role("row")).to_have_count(4)

    settle(page)
    page.locator("summary").filter(has_text="Views").click()
    page.get_by_role("link", name="Save this view").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Gateways and owners")
    dialog.get_by_label("Everyone").check()
    assert_accessible(page)
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator("[aria-current=true]").filter(has_text="Gateways and owners").first).to_be_visible()

    browser_sign_in(players.auditor)
    page.goto("/audits/")
    expect(page.get_by_role("row")).to_have_count(5)
    page.locator("summary").filter(has_text="Views").click()
    assert_accessible(page)
    page.get_by_role("link", name="Gateways and owners").click()
    expect(page.get_by_role("columnheader", name="Owner")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Type")).to_have_count(0)
    expect(page.get_by_role("row")).to_have_count(4)
    expect(page.get_by_label("Search", exact=True)).to_have_value("gateway")


def test_a_view_changed_in_another_tab_is_shown_in_the_dialog(
    browser_page: Page, players: Cast, browser_problems: Problems
) -> None:
    browser_problems.allow("409 (Conflict)")
    page = browser_page
    view = view_save(actor=players.analyst, list_key="audits:audit-list", name="Mine", query="mine=on")
    page.goto("/audits/?state=planned")
    page.locator("summary").filter(has_text="Views").click()
    page.get_by_role("link", name="Save this view").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("In place of").select_option("Mine")
    dialog.get_by_label("Name").fill("Planned")
    view_save(actor=players.analyst, list_key=view.list_key, name="Late", query="late=on", view=view)
    dialog.get_by_role("button", name="Save the view").click()
    told = dialog.get_by_role("alert")
    expect(told).to_contain_text("Late was changed while you wrote")
    for words in ("state: planned", "late: on"):
        expect(told).to_contain_text(words)
    expect(dialog.get_by_label("Name")).to_have_value("Planned")
    assert_accessible(page)
    dialog.get_by_role("button", name="Save my version over it").click()
    expect(page.locator("[aria-current=true]").filter(has_text="Planned").first).to_be_visible()


def test_many_audits_are_assigned_and_moved_together(browser_page: Page, players: Cast) -> None:
    page = browser_page
    page.goto("/audits/?q=gateway")
    page.get_by_label("Select all on this page").check()
    page.get_by_role("row").filter(has_text="Gateway three").get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="Assign").click()
    expect(page.get_by_role("heading", name="2 selected")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    owner = page.get_by_role("combobox", name="Owner")
    owner.press_sequentially("Celia")
    page.get_by_role("option", name="Celia Moreau").click()
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text("2 are changed.")).to_be_visible()
    owners = Audit.objects.filter(owner=players.ciso).values_list("title", flat=True)
    assert set(owners) == {"Gateway one", "Gateway two"}

    expect(page).to_have_url("/audits/?q=gateway")
    page.get_by_label("Select all on this page").check()
    page.get_by_role("button", name="Move").click()
    page.get_by_label("Days").fill("7")
    assert_accessible(page)
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text("3 are changed.")).to_be_visible()
    moved = Audit.objects.filter(starts_on=date(2027, 1, 25)).count()
    assert (moved, Audit.objects.get(title="Card data").starts_on) == (3, START)


def test_the_file_of_a_long_list_is_written_while_one_watches(
    browser_page: Page, players: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = browser_page
    monkeypatch.setattr(pages, "WRITTEN_AT_ONCE", 2)  # rows: three are a long list here
    monkeypatch.setattr(pages, "export_wake", lambda key: None)  # the worker is this test
    monkeypatch.setattr(exports, "STEP_ROWS", 1)
    page.goto("/audits/?q=gateway&sort=title")
    page.get_by_role("link", name="CSV").click()
    state = page.locator("#export-state")
    expect(state).to_contain_text("Waiting")
    assert_accessible(page)
    assert_fits(page)

    seen: list[str] = []

    def watching_clock() -> datetime:
        if len(seen) == 2:  # the second row is written down
            expect(state.get_by_role("progressbar")).to_be_visible()
            expect(state).to_contain_text("1 of 3 rows")
            assert_accessible(page)
        seen.append(state.inner_text())
        return clock.now()

    export_run(key=ListExport.objects.get().pk, clock=watching_clock)
    expect(state).to_contain_text("3 rows")
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ['"Gateway one"', '"Gateway three"', '"Gateway two"']
    page.get_by_role("link", name="Back to the list").click()
    expect(page.get_by_role("row")).to_have_count(4)
    page.goto("/exports/")
    expect(page.get_by_role("row").filter(has_text=".csv")).to_contain_text("Ready")
    assert_accessible(page)
    assert_fits(page)
