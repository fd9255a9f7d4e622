"""A page of the list that is read ground by ground holds what the one condition of visibility finds, in the same order."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Q, QuerySet

from audits.models import AuditListing
from audits.tests.factories import audit_make
from foundation.accounts.models import User
from foundation.records.choices import Confidentiality
from foundation.records.querysets import visibility_grounds
from foundation.testing.cast import Cast
from foundation.ui.pagination import BadPage, read_page

PEOPLE = ("ciso", "analyst", "auditor", "executive", "unit_lead", "personnel", "administrator", "outsider")
ORDERS = (("-starts_on", "pk"), ("starts_on", "-pk"), ("next_due_on", "pk"), ("title", "pk"), ("pk",))


@pytest.fixture
def audits(cast: Cast) -> None:
    """Plan audits of several units: some restricted, some owned or led by people without a right to see the rest."""
    units = (cast.units.retail, cast.units.payments, cast.units.cards)
    for number in range(9):
        audit_make(
            cast,
            unit=units[number % 3],
            owner=cast.analyst if number % 2 else cast.ciso,
            lead_auditor=(cast.auditor, cast.ciso, cast.analyst)[number % 3 - 1],
            auditees=[cast.personnel, cast.unit_lead] if number % 4 == 0 else [],
            confidentiality=Confidentiality.RESTRICTED if number in (1, 5, 6) else Confidentiality.INTERNAL,
            starts_on=date(2030, 1, 1) + timedelta(days=number % 4),
            title=f"Audit {number % 3}",
        )


def keys(rows: QuerySet[Any], number: int, grounds: tuple[Q, ...], counted: int) -> list[int] | str:
    try:
        return [row.pk for row in read_page(rows, number, size=2, counted=counted, grounds=grounds).rows]
    except BadPage as error:
        return f"no page; the nearest is {error.nearest}"


@pytest.mark.parametrize("part", PEOPLE)
def test_it_holds_the_same_rows_in_the_same_order(cast: Cast, audits: None, part: str) -> None:
    person: User = getattr(cast, part)
    grounds = visibility_grounds(person)
    seen = AuditListing.objects.visible_to(person)
    for order in ORDERS:
        for rows in (seen.order_by(*order), seen.order_by(*order).reverse()):
            for counted in (3, 100):
                for number in (1, 2, -1, -2):
                    expected = keys(rows, number, (), counted)
                    assert keys(rows, number, grounds, counted) == expected, (order, number)


def test_grounds_that_are_too_wide_open_nothing(cast: Cast, audits: None) -> None:
    mine = AuditListing.objects.visible_to(cast.unit_lead)
    page = read_page(mine.order_by("-pk"), 1, grounds=(*visibility_grounds(cast.unit_lead), Q(pk__gt=0)))
    assert 0 < len(mine) < AuditListing.objects.count()
    assert [row.pk for row in page.rows] == sorted((row.pk for row in mine), reverse=True)
