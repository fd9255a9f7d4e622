"""The URL × role table, walked: each part of the cast asks each address, by GET and by POST."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import resolve_url
from django.test import Client

from foundation.accounts.choices import Role
from foundation.accounts.organisation import forget_organisation
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.testing.cast import Cast
from foundation.testing.sign_in import client_of
from foundation.testing.urls import (
    ANONYMOUS,
    PARTS,
    SIGN_IN,
    Answer,
    Answers,
    UrlRow,
    declared_rows,
    url_names,
)

ROWS = declared_rows()
EXPLAINED = b'href="/rights/'
# Shown within a page of the portal's own, under a policy that its own test reads.
FRAMED = {"notifications:mail-html"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def test_every_address_has_a_row() -> None:
    missing = sorted(url_names() - {row.name for row in ROWS})
    assert not missing, (
        "Addresses without a row in the URL × role table; add one to ROWS in tests/urls.py of their app:\n  "
        + "\n  ".join(missing)
    )


def test_every_row_has_an_address() -> None:
    stale = sorted({row.name for row in ROWS} - url_names())
    assert not stale, "Rows of the URL × role table whose address is gone:\n  " + "\n  ".join(stale)


def test_no_address_has_two_rows() -> None:
    twice = [name for name, rows in Counter((row.name, row.query) for row in ROWS).items() if rows > 1]
    assert not twice


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}{row.query}")
def test_everyone_meets_what_the_table_says(row: UrlRow, cast: Cast) -> None:
    visit = Visit(cast, row.url(cast), row.data(cast))
    readers = [part for part in PARTS if row.get[part] == 200]
    wrong = visit.differences("GET", row.get)
    wrong += visit.differences("POST", row.post or dict.fromkeys(readers, 405))
    if row.confirmed is not None:
        wrong += replace(visit, is_confirmed=True, sessions={}).differences("POST", row.confirmed)
    assert not wrong, f"{visit.path} answers otherwise than the table says:\n  " + "\n  ".join(wrong)
    assert row.name in FRAMED or not visit.unprotected, (
        f"{visit.path} answers without what browsers are told everywhere:\n  "
        + "\n  ".join(visit.unprotected)
    )
    assert row.confirmed is not None or len(visit.asked) < 2, (
        f"{visit.path} asks {', '.join(visit.asked)} who they are; say in `confirmed` what they are answered then"
    )
    assert row.refused_otherwise or not visit.unexplained, (
        f"{visit.path} refuses without leading to the page of the right that is missing; raise RightMissing, or say "
        f"`refused_otherwise` where no right is:\n  " + "\n  ".join(visit.unexplained)
    )


def headers_missing(response: HttpResponseBase, *, is_signed_in: bool) -> list[str]:
    """Return the names of the headers that an answer of whatever status lacks, or has other than meant."""
    missing = [name for name, value in HEADERS.items() if response.headers.get(name) != value]
    policy = response.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        missing.append("Content-Security-Policy")
    if "camera=()" not in response.headers.get("Permissions-Policy", ""):
        missing.append("Permissions-Policy")
    # What nobody's session shaped says so itself, if at all: a calendar feed, the answer to a monitor.
    if is_signed_in and "no-store" not in response.headers.get("Cache-Control", ""):
        missing.append("Cache-Control")
    return missing


@dataclass(frozen=True)
class Visit:
    """The cast at one address, one after the other in one browser."""

    cast: Cast
    path: str
    data: Mapping[str, Any]
    client: Client = field(default_factory=Client)
    sessions: dict[str, str] = field(default_factory=dict)
    is_confirmed: bool = False
    asked: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    unprotected: list[str] = field(default_factory=list)

    def differences(self, method: str, expected: Answers) -> list[str]:
        """Return a line for each part that is answered otherwise than expected."""
        got = {part: self._answer(method, part) for part in expected}
        return [
            f"{method} as {part}: {got[part]}, expected {answer}"
            for part, answer in expected.items()
            if got[part] != answer
        ]

    def _answer(self, method: str, part: str) -> Answer:
        """Ask as one of the cast, and undo what that changed."""
        self.client.cookies.clear()
        if part != ANONYMOUS:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self._session_of(part)
        with transaction.atomic():
            ask = self.client.post if method == "POST" else self.client.get
            response = ask(self.path, self.data if method == "POST" else None)
            transaction.set_rollback(True)
        forget_organisation()
        if response.status_code == 403 and EXPLAINED not in response.content:
            self.unexplained.append(f"{method} as {part}")
        if missing := headers_missing(response, is_signed_in=part != ANONYMOUS):
            self.unprotected.append(f"{method} as {part}: {', '.join(missing)}")
        location = response.headers.get("Location", "")
        if method == "POST" and location.startswith(resolve_url("account_reauthenticate")):
            self.asked.append(part)
        if response.status_code == 302 and location.startswith(resolve_url("account_login")):
            return SIGN_IN
        return response.status_code

    def _session_of(self, part: str) -> str:
        """Return the key of a session in which one of the cast is signed in."""
        if part not in self.sessions:
            person = self.cast.people()[part]
            client = client_of(person, confirmed=True) if self.is_confirmed else Client()
            if not self.is_confirmed:
                client.force_login(person)
            self.sessions[part] = client.cookies[settings.SESSION_COOKIE_NAME].value
        return self.sessions[part]


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("role", Role)
def test_the_side_bar_of_whoever_serves_one_unit_leads_only_to_pages_that_open(
    cast: Cast, client: Client, role: Role
) -> None:
    RoleGrantFactory.create(user=cast.outsider, role=role, unit=cast.units.payments)
    client.force_login(cast.outsider)
    shown = client.get("/").context["navigation"]
    answers = {link.url: client.get(link.url).status_code for group in shown for link in group.links}
    assert answers == dict.fromkeys(answers, 200)
