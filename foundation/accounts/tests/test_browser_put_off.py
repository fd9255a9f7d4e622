"""What was sent and waited is done after each way of proving who one is, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from foundation.accounts.models import Session, User
from foundation.accounts.session_store import SessionStore
from foundation.accounts.tests.factories import PASSWORD
from foundation.accounts.tests.factors import app_of
from foundation.accounts.tests.oidc_provider import Provider
from foundation.accounts.tests.test_browser_factors import sign_in_by_form
from foundation.accounts.tests.test_browser_passkeys import key  # noqa: F401 - a fixture
from foundation.testing.browser import Problems, SignIn, settle
from foundation.testing.cast import Cast
from foundation.trail.models import Entry


def hours_pass(user: User) -> None:
    """Let it be long ago that the person said who it is."""
    for session in Session.objects.filter(user=user):
        data = SessionStore().decode(session.data)
        for record in data["account_authentication_methods"]:
            record["at"] -= 3_600
        Session.objects.filter(pk=session.pk).update(data=SessionStore().encode(data))


def make_a_feed(page: Page) -> None:
    page.goto("/calendar/feeds/new/")
    page.get_by_label("Name").fill("Phone")
    page.get_by_role("button", name="Make the feed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    expect(page.get_by_text("What you sent waits for ten minutes")).to_be_visible()
    assert made() == 0


def expect_made(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("The address of your feed")
    assert made() == 1


def made() -> int:
    return Entry.objects.filter(action="calendar.feed.made").count()


@pytest.mark.parametrize(
    "scripts",
    [
        pytest.param(True, marks=pytest.mark.browser, id="scripts"),
        pytest.param(False, marks=pytest.mark.browser(scripts=False), id="no scripts"),
    ],
)
def test_by_the_provider(
    browser_page: Page, cast: Cast, browser_problems: Problems, provider: Provider, scripts: bool
) -> None:
    """The provider leads back by a GET: a script sends the form that goes on, or the person does."""
    page, person = browser_page, cast.executive
    browser_problems.allow(f"request to another host: {provider.issuer}/authorize?")
    person.set_unusable_password()
    person.save()
    provider.sign_in(sub="vale-21", email=person.email, email_verified=True)
    page.goto("/profile/")
    page.get_by_role("link", name="Vale ID").click()
    expect(page).to_have_url("/profile/")
    hours_pass(person)
    make_a_feed(page)
    page.get_by_role("link", name="Go to Vale ID").click()
    if not scripts:
        expect(page.get_by_text("Vale ID confirmed that it is you")).to_be_visible()
        assert made() == 0, "a GET does nothing"
        page.get_by_role("button", name="Go on").click()
    expect_made(page)


@pytest.mark.browser
@pytest.mark.usefixtures("key")
def test_by_passkey(browser_page: Page, cast: Cast) -> None:
    page = browser_page
    sign_in_by_form(page, cast.auditor)
    expect(page).to_have_url("/")
    page.goto("/account/passkeys/new/")
    settle(page)
    page.get_by_label("Name of the device or key").fill("Laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    hours_pass(cast.auditor)
    make_a_feed(page)
    page.get_by_role("link", name="Use a passkey").click()
    expect(page.get_by_text("What you sent waits for ten minutes")).to_be_visible()
    page.get_by_role("button", name="Use the passkey").click()
    expect_made(page)


@pytest.mark.browser
def test_by_code(browser_page: Page, browser_sign_in: SignIn, cast: Cast) -> None:
    page = browser_page
    browser_sign_in(cast.auditor)
    app = app_of(cast.auditor)
    hours_pass(cast.auditor)
    make_a_feed(page)
    page.get_by_role("link", name="Use a code").click()
    expect(page.get_by_text("What you sent waits for ten minutes")).to_be_visible()
    page.get_by_label("Code").fill(app.code())
    page.keyboard.press("Enter")
    expect_made(page)


@pytest.mark.browser
def test_two_windows(browser_page: Page, browser_sign_in: SignIn, cast: Cast) -> None:
    page = browser_page
    browser_sign_in(cast.auditor)
    hours_pass(cast.auditor)
    make_a_feed(page)
    other = page.context.new_page()
    other.goto(page.url.split("/account/")[0] + "/account/authenticator-app/")
    expect(other.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    other.close()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect_made(page)
