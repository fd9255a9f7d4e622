"""The admin site writes through the services, or says why not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from foundation.accounts.models import BusinessUnit, RoleGrant, User
from foundation.testing.cast import Cast
from foundation.testing.forms import send
from foundation.trail.models import Entry


@pytest.fixture
def browser(cast: Cast, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.administrator)


def errors_on(response: Any) -> str:
    assert response.status_code == 200
    return str(response.context["adminform"].form.errors)


def test_its_pages_run_the_portals_own_scripts_and_no_others(browser: Client) -> None:
    for path in ("/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/"):
        policy = browser.get(path)["Content-Security-Policy"]
        (scripts,) = [part for part in policy.split("; ") if part.startswith("script-src ")]
        assert scripts.startswith("script-src ")
        assert "'self'" in scripts
        assert "unsafe" not in policy


def test_a_person_is_created_without_a_password(browser: Client, cast: Cast) -> None:
    data = {"email": "nils.ek@example.com", "full_name": "Nils Ek", "language": "en"}
    response = browser.post(reverse("admin:accounts_user_add"), data, follow=True)
    assert "send an invitation" in response.content.decode()
    person = User.objects.get(email="nils.ek@example.com")
    assert not person.has_usable_password()
    entry = Entry.objects.get(action="accounts.user.created")
    assert (entry.actor_name, entry.subject) == ("Ada Nyberg", "Nils Ek")


def test_a_person_is_changed(browser: Client, cast: Cast) -> None:
    send(
        browser, reverse("admin:accounts_user_change", args=[cast.analyst.pk]), full_name="Anders Falkenberg"
    )
    assert User.objects.get(pk=cast.analyst.pk).full_name == "Anders Falkenberg"
    assert Entry.objects.latest("id").action == "accounts.user.changed"


def test_the_last_administrator_stays(browser: Client, cast: Cast) -> None:
    data = {
        "action": "close_accounts",
        "_selected_action": [cast.analyst.pk, cast.administrator.pk, cast.ciso.pk],
    }
    response = browser.post(reverse("admin:accounts_user_changelist"), data, follow=True)
    text = response.content.decode()
    assert "1 account closed" in text
    assert "own account" in text
    assert "Celia Moreau is the only one" in text
    assert set(User.objects.filter(is_active=False)) == {cast.analyst}
    grant = RoleGrant.objects.get(user=cast.administrator)
    delete = reverse("admin:accounts_rolegrant_delete", args=[grant.pk])
    response = browser.post(delete, {"post": "yes"}, follow=True)
    assert "Ada Nyberg is the only one" in response.content.decode()
    assert RoleGrant.objects.filter(pk=grant.pk).exists()


def test_a_unit_moves_and_a_circle_is_told_beside_the_field(browser: Client, cast: Cast) -> None:
    page = reverse("admin:accounts_businessunit_change", args=[cast.units.payments.pk])
    response = send(browser, page, name="Payments & Clearing", parent=cast.units.cards.pk)
    assert "part of itself" in errors_on(response)
    assert "Payments &amp; Clearing" in response.content.decode()
    assert BusinessUnit.objects.get(code="PAY").name == "Payments"
    send(browser, page, name="Payments & Clearing", parent=cast.units.retail.pk)
    moved = BusinessUnit.objects.get(code="PAY")
    assert (moved.name, moved.parent) == ("Payments & Clearing", cast.units.retail)
    assert BusinessUnit.objects.get(code="CRD").path.startswith(moved.path)


def test_a_unit_needs_a_parent(browser: Client, cast: Cast) -> None:
    data = {"name": "Second", "code": "TWO", "parent": "", "country": ""}
    assert "part of" in errors_on(browser.post(reverse("admin:accounts_businessunit_add"), data))


def test_a_role_is_given_changed_and_ended(browser: Client, cast: Cast) -> None:
    data = {"user": cast.outsider.pk, "role": "auditor", "unit": cast.units.retail.pk}
    browser.post(reverse("admin:accounts_rolegrant_add"), {**data, "starts_on": "", "ends_on": ""})
    grant = RoleGrant.objects.get(user=cast.outsider)
    page = reverse("admin:accounts_rolegrant_change", args=[grant.pk])
    wrong = send(browser, page, starts_on="2026-05-02", ends_on="2026-05-01")
    assert wrong.status_code == 200
    send(browser, page, ends_on="2030-01-31")
    browser.post(reverse("admin:accounts_rolegrant_delete", args=[grant.pk]), {"post": "yes"})
    actions = Entry.objects.filter(subject="Oskar Lindqvist").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["accounts.grant.given", "accounts.grant.changed", "accounts.grant.ended"]
    assert not RoleGrant.objects.filter(user=cast.outsider).exists()


def test_nobody_is_deleted(browser: Client, cast: Cast) -> None:
    for name, pk in (("user", cast.outsider.pk), ("businessunit", cast.units.cards.pk)):
        url = reverse(f"admin:accounts_{name}_delete", args=[pk])
        assert browser.post(url, {"post": "yes"}).status_code == 403


def test_the_right_must_hold_for_the_whole_organisation(
    cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    RoleGrant.objects.filter(user=cast.administrator).update(unit=cast.units.retail)
    response = sign_in(cast.administrator).get("/admin/", follow=True)
    assert response.status_code == 403


def test_no_table_goes_around_the_services(browser: Client) -> None:
    assert set(admin.site._registry) == {User, BusinessUnit, RoleGrant}, (
        "a new table needs services behind it"
    )
    for table in (
        "accounts/session",
        "accounts/onetimelink",
        "mfa/authenticator",
        "account/emailaddress",
        "socialaccount/socialaccount",
        "socialaccount/socialapp",
        "socialaccount/socialtoken",
        "auth/group",
        "trail/entry",
    ):
        assert browser.get(f"/admin/{table}/").status_code == 404, table
    actions = browser.get("/admin/accounts/user/").content.decode()
    for step in ("take_factors", "end_sessions", "delete_selected"):
        assert step not in actions
