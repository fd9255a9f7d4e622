"""The ways in, in a real browser: from an invitation to a passkey, and over a provider of single sign-on."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from playwright.sync_api import Page, expect

from audits.tests.factories import NOW, programme_make
from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import Session, User
from foundation.accounts.services import organisation_change
from foundation.accounts.session_store import SessionStore
from foundation.accounts.tests.conftest import provider  # noqa: F401 - a fixture
from foundation.accounts.tests.factors import App, app_of
from foundation.accounts.tests.oidc_provider import Provider
from foundation.accounts.tests.test_browser_passkeys import key  # noqa: F401 - a fixture
from foundation.approvals.models import ApprovalRequest
from foundation.lifecycle.services import apply_transition
from foundation.testing.browser import Problems, SignIn, assert_accessible, assert_fits, settle
from foundation.testing.cast import Cast, cast_make
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS, PASSWORD = "nils.ek@example.com", "seven-lanterns-over-harbour"


@pytest.fixture
def players(transactional_db: None) -> Cast:
    cast = cast_make()
    organisation_change(changes={"mfa_roles": [Role.CISO.value]}, actor=cast.administrator, now=clock.now())
    return cast


def invitation_mailed() -> str:
    """Return the path of the link in the mail that the invited person got."""
    sent = [str(message.body) for message in mail.outbox if message.to == [ADDRESS]]
    return (
        next(text for text in sent if "/invitation/" in text)
        .split("https://portal.example.com")[1]
        .split()[0]
    )


def hours_pass(user: User) -> None:
    """Let it be long ago that the person said who it is; the session lives on."""
    for session in Session.objects.filter(user=user):
        data = SessionStore().decode(session.data)
        for record in data["account_authentication_methods"]:
            record["at"] -= 3_600 * 3
        session.data = SessionStore().encode(data)
        session.save()


def invite_a_ciso(page: Page) -> None:
    """As an administrator: make an account, and give it the role whose holders need a second factor."""
    page.goto("/people/new/")
    page.get_by_label("Full name").fill("Nils Ek")
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_text("the invitation sent")).to_be_visible()
    page.get_by_role("link", name="Give a role").click()
    page.get_by_label("Role").select_option(label="CISO")
    page.get_by_role("button", name="Give the role").click()
    expect(page.get_by_text("Role given to Nils Ek")).to_be_visible()


@pytest.mark.browser
@pytest.mark.usefixtures("key")
def test_from_the_invitation_to_a_decision_and_a_passkey(
    browser_page: Page, players: Cast, browser_sign_in: SignIn, browser_problems: Problems
) -> None:
    page = browser_page
    programme = programme_make(players)
    apply_transition(record=programme, name="submit", actor=players.analyst, now=NOW)
    browser_sign_in(players.administrator)
    invite_a_ciso(page)
    invitation = invitation_mailed()
    page.context.clear_cookies()

    # The link opens once, and leads over a password of one's own to the sign-in page.
    page.goto(invitation)
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("Password*", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your password is set")).to_be_visible()
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")

    # The role demands a second factor before anything else.
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")
    page.goto("/approvals/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")
    page.get_by_role("link", name="Authenticator app").click()
    page.get_by_text("The picture can't be scanned?").click()
    page.get_by_label("Code from the app").fill(App(page.locator(".secret").inner_text()).code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.get_by_role("link", name="I have kept them, go on").click()
    settle(page)
    page.goto("/account/security/")
    page.get_by_role("link", name="Make a passkey").click()
    expect(page.get_by_label("Name of the device or key")).to_be_visible()
    settle(page)  # a script asks the key
    page.get_by_label("Name of the device or key").fill("Laptop")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Passkey made")).to_be_visible()

    # Hours later, a decision asks who it is, and goes on from where it stopped.
    hours_pass(User.objects.get(email=ADDRESS))
    page.goto("/")
    page.get_by_role("link", name=programme.title).first.click()
    page.get_by_role("button", name="Approve").click()
    expect(page).to_have_url(re.compile("/account/confirm/"))
    assert_accessible(page)
    assert_fits(page)
    assert ApprovalRequest.objects.get().state == "open"
    expect(page.get_by_role("link", name="Use a passkey")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Approval of")
    expect(page.get_by_text("Approved").first).to_be_visible()
    assert ApprovalRequest.objects.get().state == "approved"

    # Next time neither password nor code is asked for.
    page.goto("/account/sign-out/")
    page.get_by_role("button", name="Sign out", exact=True).last.click()
    expect(page).to_have_url("/account/sign-in/")
    page.goto("/approvals/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting for my decision")
    expect(page.get_by_text("Nils Ek").first).to_be_visible()
    assert Authenticator.objects.filter(user__email=ADDRESS).count() == 3

    # The link of the invitation is used up.
    browser_problems.allow("404")
    page.goto(invitation)
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")


@pytest.mark.browser
def test_in_over_single_sign_on_and_a_second_factor_of_ones_own(
    browser_page: Page,
    players: Cast,
    browser_problems: Problems,
    provider: Provider,  # noqa: F811
) -> None:
    page = browser_page
    browser_problems.allow("403", f"request to another host: {provider.issuer}/authorize?")
    app = app_of(players.auditor)

    # Somebody the portal does not know is sent back, and told so.
    provider.sign_in(sub="vale-9", email="stranger@example.com", email_verified=True)
    page.goto("/audits/")
    assert_accessible(page)
    page.get_by_role("link", name="Vale ID").click()
    expect(page.get_by_text("Vale ID did not let you in")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    assert not Session.objects.filter(user__isnull=False).exists()

    # Somebody it knows still shows the factor that the portal keeps, and comes to where they wanted to go.
    provider.sign_in(sub="vale-17", email=players.auditor.email, email_verified=True)
    page.goto("/audits/")
    page.get_by_role("link", name="Vale ID").click()
    expect(page.get_by_label("Code")).to_be_focused()
    page.keyboard.type(app.code())
    page.keyboard.press("Enter")
    expect(page).to_have_url("/audits/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Audits")
    actions = Entry.objects.filter(actor_id=players.auditor.pk).values_list("action", flat=True)
    assert {"accounts.identity.linked", "accounts.session.opened"} <= set(actions)


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param(None, marks=pytest.mark.browser, id="wide"),
        pytest.param(None, marks=pytest.mark.browser(narrow=True, dark=True), id="narrow and dark"),
    ],
)
def test_whom_only_the_provider_knows_proves_there_who_they_are(
    browser_page: Page,
    players: Cast,
    browser_problems: Problems,
    provider: Provider,  # noqa: F811
    looks: None,
) -> None:
    page, person = browser_page, players.executive
    browser_problems.allow(f"request to another host: {provider.issuer}/authorize?")
    person.set_unusable_password()
    person.save()
    provider.sign_in(sub="vale-21", email=person.email, email_verified=True)
    page.goto("/profile/")
    page.get_by_role("link", name="Vale ID").click()
    expect(page).to_have_url("/profile/")
    hours_pass(person)

    page.goto("/account/authenticator-app/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Go to Vale ID").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up an authenticator app")
    assert provider.asked["prompt"] == "login"

    hours_pass(person)
    page.goto("/calendar/feeds/new/")
    page.get_by_label("Name").fill("Phone")
    page.get_by_role("button", name="Make the feed").click()
    expect(page.get_by_text("What you sent waits for ten minutes")).to_be_visible()
    page.get_by_role("link", name="Go to Vale ID").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The address of your feed")
