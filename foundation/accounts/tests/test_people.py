"""Accounts of people."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.test import Client

from foundation.accounts.models import User
from foundation.accounts.services import (
    AccountsRefused,
    user_change,
    user_create,
    user_deactivate,
    user_reactivate,
)
from foundation.accounts.tests.factories import PASSWORD
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)


def test_a_password_is_kept_as_argon2(cast: Cast) -> None:
    person = user_create(
        email="Nils.Ek@Example.com", full_name="Nils Ek", password=PASSWORD, actor=cast.administrator
    )
    assert person.email == "nils.ek@example.com"
    assert identify_hasher(person.password).algorithm == "argon2"
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.after) == (
        "accounts.user.created",
        {"email": "nils.ek@example.com", "unit": None},
    )
    assert PASSWORD not in str(entry.__dict__)


def test_without_a_password_nobody_signs_in(cast: Cast) -> None:
    person = user_create(email="nils@example.com", full_name="Nils Ek", actor=cast.administrator)
    assert not person.has_usable_password()


def test_an_address_is_taken_in_whatever_case(cast: Cast) -> None:
    with pytest.raises(AccountsRefused) as refused:
        user_create(email="CELIA.Moreau@example.com", full_name="Celia", actor=cast.administrator)
    assert refused.value.field == "email"
    with pytest.raises(AccountsRefused):
        user_change(user=cast.analyst, changes={"email": cast.ciso.email}, actor=cast.administrator, now=NOW)


def test_an_address_changed_to_one_in_capitals_still_signs_in(client: Client, cast: Cast) -> None:
    changed = user_change(
        user=cast.analyst, changes={"email": "New.Name@Example.COM"}, actor=cast.administrator, now=NOW
    )
    assert changed.email == "new.name@example.com"
    assert Entry.objects.latest("id").after == {"email": "new.name@example.com"}
    response = client.post("/account/sign-in/", {"login": "New.Name@Example.COM", "password": PASSWORD})
    assert response.status_code == 302


def test_a_change_keeps_what_was(cast: Cast) -> None:
    changes = {"job_title": "Lead Analyst", "unit": cast.units.retail, "full_name": cast.analyst.full_name}
    user_change(user=cast.analyst, changes=changes, actor=cast.administrator, now=NOW)
    entry = Entry.objects.latest("id")
    assert entry.before == {"job_title": "Security Analyst", "unit": "Halden & Vale Bank"}
    assert entry.after == {"job_title": "Lead Analyst", "unit": "Retail Banking"}
    user_change(user=cast.analyst, changes=changes, actor=cast.administrator, now=NOW)
    assert Entry.objects.latest("id") == entry


def test_a_closed_account_is_signed_out_at_once(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.analyst)
    assert browser.get("/account/password/change/").status_code == 200
    user_deactivate(user=cast.analyst, actor=cast.administrator, now=NOW, comment="Left the bank.")
    assert browser.get("/account/password/change/").status_code == 302
    assert Entry.objects.latest("id").comment == "Left the bank."
    user_reactivate(user=cast.analyst, actor=cast.administrator, now=NOW)
    assert browser.get("/account/password/change/").status_code == 302, "the old session stays over"
    browser.force_login(cast.analyst)
    assert browser.get("/account/password/change/").status_code == 200


def test_nobody_closes_the_own_account(cast: Cast) -> None:
    with pytest.raises(AccountsRefused, match="own account"):
        user_deactivate(user=cast.analyst, actor=cast.analyst, now=NOW)
