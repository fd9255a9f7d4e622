"""My desk shows what waits for me, and nothing of others."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audits.tests.factories import audit_make, programme_make
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db


def test_it_works_when_nothing_waits(client: Client, cast: Cast) -> None:
    client.force_login(cast.outsider)
    assert "Nothing waits for you" in client.get("/").content.decode()


def test_dates_stand_on_the_desk_of_whom_they_concern(client: Client, cast: Cast) -> None:
    today = timezone.localdate()
    audit_make(cast, title="Late one", starts_on=today - timedelta(days=3), now=timezone.now())
    audit_make(
        cast, title="Soon and mine to attend", starts_on=today + timedelta(days=10), auditees=[cast.personnel]
    )
    client.force_login(cast.auditor)
    with assert_queries("desk"):
        page = client.get("/").content.decode()
    assert page.index("Late one") < page.index("Soon and mine to attend")
    client.force_login(cast.personnel)
    page = client.get("/").content.decode()
    assert "Soon and mine to attend" in page
    assert "Late one" not in page


def test_restricted_dates_stay_hidden(client: Client, cast: Cast) -> None:
    start = timezone.localdate() + timedelta(days=5)
    audit_make(cast, title="Quiet matter", starts_on=start, confidentiality=Confidentiality.RESTRICTED)
    client.force_login(cast.unit_lead)
    assert "Quiet matter" not in client.get("/").content.decode()


def test_decisions_wait_on_the_approver_s_desk(client: Client, cast: Cast) -> None:
    apply_transition(record=programme_make(cast), name="submit", actor=cast.analyst, now=timezone.now())
    client.force_login(cast.ciso)
    assert "Audit programme 2027" in client.get("/").content.decode()
    client.force_login(cast.analyst)
    assert "asked by" not in client.get("/").content.decode()
