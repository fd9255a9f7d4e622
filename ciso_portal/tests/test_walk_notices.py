"""Being told, in a real browser: the bell and what is read, a reminder put off for a reason, and no more mails of a kind."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from audits.models import Audit
from audits.tests.factories import audit_make
from foundation import clock
from foundation.accounts.organisation import organisation_day
from foundation.conversation.choices import MENTIONED
from foundation.conversation.services import comment_add
from foundation.deadlines.models import Deadline
from foundation.notifications.choices import Rhythm
from foundation.notifications.models import Mail, MailPreference, Notice
from foundation.notifications.services import mails_compose
from foundation.testing.browser import SignIn, assert_accessible, assert_fits, focused, tab_to
from foundation.testing.cast import Cast, cast_make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def players(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    """The cast, with the auditor in the browser."""
    cast = cast_make()
    browser_sign_in(cast.auditor)
    return cast


@pytest.fixture
def audits(players: Cast) -> list[Audit]:
    """Two audits that start in forty days, on each of which the auditor is mentioned."""
    start = organisation_day(clock.now()) + timedelta(days=40)
    made = [audit_make(players, title=title, starts_on=start) for title in ("Gateway review", "Card data")]
    for audit in made:
        comment_add(
            record=audit, author=players.analyst, text="Ready, @Odile Brandt?", key=uuid4(), now=clock.now()
        )
    return made


def test_the_bell_rings_until_one_has_read(browser_page: Page, audits: list[Audit], players: Cast) -> None:
    page = browser_page
    page.goto("/")
    tab_to(page, lambda: focused(page).endswith("Notifications: 2 unread"))
    page.keyboard.press("Enter")
    lines = page.locator("#bell-menu .bell-line")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("Card data (unread)")
    expect(lines.first).to_contain_text("Anders Falk mentioned you")
    assert_accessible(page)
    tab_to(page, lambda: focused(page).startswith("Card data"))
    page.keyboard.press("Enter")
    expect(page.locator("article.comment")).to_contain_text("Ready, @Odile Brandt?")
    expect(page.get_by_role("button", name="Notifications: 1 unread")).to_be_visible()

    page.goto("/notifications/?read=no")
    row = page.get_by_role("row").filter(has_text="Gateway review")
    assert_accessible(page)
    row.get_by_role("button", name="Mark read").press("Enter")
    expect(page.get_by_role("button", name="Notifications: none unread")).to_be_visible()
    assert not Notice.objects.filter(recipient=players.auditor, read_at=None).exists()


def test_a_reminder_is_put_off_for_a_reason_and_comes_again(
    browser_page: Page, audits: list[Audit], players: Cast
) -> None:
    page = browser_page
    page.goto("/")
    line = page.locator(".desk-line").filter(has_text="Gateway review").filter(has_text="Fieldwork starts")
    line.get_by_role("link", name="Snooze").press("Enter")
    dialog = page.get_by_role("dialog", name="Snooze the reminders")
    until = dialog.get_by_label("Until")
    expect(until).to_be_focused()
    assert_accessible(page)
    until.fill(str(until.get_attribute("max")))
    dialog.get_by_label("Reason").fill("The vendor is away")
    dialog.get_by_role("button", name="Snooze").press("Enter")
    expect(line).to_contain_text("The vendor is away")
    assert_accessible(page)
    assert_fits(page)
    put_off = Deadline.objects.get(snoozed_until__isnull=False)
    assert (put_off.record.title, put_off.snooze_reason) == ("Gateway review", "The vendor is away")

    page.goto(audits[0].get_absolute_url())
    expect(page.get_by_role("row").filter(has_text="Fieldwork starts")).to_contain_text("The vendor is away")
    page.goto("/")
    line.get_by_role("link", name="Remind again").press("Enter")
    again = page.get_by_role("dialog", name="Remind again")
    expect(again).to_contain_text("Its reminders come again")
    again.get_by_role("button", name="Remind again").press("Enter")
    expect(page.get_by_text("Reminders come again")).to_be_visible()
    expect(line).not_to_contain_text("The vendor is away")
    assert not Deadline.objects.filter(snoozed_until__isnull=False).exists()


def test_the_link_in_a_mail_ends_mails_of_its_kind(
    browser_page: Page, audits: list[Audit], players: Cast, settings: Settings
) -> None:
    settings.EMAIL_URL = "smtp://mail.example.com"
    mails_compose(now=clock.now())
    link = Mail.objects.get(recipient=players.auditor).unsubscribe_url
    page = browser_page
    page.context.clear_cookies()  # whoever reads mails need not be signed in
    page.goto(urlsplit(link).path)
    expect(page.get_by_text("You will get no more mails about:")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_text("Comments that mention me")
    assert_accessible(page)
    assert_fits(page)
    assert not MailPreference.objects.exists(), "to look ends nothing"
    page.get_by_role("button", name="End these mails").click()
    expect(page.get_by_text("You get no more mails about:")).to_be_visible()
    assert_accessible(page)
    kept = MailPreference.objects.get()
    assert (kept.user, kept.kind, kept.rhythm) == (players.auditor, MENTIONED, Rhythm.NEVER)
