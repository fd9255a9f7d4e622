"""The list of audits opens with what is late or due next, and can be put in the order of the start."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from audits.choices import AuditState
from audits.models import Audit
from audits.tests.factories import audit_make
from audits.tests.reports import state_set
from foundation.accounts.models import User
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
URL = "/audits/"


def shown(client: Client, query: str = "") -> list[str]:
    """Return the references in the list, in its order."""
    html = client.get(URL + query).content.decode()
    return re.findall(r'class="reference nowrap"[^>]*>(AUD-\d+)<', html)


@pytest.fixture
def three(cast: Cast) -> dict[str, str]:
    """Return the references of an audit that starts soon, one that is far, and one that is late."""
    return {
        "far": audit_make(cast, starts_on=date(2035, 5, 1)).reference,
        "late": audit_make(cast, starts_on=date(2020, 5, 1)).reference,
        "soon": audit_make(cast, starts_on=date(2030, 5, 1)).reference,
    }


@pytest.mark.parametrize("name", ["ciso", "unit_lead"])
def test_what_is_late_or_due_next_stands_first(
    cast: Cast, three: dict[str, str], sign_in: SignIn, name: str
) -> None:
    client = sign_in(getattr(cast, name))
    assert shown(client) == [three["late"], three["soon"], three["far"]]
    assert shown(client, "?sort=-starts_on") == [three["far"], three["soon"], three["late"]]


def test_what_is_over_stands_last(cast: Cast, three: dict[str, str], sign_in: SignIn) -> None:
    over = audit_make(cast, starts_on=date(2019, 5, 1))
    state_set(over, AuditState.CLOSED)
    Audit.objects.filter(pk=over.pk).update(next_due_on=None)
    assert shown(sign_in(cast.ciso), "?state=all") == [
        three["late"],
        three["soon"],
        three["far"],
        over.reference,
    ]
