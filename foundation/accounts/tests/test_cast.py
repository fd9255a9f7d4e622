"""The cast that all tests stand on."""

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.db import connection
from django.test import Client

from foundation.accounts.access import access_of
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import PASSWORD
from foundation.testing.cast import Cast
from foundation.testing.queries import (
    FILE_NAME,
    Baselines,
    QueryCountDrift,
    assert_queries,
)


def test_each_part_holds_its_role(cast: Cast) -> None:
    held = {name: set(access_of(person).roles) for name, person in cast.people().items()}
    assert held == {
        "ciso": {Role.CISO},
        "analyst": {Role.SECURITY},
        "auditor": {Role.AUDITOR},
        "executive": {Role.EXECUTIVE},
        "unit_lead": {Role.UNIT_LEAD},
        "personnel": {Role.PERSONNEL},
        "administrator": {Role.ADMINISTRATOR},
        "outsider": set(),
    }


def test_unit_lead_reaches_the_unit_and_what_is_below_it(cast: Cast) -> None:
    scope = access_of(cast.unit_lead).scope("records.view")
    assert scope.unit_ids == {cast.units.payments.pk, cast.units.cards.pk}
    assert not scope.everywhere


def test_everyone_can_sign_in_with_the_tests_password(cast: Cast) -> None:
    assert all(person.check_password(PASSWORD) for person in (cast.ciso, cast.outsider))
    assert identify_hasher(cast.ciso.password).algorithm == "argon2"


def test_sign_in_fixture_opens_a_session(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    browser = sign_in(cast.auditor)
    assert browser.session["_auth_user_id"] == str(cast.auditor.pk)


@pytest.fixture
def baselines_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(Baselines, "folder", tmp_path)
    monkeypatch.setattr(Baselines, "update", False)
    return tmp_path


@pytest.mark.django_db
def test_a_query_too_many_fails_and_is_listed(baselines_folder, monkeypatch) -> None:
    monkeypatch.setattr(Baselines, "update", True)
    with assert_queries("people"):
        User.objects.count()
    monkeypatch.setattr(Baselines, "update", False)
    assert (baselines_folder / FILE_NAME).read_text() == '{\n  "people": 1\n}\n'
    with assert_queries("people"):
        User.objects.count()
    with (
        pytest.raises(QueryCountDrift, match="SELECT 7") as drift,
        assert_queries("people"),
    ):
        User.objects.count()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 7")
    assert "asked 2 queries" in str(drift.value)


@pytest.mark.django_db
def test_a_count_without_baseline_fails(baselines_folder) -> None:
    with pytest.raises(QueryCountDrift, match="is none"), assert_queries("unheard-of"):
        pass
