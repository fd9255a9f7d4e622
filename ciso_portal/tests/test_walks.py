"""Whole ways through the portal in a real browser, as a person goes them: mouse and keyboard, day and night, wide and narrow."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from audits.imports import AUDIT_IMPORT, audits_import_file
from audits.models import Audit
from audits.tests.factories import NOW, audit_make
from audits.tests.tables import table
from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.sample import open_and_decide
from foundation.records.imports.drafts import import_file_keep
from foundation.testing.browser import (
    Problems,
    SignIn,
    assert_accessible,
    assert_fits,
    focused,
    focused_name,
    settle,
    tab_to,
)
from foundation.testing.cast import Cast, cast_make

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "seven-lanterns-over-harbour"
LOOKS = [
    pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
    for wishes in ({}, {"dark": True}, {"narrow": True}, {"narrow": True, "dark": True})
]


@pytest.fixture
def players(transactional_db: None) -> Cast:
    """Make the cast where the server's own connections see it."""
    return cast_make()


def sign_in_by_form(page: Page, user: User) -> None:
    """Sign in as a person does, on the sign-in page."""
    user.set_password(PASSWORD)
    user.save()
    page.goto("/audits/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Audits")


def choose(page: Page, label: str, name: str) -> None:
    """Choose somebody in a searchable select, by typing the name."""
    settle(page)  # a script makes it searchable
    box = page.get_by_label(label, exact=False).first
    if box.evaluate("element => element.tagName") == "SELECT":
        box.select_option(label=name)
        return
    box.click()
    box.press_sequentially(name[:6])
    page.get_by_role("option", name=name).first.click()
    page.keyboard.press("Escape")


def fill_audit(page: Page, cast: Cast, title: str) -> None:
    """Fill in the form of an audit that recurs each year."""
    page.get_by_label("Title").fill(title)
    choose(page, "Business unit", cast.units.payments.name)
    choose(page, "Lead auditor", cast.auditor.full_name)
    page.locator("input[name=starts_on]").fill("2028-02-29")


def take_step(page: Page, step: str, state: str) -> None:
    """Take a step of an audit in its dialog, and see it in its new state."""
    settle(page)  # a script lets the link open a dialog
    page.get_by_role("link", name=step, exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert_accessible(page, within="dialog")
    dialog.get_by_role("button", name=step).click()
    expect(page.locator("[aria-current=step]")).to_contain_text(state)


@pytest.mark.parametrize("looks", LOOKS[:2])
def test_from_sign_in_to_a_closed_audit(browser_page: Page, players: Cast, looks: dict[str, bool]) -> None:
    page = browser_page
    sign_in_by_form(page, players.analyst)
    page.get_by_role("link", name="Plan an audit").first.click()
    fill_audit(page, players, "Card data review")
    page.get_by_label("Repeats").select_option(label="Yearly")
    preview = page.locator("#repeat-preview")
    expect(preview.get_by_role("listitem")).to_have_count(5)
    expect(preview).to_contain_text("28 February 2029")
    assert_accessible(page)
    page.get_by_role("button", name="Plan the audit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Card data review")
    assert_accessible(page)
    for step, state in (
        ("Start preparing", "Preparing"),
        ("Start fieldwork", "Fieldwork"),
        ("Start reporting", "Reporting"),
    ):
        take_step(page, step, state)
    page.get_by_role("link", name="Write the conclusion").first.click()
    page.get_by_label("Conclusion").fill("Access is kept as the criteria ask.")
    assert_accessible(page)
    page.get_by_role("main").get_by_role("button", name="Save").click()
    take_step(page, "Submit the report", "Report in review")
    asked = ApprovalRequest.objects.get()
    open_and_decide(request=asked, actor=players.ciso, now=clock.now())
    page.reload()
    take_step(page, "Close audit", "Closed")
    assert_accessible(page)
    audits = list(Audit.objects.order_by("starts_on").values_list("state", flat=True))
    assert audits == ["closed", "planned"]


@pytest.mark.browser
def test_a_step_that_needs_a_reason_says_so(
    browser_page: Page, players: Cast, browser_sign_in: SignIn, browser_problems: Problems
) -> None:
    browser_problems.allow("422")
    audit = audit_make(players)
    browser_sign_in(players.analyst)
    browser_page.goto(audit.get_absolute_url())
    browser_page.get_by_role("link", name="Cancel audit").click()
    dialog = browser_page.get_by_role("dialog")
    dialog.get_by_role("button", name="Cancel audit").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    assert_accessible(browser_page)
    dialog.get_by_label("Why is it cancelled?").fill("The system is gone.")
    dialog.get_by_role("button", name="Cancel audit").click()
    expect(browser_page.locator("[aria-current=step]")).to_contain_text("Cancelled")
    audit.refresh_from_db()
    assert audit.state == "cancelled"


@pytest.mark.browser
def test_the_keyboard_alone_plans_an_audit_and_takes_it_on(
    browser_page: Page, players: Cast, browser_sign_in: SignIn
) -> None:
    browser_sign_in(players.analyst)
    page = browser_page
    page.goto("/audits/")
    tab_to(page, lambda: "Plan an audit" in focused(page))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan an audit")
    tab_to(page, lambda: focused_name(page) == "title")
    page.keyboard.type("Keyboard audit")
    tab_to(page, lambda: focused_name(page) == "unit")
    page.keyboard.press("ArrowDown")
    tab_to(page, lambda: focused_name(page).startswith("lead_auditor"))
    page.keyboard.type(players.auditor.full_name)
    expect(page.get_by_role("option", name=players.auditor.full_name).first).to_be_visible()
    page.keyboard.press("Enter")
    tab_to(page, lambda: focused_name(page) == "starts_on")
    page.keyboard.type("01182028")
    tab_to(page, lambda: focused_name(page) == "repeat_unit")
    page.keyboard.type("Y")
    expect(page.locator("#repeat-preview").get_by_role("listitem")).to_have_count(5)
    tab_to(page, lambda: focused(page) == "Plan the audit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keyboard audit")
    audit = Audit.objects.get()
    assert (audit.starts_on.isoformat(), audit.series and audit.series.rrule) == ("2028-01-18", "FREQ=YEARLY")
    tab_to(page, lambda: focused(page) == "Start preparing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, lambda: focused(page) == "Start preparing")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-current=step]")).to_contain_text("Preparing")


