"""What is typed into a check in a real browser: saved by itself, by two auditors at once, kept and told where it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, Route, expect
from pytest_django.live_server_helper import LiveServer

from audits.choices import AuditRole
from audits.models import Audit, Check
from audits.tests.checklist_page import checklist, is_opened, status
from audits.tests.checks import audit_half_tested, first_check
from foundation.accounts.models import User
from foundation.records.models import Participant
from foundation.testing.browser import Problems, assert_accessible, assert_fits, settle
from foundation.testing.cast import Cast
from foundation.testing.sign_in import client_of

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 10 * 60_000  # milliseconds: longer than any pause between two tries


@pytest.fixture
def audit(players: Cast) -> Audit:
    return audit_half_tested(players)


def refusal(page: Page) -> Locator:
    """Return what is told of checks that the server refused."""
    return page.locator("[data-check-refusals] .notice")


def session_of(user: User, live_server: LiveServer) -> list[dict[str, str]]:
    value = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
    return [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]


@pytest.mark.browser
def test_what_is_typed_survives_a_reload(browser_page: Page, audit: Audit) -> None:
    page = browser_page
    check = first_check(audit)
    page.goto(checklist(audit, f"{check.pk}/"))
    page.get_by_role("textbox", name="Notes").fill("Three of ten accounts")
    page.reload()  # at once: sooner than it would have been saved
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("Three of ten accounts")
    settle(page)
    page.goto(checklist(audit))
    check.refresh_from_db()
    assert check.notes == "Three of ten accounts"


@pytest.mark.browser
def test_nothing_is_lost_while_the_server_is_away(
    browser_page: Page, browser_problems: Problems, audit: Audit
) -> None:
    browser_problems.allow("ERR_FAILED")
    page = browser_page
    check = first_check(audit)

    def refuse(route: Route) -> None:
        route.abort() if route.request.method == "POST" else route.continue_()

    page.goto(checklist(audit, f"{check.pk}/"))
    page.route("**/checklist/**", refuse)
    page.get_by_role("textbox", name="Notes").fill("Written on the train")
    page.get_by_label("Sample").focus()
    expect(status(page)).to_contain_text("Not saved: The portal does not answer")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    is_opened(page, "HB-2")
    expect(page.locator("[data-check-unsaved]")).to_have_text("Not saved yet: HB-1")
    page.unroute("**/checklist/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-check-unsaved]")).to_be_hidden()
    check.refresh_from_db()
    assert check.notes == "Written on the train"


@pytest.fixture
def other_page(
    chromium: Browser, live_server: LiveServer, browser_problems: Problems, players: Cast
) -> Iterator[Page]:
    """A page of the analyst, in a browser of their own."""
    context: BrowserContext = chromium.new_context(base_url=live_server.url, reduced_motion="reduce")
    context.add_cookies(session_of(players.analyst, live_server))
    page = context.new_page()
    browser_problems.watch(page, live_server.url)
    yield page
    context.close()


@pytest.mark.browser
def test_two_auditors_lose_nothing_to_each_other(
    browser_page: Page, other_page: Page, browser_problems: Problems, audit: Audit
) -> None:
    browser_problems.allow("409")
    check = first_check(audit)
    for page in (browser_page, other_page):
        page.goto(checklist(audit, f"{check.pk}/"))
    other_page.get_by_role("textbox", name="Notes").fill("Three, says the analyst")
    other_page.get_by_label("Sample").focus()
    expect(status(other_page)).to_contain_text("Saved")

    # Of different fields, both are kept, and the page shows what the other one wrote.
    browser_page.get_by_label("Major nonconformity").check()
    expect(status(browser_page)).to_contain_text("kept: Notes")
    expect(browser_page.get_by_role("textbox", name="Notes")).to_have_value("Three, says the analyst")

    # Of the same field, both are shown.
    other_page.get_by_role("textbox", name="Notes").fill("Four, says the analyst")
    other_page.get_by_label("Sample").focus()
    expect(status(other_page)).to_contain_text("Saved")
    expect(other_page.get_by_label("Major nonconformity")).to_be_checked()
    browser_page.get_by_role("textbox", name="Notes").fill("Five, says the auditor")
    browser_page.get_by_label("Sample").focus()
    conflict = browser_page.locator(".check-conflict")
    expect(conflict).to_contain_text("Anders Falk changed the same")
    expect(conflict).to_contain_text("Four, says the analyst")
    expect(conflict).to_contain_text("Five, says the auditor")
    assert_accessible(browser_page)
    check.refresh_from_db()
    assert (check.notes, check.result) == ("Four, says the analyst", "major")

    conflict.get_by_label("Notes: both").fill("Four or five")
    conflict.get_by_role("button", name="Save what I chose").click()
    expect(conflict).to_have_count(0)
    expect(browser_page.get_by_role("textbox", name="Notes")).to_have_value("Four or five")
    check.refresh_from_db()
    assert check.notes == "Four or five"


@pytest.mark.browser
def test_what_is_missing_or_refused_is_said_and_stays(
    browser_page: Page, browser_problems: Problems, audit: Audit
) -> None:
    browser_problems.allow("422")
    page = browser_page
    page.goto(checklist(audit, f"{first_check(audit).pk}/"))
    page.get_by_label("Not applicable").check()
    expect(status(page)).to_contain_text("Not saved: Say why")
    page.get_by_label("Why it does not apply").fill("No piers")
    expect(status(page)).to_contain_text("Saved")
    Audit.objects.filter(pk=audit.pk).update(state="report_review")
    page.get_by_label("Conforms").check()
    expect(status(page)).to_contain_text("The report is being agreed on")
    expect(refusal(page)).to_contain_text("HB-1")
    expect(refusal(page)).to_contain_text("The report is being agreed on")
    expect(refusal(page)).to_contain_text("Result: Conforms")
    expect(page.get_by_label("Conforms")).to_be_checked()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(audit.get_absolute_url())


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
        for wishes in ({}, {"narrow": True, "dark": True})
    ],
)
def test_who_may_no_longer_work_here_is_told_and_can_copy_what_was_typed(
    browser_page: Page, browser_problems: Problems, players: Cast, audit: Audit, looks: dict[str, bool]
) -> None:
    browser_problems.allow("403")
    page, check = browser_page, first_check(audit)
    page.goto(checklist(audit, f"{check.pk}/"))
    Participant.objects.create(record_id=audit.pk, user=players.auditor, role=AuditRole.AUDITEE)
    page.get_by_role("textbox", name="Notes").fill("Three of ten accounts")
    page.get_by_label("Sample").focus()
    expect(refusal(page)).to_contain_text("Not saved: HB-1")
    expect(refusal(page)).to_contain_text("You may no longer work on this checklist.")
    expect(refusal(page).get_by_label("What you typed")).to_have_text("Notes: Three of ten accounts")
    assert_accessible(page)
    assert_fits(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    refusal(page).get_by_role("button", name="Copy what you typed").click()
    expect(refusal(page).get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "Notes: Three of ten accounts"
    Participant.objects.filter(role=AuditRole.AUDITEE).delete()
    refusal(page).get_by_role("button", name="Try again").click()
    expect(refusal(page)).to_have_count(0)
    expect(status(page)).to_contain_text("Saved")
    check.refresh_from_db()
    assert check.notes == "Three of ten accounts"


class Clocked:
    """A page whose scripts' time the test lets pass, with what came of each save that it sent."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers: list[int] = []
        page.clock.install()
        page.on("response", self._hear)

    def _hear(self, answer: Response) -> None:
        if self._is_save(answer):
            self.answers.append(answer.status)

    @staticmethod
    def _is_save(answer: Response) -> bool:
        return answer.request.method == "POST" and "/checklist/" in answer.url

    @contextmanager
    def saves(self, status: int) -> Iterator[None]:
        """Wait for what comes of the next save, which the block brings about."""
        with self.page.expect_response(self._is_save) as heard:
            yield
        assert heard.value.status == status

    def wait(self, milliseconds: int) -> None:
        """Let time pass, and what is on its way then arrive."""
        self.page.clock.run_for(milliseconds)
        settle(self.page)

    def type(self, audit: Audit, words: str) -> None:
        """Write notes into the first check, and leave the field."""
        self.page.goto(checklist(audit, f"{first_check(audit).pk}/"))
        self.page.get_by_role("textbox", name="Notes").fill(words)
        self.page.get_by_label("Sample").focus()


