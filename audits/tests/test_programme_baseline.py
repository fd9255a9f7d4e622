"""What slippage is told from: the starts that were approved with the programme."""

import importlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from audits.models import Audit, Programme
from audits.services import audit_change
from audits.tests.factories import NOW, audit_make, programme_make
from foundation.approvals.sample import open_and_decide
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def approve(programme: Programme, cast: Cast) -> None:
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    request = programme.approval_requests.latest("pk")
    open_and_decide(request=request, actor=cast.ciso, now=NOW)
    programme.refresh_from_db()


def move(audit: Audit, to: date, cast: Cast) -> None:
    fresh = Audit.objects.get(pk=audit.pk)
    audit_change(audit=fresh, changes={"starts_on": to}, actor=cast.analyst, now=NOW, version=fresh.version)


def baseline(audit: Audit) -> date | None:
    found: date | None = Audit.objects.values_list("approved_starts_on", flat=True).get(pk=audit.pk)
    return found


def test_approval_writes_down_each_start_and_nothing_before_or_after_does(cast: Cast) -> None:
    programme = programme_make(cast)
    audit = audit_make(cast, programme=programme)
    apart = audit_make(cast)
    assert baseline(audit) is None
    approve(programme, cast)
    assert programme.state == "approved"
    later = audit_make(cast, programme=programme)
    move(audit, date(2027, 2, 1), cast)
    assert baseline(audit) == date(2027, 1, 18), "it moved, and what was approved did not"
    assert baseline(later) is None
    assert baseline(apart) is None


def test_another_approval_sets_the_baseline_of_what_has_not_begun(cast: Cast) -> None:
    programme = programme_make(cast)
    begun, to_come = audit_make(cast, programme=programme), audit_make(cast, programme=programme)
    approve(programme, cast)
    for audit in (begun, to_come):
        move(audit, date(2027, 2, 1), cast)
    for step in ("prepare", "start_fieldwork"):
        apply_transition(record=Audit.objects.get(pk=begun.pk), name=step, actor=cast.auditor, now=NOW)
    apply_transition(record=programme, name="revise", actor=cast.analyst, now=NOW, comment="Moved")
    assert baseline(to_come) == date(2027, 1, 18), "a draft approves nothing"
    approve(programme, cast)
    assert baseline(begun) == date(2027, 1, 18), "what began is measured by what it began with"
    assert baseline(to_come) == date(2027, 2, 1)


def test_older_programmes_are_told_from_the_history(cast: Cast) -> None:
    programme = programme_make(cast)
    known, unknown = audit_make(cast, programme=programme), audit_make(cast, programme=programme)
    approved_at = datetime(2026, 6, 1, 12, tzinfo=UTC)
    Programme.objects.filter(pk=programme.pk).update(
        state="approved", approved_by=cast.ciso, approved_at=approved_at
    )
    move(known, date(2027, 3, 1), cast)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pgh_id FROM audits_auditevent WHERE pgh_obj_id = %s ORDER BY pgh_id", [known.pk]
        )
        first = cursor.fetchone()[0]
    tell = importlib.import_module("audits.migrations.0009_programme_baseline").TELL_FROM_HISTORY
    event = Audit.audit_events.rel.related_model if hasattr(Audit, "audit_events") else None
    assert event is not None
    event.objects.filter(pk=first).update(pgh_created_at=approved_at - timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(tell)
    assert baseline(known) == date(2027, 1, 18), "as it stood when it was approved"
    assert baseline(unknown) is None, "nothing was written down by then"