@pytest.mark.browser
def test_the_keyboard_alone_imports_a_programme(
    browser_page: Page, players: Cast, browser_sign_in: SignIn, tmp_path: Path
) -> None:
    browser_sign_in(players.analyst)
    file = tmp_path / "programme.csv"
    file.write_bytes(table({}))
    page = browser_page
    page.goto("/audits/")
    tab_to(page, lambda: focused(page) == "Import")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Import audits")
    tab_to(page, lambda: focused_name(page) == "file")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(file)
    tab_to(page, lambda: focused(page) == "Show what it would do")
    page.keyboard.press("Enter")
    expect(page.get_by_text("ISMS internal audit")).to_be_visible()
    tab_to(page, lambda: focused(page) == "Import 1 audit")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Imported: 1 new")).to_be_visible()
    assert Audit.objects.get().title == "ISMS internal audit"


@pytest.mark.browser
def test_a_programme_is_imported_from_a_file(
    browser_page: Page, players: Cast, browser_sign_in: SignIn, browser_problems: Problems, tmp_path: Path
) -> None:
    browser_problems.allow("422")
    browser_sign_in(players.analyst)
    page = browser_page
    file = tmp_path / "programme.csv"
    good = f"Gateway review,internal,PAY,{players.auditor.email},2027-03-01"
    head = "Title,Type,Business unit,Lead auditor,Fieldwork starts"
    file.write_text(f"{head}\n{good}\nBroken,internal,NOPE,{players.auditor.email},2027-02-30\n")
    page.goto("/audits/")
    page.get_by_role("link", name="Import").first.click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("alert")).to_contain_text("nothing will be")
    assert_accessible(page)
    assert not Audit.objects.exists()
    page.get_by_role("link", name="Bring the file again").click()
    file.write_text(f"{head}\n{good}\n")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Show what it would do").click()
    page.get_by_role("button", name=re.compile("Import")).click()
    expect(page.get_by_text("AUD-0001").first).to_be_visible()
    assert Audit.objects.get().title == "Gateway review"


@pytest.mark.browser(narrow=True)
def test_a_programme_is_approved_on_a_phone(
    browser_page: Page, players: Cast, browser_sign_in: SignIn
) -> None:
    page = browser_page
    sign_in_by_form(page, players.analyst)
    page.goto("/audits/programmes/new/")
    page.get_by_label("Title").fill("Programme 2028")
    page.locator("input[name=year]").fill("2028")
    choose(page, "Business unit", players.units.root.name)
    page.get_by_role("button", name=re.compile("Draft|Save")).click()
    expect(page.get_by_role("link", name="Submit for approval")).to_be_visible()
    settle(page)
    page.get_by_role("link", name="Submit for approval").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit for approval").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("In review")
    page.context.clear_cookies()
    players.ciso.set_password(PASSWORD)
    players.ciso.save()
    browser_sign_in(players.ciso)  # without the password, which is therefore asked for before the decision
    page.goto("/")
    page.get_by_role("link", name="Programme 2028").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Approval of PRG-0001")
    assert_fits(page)
    assert_accessible(page)
    in_reach = page.locator(".decision-bar").get_by_role("button", name="Approve")
    expect(in_reach).to_be_in_viewport()  # wherever one has read to
    in_reach.click()
    expect(page).to_have_url(re.compile("/account/confirm/"))
    assert_fits(page)
    assert_accessible(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Approval of PRG-0001")
    expect(page.get_by_text("Approved").first).to_be_visible()
    assert ApprovalRequest.objects.get().state == "approved"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("looks", LOOKS)
def test_every_page_is_accessible_and_fits(
    browser_page: Page, players: Cast, browser_sign_in: SignIn, looks: dict[str, bool]
) -> None:
    audit = audit_make(players, auditees=[players.personnel])
    RoleGrantFactory.create(user=players.ciso, role=Role.ADMINISTRATOR)
    browser_sign_in(players.ciso)
    for path in (
        "/",
        "/approvals/routes/",
        "/approvals/routes/programme/",
        "/audits/",
        "/audits/?state=closed",
        audit.get_absolute_url(),
        f"{audit.get_absolute_url()}history/",
        f"{audit.get_absolute_url()}edit/",
        f"/actions/from/{audit.reference}/new/",
        "/audits/new/",
        "/audits/programmes/",
        "/audits/import/",
        imported(players),
        "/approvals/",
        "/trail/",
        "/rights/",
        "/profile/",
        "/organisation/",
        "/health/",
        "/admin/",
    ):
        browser_page.goto(path)
        assert_accessible(browser_page, titled=path != "/admin/")
        assert_fits(browser_page)


def imported(cast: Cast) -> str:
    """Import a file, and return the address of what came of it."""
    file = import_file_keep(
        user=cast.ciso,
        purpose=AUDIT_IMPORT.purpose,
        file_name="plan.csv",
        content=table({}),
        sheet="",
        now=NOW,
    )
    audits_import_file(file=file, actor=cast.ciso, now=NOW)
    return reverse("audits:import-preview", args=[file.key])