@pytest.fixture
def clocked(
    chromium: Browser, live_server: LiveServer, browser_problems: Problems, players: Cast
) -> Iterator[Clocked]:
    """A page of the auditor, in a browser of their own: its clock is not put back."""
    context = chromium.new_context(base_url=live_server.url, reduced_motion="reduce")
    context.add_cookies(session_of(players.auditor, live_server))
    page = context.new_page()
    browser_problems.watch(page, live_server.url)
    yield Clocked(page)
    context.close()


@pytest.mark.browser
def test_what_is_refused_is_not_sent_again_before_something_else_is_typed(
    clocked: Clocked, browser_problems: Problems, players: Cast, audit: Audit
) -> None:
    browser_problems.allow("403")
    page = clocked.page
    page.goto(checklist(audit, f"{first_check(audit).pk}/"))
    Participant.objects.create(record_id=audit.pk, user=players.auditor, role=AuditRole.AUDITEE)
    page.get_by_role("textbox", name="Notes").fill("Three of ten accounts")
    page.get_by_label("Sample").focus()
    expect(refusal(page)).to_have_count(1)
    clocked.wait(LONG)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    clocked.wait(LONG)
    page.get_by_label("Sample").fill("Ten accounts")
    with clocked.saves(403):
        clocked.wait(1_000)
    expect(refusal(page).get_by_label("What you typed")).to_contain_text("Sample: Ten accounts")
    clocked.wait(LONG)
    with clocked.saves(403):
        refusal(page).get_by_role("button", name="Try again").click()
    assert clocked.answers == [403, 403, 403], "none but those that the person brought about"


