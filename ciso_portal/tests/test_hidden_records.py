"""A walk over every address that is about a record: who may not know of the record is told that there is none.

The rows of the URL × role table make the records that their addresses are about; here they become restricted, or another
unit's, before anybody asks. What is added to the table is walked, too.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, declared_rows

STRANGERS = ("analyst", "auditor", "executive", "unit_lead", "personnel", "administrator", "outsider")

READERS_OF_OTHERS = ("unit_lead", "personnel", "outsider")
ROWS = [row for row in declared_rows() if row.makes_something]


def restrict(made: list[int], cast: Cast) -> None:
    Record.objects.filter(pk__in=made).update(
        confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso, unit=cast.units.root
    )


def give_to_another_unit(made: list[int], cast: Cast) -> None:
    Record.objects.filter(pk__in=made).update(
        confidentiality=Confidentiality.INTERNAL, owner=cast.ciso, unit=cast.units.retail
    )


def differences(row: UrlRow, path: str, cast: Cast, client: Client, parts: tuple[str, ...]) -> Iterator[str]:
    for part in parts:
        client.force_login(cast.people()[part])
        if not says_nothing(got := client.get(path)):
            yield f"GET {path} as {part}: {got.status_code}"
        if not says_nothing(got := client.post(path, row.data(cast))):
            yield f"POST {path} as {part}: {got.status_code}"


def give_to_payments(made: list[int], cast: Cast) -> None:
    Record.objects.filter(pk__in=made).update(
        confidentiality=Confidentiality.INTERNAL, owner=cast.analyst, unit=cast.units.payments
    )


def mentions(one: int, path: str, cast: Cast, client: Client) -> Iterator[str]:
    """Yield who is told of one of several records that the address is about, when that one alone is hidden."""
    record = Record.objects.get(pk=one)
    Record.objects.filter(pk=one).update(title=f"Hidden apart {one}")
    for part in ("analyst", "auditor"):
        client.force_login(cast.people()[part])
        got = client.get(path)
        told = [word for word in (record.reference, f"Hidden apart {one}") if word.encode() in body_of(got)]
        if told and not says_nothing(got):
            yield f"GET {path} as {part}: tells of {' and '.join(told)}"


def body_of(response: Any) -> bytes:
    """Return all that was answered."""
    body: bytes = response.getvalue() if response.streaming else response.content
    return body


def says_nothing(response: HttpResponse) -> bool:
    """Tell whether the answer is the same as for a record that was never made.

    A method that an address does not take, and the question for the password, come before any record is looked for.
    """
    asks_password = response.headers.get("Location", "").startswith(reverse("account_reauthenticate"))
    return response.status_code in (404, 405) or asks_password


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}{row.query}")
def test_a_record_is_not_there_for_who_may_not_know_of_it(row: UrlRow, cast: Cast, client: Client) -> None:
    before = set(Record.objects.values_list("pk", flat=True))
    path = row.url(cast)
    made = list(Record.objects.exclude(pk__in=before).values_list("pk", flat=True))
    if not made:
        return  # an address about something else
    Participant.objects.filter(record__in=made).delete()
    restrict(made, cast)
    wrong = list(differences(row, path, cast, client, STRANGERS))
    give_to_another_unit(made, cast)
    wrong += differences(row, path, cast, client, READERS_OF_OTHERS)
    if len(made) > 1:
        for one in made:
            give_to_payments(made, cast)
            restrict([one], cast)
            wrong += mentions(one, path, cast, client)
    assert not wrong, "\n".join(wrong)


def test_the_walk_is_not_empty() -> None:
    assert len(ROWS) > 60
