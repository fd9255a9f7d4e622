"""The conversation in a real browser: accessible in every look, kept until it is sent, sent from the keyboard."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from audits.models import Audit
from audits.tests.factories import NOW, audit_make
from foundation.conversation.choices import MENTIONED
from foundation.conversation.models import Comment
from foundation.conversation.services import comment_add
from foundation.notifications.models import Notice
from foundation.testing.browser import Problems, SignIn, assert_accessible, assert_fits, settle
from foundation.testing.cast import Cast, cast_make

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [
    pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
    for wishes in ({}, {"dark": True}, {"narrow": True}, {"narrow": True, "dark": True})
]
LONG = """The leavers' list is in, see AUD-0001. **Two accounts** of the gateway were open:

- `svc-settle-02`, nobody answers for it
- an administrator who left in *May*

> Close them before the fieldwork starts.

| Account | Closed |
|---|---|
| svc-settle-02 | no |

https://intranet.example.com/a/very/long/address/that/does/not/fit/into/a/narrow/window/at/all/of/390/px
"""


@pytest.fixture
def players(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    cast = cast_make()
    browser_sign_in(cast.auditor)
    return cast


@pytest.fixture
def audit(players: Cast) -> Audit:
    made = audit_make(players)
    comment_add(record=made, author=players.unit_lead, text=LONG, key=uuid4(), now=NOW)
    comment_add(record=made, author=players.ciso, text="Good. Go on.", key=uuid4(), now=NOW)
    return made


@pytest.mark.parametrize("wishes", LOOKS)
def test_it_is_accessible_in_every_look(browser_page: Page, audit: Audit, wishes: dict[str, bool]) -> None:
    browser_page.goto("/audits/AUD-0001/activity/")
    expect(browser_page.get_by_text("Go on.")).to_be_visible()
    assert_accessible(browser_page)
    assert_fits(browser_page)


def test_a_comment_is_sent_from_the_keyboard(browser_page: Page, audit: Audit) -> None:
    browser_page.goto("/audits/AUD-0001/activity/")
    browser_page.get_by_label("Comment", exact=False).first.fill("From the keyboard.")
    browser_page.keyboard.press("Control+Enter")
    expect(browser_page.locator("article.comment").first).to_contain_text("From the keyboard.")
    expect(browser_page.locator("textarea")).to_have_value("")


def test_a_draft_outlives_the_session_and_is_dropped_when_sent(
    browser_page: Page, audit: Audit, players: Cast, browser_sign_in: SignIn
) -> None:
    browser_page.goto("/audits/AUD-0001/activity/")
    browser_page.locator("textarea").fill("Half an hour's work.")
    browser_page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)  # as when a session ends
    browser_page.get_by_role("button", name="Comment").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Sign in")
    browser_sign_in(players.auditor)
    browser_page.goto("/audits/AUD-0001/activity/")
    expect(browser_page.locator("textarea")).to_have_value("Half an hour's work.")
    browser_page.get_by_role("button", name="Comment").click()
    expect(browser_page.locator("article.comment").first).to_contain_text("Half an hour's work.")
    settle(browser_page)  # a script drops the draft
    browser_page.reload()
    expect(browser_page.locator("textarea")).to_have_value("")
    assert Comment.objects.filter(author=players.auditor).count() == 1


def test_a_draft_is_nobody_elses(
    browser_page: Page, audit: Audit, players: Cast, browser_sign_in: SignIn
) -> None:
    browser_page.goto("/audits/AUD-0001/activity/")
    browser_page.locator("textarea").fill("For my eyes.")
    browser_sign_in(players.ciso)
    browser_page.goto("/audits/AUD-0001/activity/")
    expect(browser_page.locator("textarea")).to_have_value("")


@pytest.mark.browser(scripts=False)
def test_it_works_without_scripts(browser_page: Page, audit: Audit, browser_problems: Problems) -> None:
    browser_problems.allow("422")
    browser_page.goto("/audits/AUD-0001/activity/")
    browser_page.get_by_role("button", name="Comment").click()
    expect(browser_page.get_by_role("link", name="Write something first.")).to_be_visible()
    browser_page.locator("textarea").fill("Without a script.")
    browser_page.get_by_role("button", name="Comment").click()
    expect(browser_page.locator("article.comment").first).to_contain_text("Without a script.")


def test_somebody_is_mentioned_from_the_keyboard(browser_page: Page, audit: Audit, players: Cast) -> None:
    browser_page.goto("/audits/AUD-0001/activity/")
    field = browser_page.locator("textarea")
    field.press_sequentially("Please look, @ul")
    option = browser_page.get_by_role("option")
    expect(option).to_have_text("Ulrike SommerHead of Payments")
    expect(option).to_have_attribute("aria-selected", "true")
    assert_accessible(browser_page)
    field.press("Escape")
    expect(option).to_be_hidden()
    field.press_sequentially("r")
    expect(option).to_be_visible()
    field.press("Enter")
    expect(field).to_have_value("Please look, @Ulrike Sommer ")
    field.press_sequentially("and @")
    expect(option).to_have_text(["Anders FalkSecurity Analyst"])  # it is theirs
    field.press_sequentially("a")
    expect(option).to_have_text(
        ["Anders FalkSecurity Analyst"]
    )  # and Ada, who may not see it, is not offered
    field.press("Control+Enter")
    comment = browser_page.locator("article.comment").first
    expect(comment.locator(".mention")).to_have_text("@Ulrike Sommer")
    told = set(Notice.objects.filter(kind=MENTIONED).values_list("recipient_id", flat=True))
    assert told == {players.unit_lead.pk}


def test_following_is_one_key(browser_page: Page, audit: Audit) -> None:
    browser_page.goto("/audits/AUD-0001/activity/")
    browser_page.get_by_role("button", name="Unfollow").press("Enter")
    expect(browser_page.get_by_role("button", name="Follow", exact=True)).to_be_visible()