@pytest.mark.browser
def test_a_check_that_was_taken_out_is_told_wherever_one_is(
    clocked: Clocked, browser_problems: Problems, audit: Audit
) -> None:
    browser_problems.allow("404")
    page = clocked.page
    last = audit.checks.order_by("position").last()
    assert last is not None
    page.goto(checklist(audit, f"{last.pk}/"))
    last.delete()
    page.get_by_role("textbox", name="Notes").fill("Written too late")
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    is_opened(page, "HB-5")
    expect(refusal(page)).to_contain_text("Not saved: HB-6")
    expect(refusal(page)).to_contain_text("It is no longer on the checklist")
    expect(refusal(page)).to_contain_text("Notes: Written too late")
    page.get_by_label("Conforms").check()
    expect(status(page)).to_contain_text("Saved")
    clocked.wait(LONG)
    assert sorted(clocked.answers) == [200, 404]
    refusal(page).get_by_role("button", name="Discard it").click()
    expect(refusal(page)).to_have_count(0)
    page.goto(audit.get_absolute_url())  # and nothing keeps one here


@pytest.mark.browser
def test_a_busy_server_is_asked_again_and_not_too_soon(
    clocked: Clocked, browser_problems: Problems, audit: Audit
) -> None:
    browser_problems.allow("429", "503")
    answers = iter([(429, {"Retry-After": "40"}), (503, {})])

    def busy(route: Route) -> None:
        answer = next(answers, None) if route.request.method == "POST" else None
        if answer:
            route.fulfill(status=answer[0], headers=answer[1])
        else:
            route.continue_()

    page = clocked.page
    page.route("**/checklist/**", busy)
    clocked.type(audit, "Written in the rush")
    expect(status(page)).to_contain_text("tried again by itself")
    clocked.wait(35_000)  # of forty, which it asked for
    with clocked.saves(503):
        clocked.wait(5_000)
    expect(status(page)).to_contain_text("tried again by itself")
    with clocked.saves(200):
        clocked.wait(5_000)
    expect(status(page)).to_contain_text("Saved")
    assert clocked.answers == [429, 503, 200]
    expect(refusal(page)).to_have_count(0)
    assert first_check(audit).notes == "Written in the rush"


