"""The outbox, a mail and the preferences in a real browser."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from foundation.notifications.choices import MailState, ParkReason
from foundation.notifications.content import Setting, content_of, item_of
from foundation.notifications.models import Mail, Notice, ParkedAddress
from foundation.notifications.tests.factories import NOW, MailFactory
from foundation.testing.browser import SignIn, assert_accessible, assert_fits, keep_pictures
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mail(cast: Cast, settings: Settings) -> Mail:
    """Make an outbox with a mail in each state; return one as it was really written."""
    settings.EMAIL_URL = "smtp://mail.example.com"
    setting = Setting.current()
    notices = [
        Notice(
            kind="probe.reminder",
            payload={
                "title": title,
                "reference": reference,
                "sentence": "Report to be delivered",
                "due_on": due_on,
                "path": f"/audits/{reference}/",
            },
        )
        for title, reference, due_on in (
            ("PCI DSS 4.0.1 pre-assessment", "AUD-0016", "2026-11-20"),
            ("ISO 27001 surveillance audit", "AUD-0021", "2026-11-27"),
        )
    ]
    items = [item_of(notice, setting=setting, now=NOW) for notice in notices]
    told = content_of(items, reader=cast.auditor.full_name, setting=setting, now=NOW)
    for state in (MailState.SENT, MailState.QUEUED, MailState.KEPT):
        MailFactory.create(recipient=cast.analyst, state=state, sent_at=NOW if state == "sent" else None)
    MailFactory.create(recipient=cast.executive, restricted=True)
    ParkedAddress.objects.create(address="gone@example.com", reason="550 5.1.1 No such person", parked_at=NOW)
    return MailFactory.create(
        recipient=cast.auditor,
        state=MailState.PARKED,
        park_reason=ParkReason.TOO_MANY_TRIES,
        attempts=20,
        last_error="451 4.7.1 Greylisted, try again later",
        subject=told.subject,
        text=told.text,
        html=told.html,
    )


def look(page: Page, name: str) -> None:
    """Check the page, and keep pictures where they are asked for."""
    assert_fits(page)
    assert_accessible(page)
    keep_pictures(page, name)


@pytest.mark.browser
def test_an_administrator_finds_a_stuck_mail_and_retries_it(
    browser_page: Page, browser_sign_in: SignIn, cast: Cast, mail: Mail
) -> None:
    browser_sign_in(cast.administrator)
    browser_page.goto("/mails/")
    look(browser_page, "mail-list")
    browser_page.get_by_role("link", name="Parked", exact=True).click()
    browser_page.get_by_role("link", name="2 reminders, 1 of them late").click()
    frame = browser_page.frame_locator("iframe.mail-frame")
    frame.get_by_text("PCI DSS 4.0.1 pre-assessment").wait_for()
    assert (
        frame.get_by_role("heading", level=1).evaluate("element => getComputedStyle(element).fontSize")
        == "20px"
    ), "the mail's own styles apply in its frame"
    look(browser_page, "mail-look")
    browser_page.get_by_role("link", name="Plain text").click()
    browser_page.get_by_text("Why you get this: You look after the probe.").first.wait_for()
    look(browser_page, "mail-text")
    browser_page.get_by_role("button", name="Retry").click()
    browser_page.get_by_text("goes out within a minute").wait_for()
    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED

    browser_page.goto("/mails/")
    browser_page.get_by_role("link", name="Refused addresses").click()
    look(browser_page, "addresses")
    browser_page.get_by_role("link", name="Send there again").click()
    look(browser_page, "unpark")
    browser_page.get_by_role("button", name="Send there again").click()
    browser_page.get_by_text("Address freed").wait_for()
    assert not ParkedAddress.objects.exists()


@pytest.mark.browser(narrow=True, dark=True)
def test_the_outbox_on_a_phone_in_the_dark(
    browser_page: Page, browser_sign_in: SignIn, cast: Cast, mail: Mail, settings: Settings
) -> None:
    settings.EMAIL_URL = ""
    browser_sign_in(cast.administrator)
    for path, name in (
        ("/mails/", "mail-list-phone"),
        (f"/mails/{mail.pk}/", "mail-look-phone"),
        ("/mails/parked-notices/", "notices-phone"),
    ):
        browser_page.goto(path)
        look(browser_page, name)


@pytest.mark.browser
def test_a_person_chooses_the_daily_digest(browser_page: Page, browser_sign_in: SignIn, cast: Cast) -> None:
    browser_sign_in(cast.personnel)
    browser_page.goto("/notification-preferences/")
    look(browser_page, "preferences")
    browser_page.get_by_label("Probes: by e-mail", exact=True).select_option("daily")
    browser_page.get_by_label("Send the digest at").select_option("18")
    browser_page.get_by_role("button", name="Save").click()
    browser_page.get_by_text("Preferences saved").wait_for()
    expect(browser_page.get_by_label("Probes: by e-mail", exact=True)).to_have_value("daily")
