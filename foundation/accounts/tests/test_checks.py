"""Bad configuration is told before it does harm."""

from typing import Any

import pytest
from django.core.checks import run_checks

from foundation.accounts import checks
from foundation.accounts.checks import (
    check_base_url,
    check_base_url_known,
    check_limits,
    check_rights,
    check_sign_in,
)
from foundation.accounts.models import Organisation
from foundation.registry import NavigationEntry, Registry
from foundation.testing.cast import Cast


def ids(found: list[Any]) -> list[str]:
    return [message.id for message in found]


def test_the_portal_as_it_is_has_nothing_to_report() -> None:
    found = [message for message in run_checks(include_deployment_checks=True) if message.id]
    assert not [message for message in found if message.id.startswith("accounts.")]


def test_a_navigation_entry_with_an_unknown_right(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Registry()
    own.register(NavigationEntry(key="x", label="X", icon="x", url_name="desk:desk", right="no.such"))
    monkeypatch.setattr(checks, "registry", own)
    assert ids(check_rights()) == ["accounts.E001"]


def test_a_right_without_an_area(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "AREAS", {})
    assert set(ids(check_rights())) == {"accounts.E002"}


def test_other_hashers_and_missing_middleware(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", checks.ARGON2]
    assert ids(check_sign_in()) == ["accounts.E003"]
    settings.PASSWORD_HASHERS = [checks.ARGON2]
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "SignInRequired" not in name]
    assert ids(check_sign_in()) == ["accounts.E004"]


@pytest.mark.parametrize(
    ("url", "production", "hosts", "expected"),
    [
        ("", True, ["portal.example.com"], []),
        ("https://portal.example.com", True, ["portal.example.com"], []),
        ("https://portal.example.com", True, [".example.com"], []),
        ("http://localhost:8000", False, ["*"], []),
        ("portal.example.com", False, ["*"], ["accounts.E005"]),
        ("http://portal.example.com", True, ["portal.example.com"], ["accounts.E006"]),
        ("https://portal.example.com", True, ["other.example.com"], ["accounts.E007"]),
    ],
)
def test_the_base_url(settings: Any, url: str, production: bool, hosts: list[str], expected: Any) -> None:
    settings.BASE_URL, settings.PRODUCTION, settings.ALLOWED_HOSTS = url, production, hosts
    assert ids(check_base_url()) == expected


def test_an_organisation_without_a_base_url(cast: Cast, settings: Any) -> None:
    settings.PRODUCTION, settings.BASE_URL = True, ""
    assert not check_base_url_known(databases=["default"])
    Organisation.objects.update(base_url="")
    assert ids(check_base_url_known(databases=["default"])) == ["accounts.E008"]
    assert not check_base_url_known(databases=None)
    settings.BASE_URL = "https://portal.example.com"
    assert not check_base_url_known(databases=["default"])


def test_weak_limits(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.BEHIND_PROXY, settings.TRUSTED_PROXY_COUNT = True, 0
    assert ids(check_limits()) == ["accounts.W001", "accounts.W002"]
