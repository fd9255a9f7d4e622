"""What the app gives to the whole."""

from datetime import timedelta

from foundation import clock
from foundation.deadlines.services import deadline_set, deadlines_scan
from foundation.notifications.models import Notice
from foundation.registry import NoticeKind, NoticeSource, registry


def test_mails_take_in_what_has_just_become_due():
    assert registry.get(NoticeSource, "deadlines").write is deadlines_scan


def test_notices_are_of_kinds_that_people_can_choose(cast, record):
    now = clock.now()
    deadline_set(
        record=record,
        kind="probe.report",
        assignee=cast.unit_lead,
        due_on=now.date() - timedelta(days=5),
        now=now - timedelta(days=60),
    )
    deadlines_scan(now=now)
    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert kinds == {"deadlines.reminder", "deadlines.escalation"}
    assert all(registry.find(NoticeKind, kind) for kind in kinds)
