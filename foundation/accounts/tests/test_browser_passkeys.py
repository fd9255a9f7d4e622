"""Passkeys in a real browser, with an authenticator that the browser plays."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.services import organisation_change
from foundation.accounts.tests.factors import App
from foundation.accounts.tests.test_browser_factors import in_both_shapes, look, sign_in_by_form
from foundation.testing.cast import Cast
from foundation.trail.models import Entry


@pytest.fixture
def key(browser_page: Page) -> Iterator[None]:
    """Plug a key in that asks who its holder is, and is always answered well."""
    session = browser_page.context.new_cdp_session(browser_page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield
    session.detach()


@in_both_shapes
@pytest.mark.usefixtures("key")
def test_from_the_first_sign_in_to_a_passkey(shape: str, browser_page: Page, cast: Cast) -> None:
    page = browser_page
    organisation_change(
        changes={"mfa_roles": [Role.AUDITOR.value]}, actor=cast.administrator, now=clock.now()
    )
    sign_in_by_form(page, cast.auditor)
    expect(page.get_by_role("link", name="Passkey")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Authenticator app").click()
    page.get_by_text("The picture can't be scanned?").click()
    page.get_by_label("Code from the app").fill(App(page.locator(".secret").inner_text()).code())
    page.keyboard.press("Enter")
    page.get_by_role("link", name="I have kept them, go on").click()
    expect(page).to_have_url("/")

    page.goto("/account/security/")
    page.get_by_role("link", name="Make a passkey").click()
    look(page)
    page.get_by_label("Name of the device or key").fill("Laptop")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Passkey made")).to_be_visible()
    expect(page.get_by_text("Laptop")).to_be_visible()
    look(page)

    page.context.clear_cookies()
    page.goto("/rights/")
    look(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url("/rights/")

    page.goto("/account/confirm/passkey/?next=/profile/")
    look(page)
    page.get_by_role("button", name="Use the passkey").click()
    expect(page).to_have_url("/profile/")

    page.context.clear_cookies()
    sign_in_by_form(page, cast.auditor)
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url("/")

    page.goto("/account/security/")
    page.get_by_role("link", name="Rename: Laptop").click()
    look(page)
    page.get_by_label("Name of the device or key").fill("Old laptop")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Name saved")).to_be_visible()
    page.get_by_role("link", name="Take it away: Old laptop").click()
    look(page)
    page.get_by_role("button", name="Take it away").click()
    expect(page.get_by_text("Passkey taken away")).to_be_visible()
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {"accounts.passkey.added", "accounts.passkey.removed"} <= actions


@pytest.mark.browser
@pytest.mark.usefixtures("key")
def test_a_demanded_factor_may_be_a_passkey(browser_page: Page, cast: Cast) -> None:
    page = browser_page
    organisation_change(
        changes={"mfa_roles": [Role.AUDITOR.value]}, actor=cast.administrator, now=clock.now()
    )
    sign_in_by_form(page, cast.auditor)
    page.get_by_role("link", name="Passkey").click()
    look(page)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.goto("/account/security/")
    page.get_by_role("link", name="Take it away: Passkey 1").click()
    expect(page.get_by_text("add another one")).to_be_visible()


@pytest.mark.browser
@pytest.mark.usefixtures("key")
def test_a_browser_without_a_passkey_is_told_so(browser_page: Page, cast: Cast) -> None:
    browser_page.goto("/account/sign-in/")
    browser_page.get_by_role("button", name="Sign in with a passkey").click()
    expect(browser_page.get_by_text("That did not work")).to_be_visible()
    look(browser_page)
