"""A check that is not saved in a real browser: what is sent again, when, by whom, and what is told of it meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Route, expect
from pytest_django.live_server_helper import LiveServer

from audits.choices import AuditRole
from audits.models import Audit, Check
from audits.tests.checklist_page import Clocked, checklist, is_opened, refusal, session_of, status
from audits.tests.checks import audit_half_tested, first_check
from foundation.records.models import Participant
from foundation.testing.browser import Problems
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 10 * 60_000  # milliseconds: longer than any pause between two tries


@pytest.fixture
def audit(players: Cast) -> Audit:
    return audit_half_tested(players)


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