@pytest.mark.browser
@pytest.mark.parametrize("gone", [settings.SESSION_COOKIE_NAME, None], ids=["session", "all"])
def test_who_signs_in_again_in_another_tab_loses_nothing(
    clocked: Clocked,
    browser_problems: Problems,
    live_server: LiveServer,
    players: Cast,
    audit: Audit,
    *,
    gone: str | None,
) -> None:
    browser_problems.allow("403")
    page = clocked.page
    page.goto(checklist(audit, f"{first_check(audit).pk}/"))
    page.context.clear_cookies(name=gone)
    page.get_by_role("textbox", name="Notes").fill("Written after lunch")
    page.get_by_label("Sample").focus()
    expect(status(page)).to_contain_text("You are no longer signed in")
    sent = len(clocked.answers)
    clocked.wait(LONG)
    assert len(clocked.answers) == sent, "waiting signs nobody in"
    page.context.clear_cookies()  # the form's secret is another from now on
    page.context.add_cookies(session_of(players.auditor, live_server))
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(status(page)).to_contain_text("Saved")
    expect(refusal(page)).to_have_count(0)
    assert first_check(audit).notes == "Written after lunch"


@pytest.mark.browser
def test_what_one_person_typed_is_not_saved_by_another_who_signs_in(
    clocked: Clocked, browser_problems: Problems, live_server: LiveServer, players: Cast, audit: Audit
) -> None:
    browser_problems.allow("403")
    page, check = clocked.page, first_check(audit)
    page.goto(checklist(audit, f"{check.pk}/"))
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("textbox", name="Notes").fill("Written by the auditor")
    page.get_by_label("Conforms").check()
    expect(status(page)).to_contain_text("You are no longer signed in")
    page.context.clear_cookies()
    page.context.add_cookies(session_of(players.analyst, live_server))
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(refusal(page)).to_contain_text("Somebody else is signed in now.")
    expect(refusal(page).get_by_label("What you typed")).to_contain_text("Notes: Written by the auditor")
    with clocked.saves(403):
        refusal(page).get_by_role("button", name="Try again").click()
    expect(refusal(page)).to_contain_text("Somebody else is signed in now.")
    clocked.wait(LONG)
    said = Check.objects.values_list("notes", "result", "version").get(pk=check.pk)
    assert said == (check.notes, check.result, check.version)

    # Whoever goes on from here reads a page of their own, without what the other typed; who typed it finds it again.
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Next", exact=True).click()
    is_opened(page, "HB-2")
    expect(page.locator("[data-checklist]")).to_have_attribute("data-reader", str(players.analyst.pk))
    page.goto(checklist(audit, f"{check.pk}/"))
    expect(page.get_by_role("textbox", name="Notes")).to_have_value(check.notes)
    page.context.clear_cookies()
    page.context.add_cookies(session_of(players.auditor, live_server))
    with clocked.saves(200):
        page.goto(checklist(audit, f"{check.pk}/"))
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("Written by the auditor")
    check.refresh_from_db()
    assert (check.notes, check.tested_by) == ("Written by the auditor", players.auditor)


@pytest.mark.browser
@pytest.mark.parametrize("answer", [None, 503], ids=["unreachable", "broken"])
def test_a_server_that_is_away_while_the_secret_is_fetched_is_asked_again(
    clocked: Clocked, browser_problems: Problems, audit: Audit, answer: int | None
) -> None:
    browser_problems.allow("403", "503", "ERR_FAILED")
    page = clocked.page
    page.goto(checklist(audit, f"{first_check(audit).pk}/"))

    def away(route: Route) -> None:
        if route.request.method == "POST":
            route.continue_()
        elif answer is None:
            route.abort()
        else:
            route.fulfill(status=answer)

    page.route("**/checklist/**", away)
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    page.get_by_role("textbox", name="Notes").fill("Written in the rush")
    page.get_by_label("Sample").focus()
    expect(status(page)).to_contain_text("tried again by itself")
    expect(refusal(page)).to_have_count(0)
    page.unroute("**/checklist/**")
    clocked.wait(2_000)
    expect(status(page)).to_contain_text("Saved")
    assert clocked.answers == [403, 403, 200]
    assert first_check(audit).notes == "Written in the rush"
