"""A walk over every address that is about a record: who may not know of the record is told that there is none.

The rows of the URL × role table make the records that their addresses are about; here they become restricted, or another
unit's, before anybody asks. What is added to the table is walked, too. Everybody asks in two browsers: as somebody who has
just proved who they are, whom no page asks before it looks for the record, and as somebody who did so long ago.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record
from foundation.testing.cast import Cast
from foundation.testing.sign_in import client_of
from foundation.testing.urls import UrlRow, declared_rows

STRANGERS = ("analyst", "auditor", "executive", "unit_lead", "personnel", "administrator", "outsider")

READERS_OF_OTHERS = ("unit_lead", "personnel", "outsider")
ROWS = [row for row in declared_rows() if row.makes_something]
# Rows that make something, but no record. Every other one is walked.
ABOUT_NO_RECORD = {
    "account_reset_password_from_key",
    "accounts:factors-reset",
    "accounts:grant-create",
    "accounts:grant-edit",
    "accounts:grant-end",
    "accounts:invitation",
    "accounts:invitation-revoke",
    "accounts:invitation-send",
    "accounts:person-deactivate",
    "accounts:person-detail",
    "accounts:person-edit",
    "accounts:person-reactivate",
    "accounts:person-session-end",
    "accounts:person-sign-in",
    "accounts:person-sign-out",
    "accounts:right-detail",
    "accounts:session-end",
    "accounts:stand-in-create",
    "accounts:stand-in-end",
    "accounts:unit-archive",
    "accounts:unit-detail",
    "accounts:unit-edit",
    "accounts:unit-move",
    "accounts:unit-restore",
    "admin:accounts_businessunit_add",
    "admin:accounts_businessunit_change",
    "admin:accounts_businessunit_changelist",
    "admin:accounts_businessunit_delete",
    "admin:accounts_businessunit_history",
    "admin:accounts_rolegrant_add",
    "admin:accounts_rolegrant_change",
    "admin:accounts_rolegrant_changelist",
    "admin:accounts_rolegrant_delete",
    "admin:accounts_rolegrant_history",
    "admin:accounts_user_add",
    "admin:accounts_user_change",
    "admin:accounts_user_changelist",
    "admin:accounts_user_delete",
    "admin:accounts_user_history",
    "admin:app_list",
    "approvals:route-edit",
    "approvals:route-reset",
    "audits:import-confirm",
    "audits:import-preview",
    "audits:import-template",
    "audits:year",
    "audits:year-part",
    "calendar:feed-read",
    "calendar:feed-renew",
    "calendar:feed-revoke",
    "compliance:import-confirm",
    "compliance:import-preview",
    "compliance:import-template",
    "deadlines:ladder-edit",
    "duties:duty-detail",
    "duties:duty-posts",
    "duties:pack-detail",
    "duties:pack-file",
    "duties:pack-stop",
    "enrolment:import-confirm",
    "enrolment:import-preview",
    "enrolment:import-template",
    "factor_rename",
    "lists:export",
    "lists:export-file",
    "lists:export-stop",
    "lists:view-edit",
    "lists:view-remove",
    "mfa_remove_webauthn",
    "notifications:address-unpark",
    "notifications:mail-detail",
    "notifications:mail-html",
    "notifications:mail-retry",
    "notifications:mail-tab",
    "notifications:notice-open",
    "notifications:notice-read",
    "notifications:unsubscribe",
    "openid_connect_callback",
    "openid_connect_login",
    "policies:import-confirm",
    "policies:import-preview",
    "policies:import-template",
}
NEVER_NUMBER = 2_000_000_000


def restrict(made: list[int], cast: Cast) -> None:
    Record.objects.filter(pk__in=made).update(
        confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso, unit=cast.units.root
    )


def give_to_another_unit(made: list[int], cast: Cast) -> None:
    Record.objects.filter(pk__in=made).update(
        confidentiality=Confidentiality.INTERNAL, owner=cast.ciso, unit=cast.units.retail
    )


@dataclass(frozen=True)
class Visitors:
    """The cast before one address, and before the one that it would be for a record that was never made."""

    row: UrlRow
    path: str
    cast: Cast
    browsers: dict[str, tuple[Client, Client]] = field(default_factory=dict)

    def differences(self, parts: tuple[str, ...]) -> Iterator[str]:
        """Yield who is told more than somebody who made the address up."""
        for part in parts:
            confirmed, long_ago = self.of(part)
            for method in ("GET", "POST"):
                got, never = (
                    self.asked(confirmed, method, path) for path in (self.path, never_made(self.path))
                )
                if (
                    not says_nothing(got)
                    or got.status_code != never.status_code
                    or told(got, self.path) != told(never, never_made(self.path))
                ):
                    yield f"{method} {self.path} as {part}: {got.status_code}, and {never.status_code} for what never was"
                got = self.asked(long_ago, method, self.path)
                if not (says_nothing(got) or asks_password(got)):
                    yield f"{method} {self.path} as {part}, signed in long ago: {got.status_code}"

    def of(self, part: str) -> tuple[Client, Client]:
        """Return the browsers of one of the cast: of just now, and of long ago."""
        if part not in self.browsers:
            person = self.cast.people()[part]
            long_ago = Client()
            long_ago.force_login(person)
            self.browsers[part] = (client_of(person, confirmed=True), long_ago)
        return self.browsers[part]

    def asked(self, client: Client, method: str, path: str) -> Any:
        """Return the answer."""
        return client.post(path, self.row.data(self.cast)) if method == "POST" else client.get(path)


def never_made(path: str) -> str:
    """Return the same address with other references, numbers and keys, which nothing has."""
    address, _mark, query = path.partition("?")
    match = resolve(address)
    values = {name: _never(name, value) for name, value in match.kwargs.items()}
    return reverse(match.view_name, kwargs=values) + (f"?{query}" if query else "")


def _never(name: str, value: Any) -> Any:
    if isinstance(value, int):
        return NEVER_NUMBER
    if isinstance(value, UUID):
        return UUID(int=NEVER_NUMBER)
    return re.sub(r"\d", "9", value) if name == "reference" else value


def told(response: Any, path: str) -> str:
    """Return what was answered, without the address itself and what differs each time it is asked."""
    text = body_of(response).decode().replace(path, "PATH")
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce|X-CSRFToken&quot;: &quot)[^>]*', "", text)


def give_to_payments(made: list[int], cast: Cast) -> None:
    Record.objects.filter(pk__in=made).update(
        confidentiality=Confidentiality.INTERNAL, owner=cast.analyst, unit=cast.units.payments
    )


def mentions(one: int, visitors: Visitors) -> Iterator[str]:
    """Yield who is told of one of several records that the address is about, when that one alone is hidden."""
    record = Record.objects.get(pk=one)
    Record.objects.filter(pk=one).update(title=f"Hidden apart {one}")
    for part in ("analyst", "auditor"):
        got = visitors.asked(visitors.of(part)[0], "GET", visitors.path)
        words = [word for word in (record.reference, f"Hidden apart {one}") if word.encode() in body_of(got)]
        if words and not says_nothing(got):
            yield f"GET {visitors.path} as {part}: tells of {' and '.join(words)}"


def body_of(response: Any) -> bytes:
    """Return all that was answered."""
    body: bytes = response.getvalue() if response.streaming else response.content
    return body


def says_nothing(response: HttpResponse) -> bool:
    """Tell whether there is nothing here. A method that an address does not take comes before any record is looked for."""
    return response.status_code in (404, 405)


def asks_password(response: HttpResponse) -> bool:
    """Tell whether the person is asked who they are first: also before any record is looked for."""
    return response.headers.get("Location", "").startswith(reverse("account_reauthenticate"))


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}{row.query}")
def test_a_record_is_not_there_for_who_may_not_know_of_it(row: UrlRow, cast: Cast) -> None:
    before = set(Record.objects.values_list("pk", flat=True))
    visitors = Visitors(row, row.url(cast), cast)
    made = list(Record.objects.exclude(pk__in=before).values_list("pk", flat=True))
    assert bool(made) is (row.name not in ABOUT_NO_RECORD), "say in ABOUT_NO_RECORD what makes no record"
    if not made:
        return
    Participant.objects.filter(record__in=made).delete()
    restrict(made, cast)
    wrong = list(visitors.differences(STRANGERS))
    give_to_another_unit(made, cast)
    wrong += visitors.differences(READERS_OF_OTHERS)
    if len(made) > 1:
        for one in made:
            give_to_payments(made, cast)
            restrict([one], cast)
            wrong += mentions(one, visitors)
    assert not wrong, "\n".join(wrong)


def test_the_walk_is_not_empty() -> None:
    assert len({row.name for row in ROWS} - ABOUT_NO_RECORD) > 40
    assert {row.name for row in ROWS} >= ABOUT_NO_RECORD
