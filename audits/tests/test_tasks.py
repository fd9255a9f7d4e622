"""The hourly wake-up call, twice at once, and in beat's schedule."""

from datetime import date

from django.conf import settings

from audits.models import Audit, AuditSeries
from audits.services import occurrences_plan
from audits.tasks import plan_occurrences
from audits.tests.factories import audit_make
from audits.tests.series import at
from foundation.approvals.tasks import follow
from foundation.testing.cast import Cast
from foundation.testing.races import together


def test_it_is_called_each_hour() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["audits-plan-occurrences"]
    assert (entry["task"], entry["schedule"]) == (plan_occurrences.name, 3600.0)


def test_who_may_decide_is_looked_at_each_hour() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["approvals-follow"]
    assert (entry["task"], entry["schedule"]) == (follow.name, 3600.0)


def test_it_plans_what_is_due(cast: Cast) -> None:
    audit_make(cast, rrule="FREQ=DAILY;INTERVAL=2")
    assert plan_occurrences() >= 0
    assert AuditSeries.objects.get().next_on is not None


def test_two_at_once_plan_each_occurrence_once(committed_cast: Cast) -> None:
    for number in range(3):
        audit_make(committed_cast, rrule="FREQ=MONTHLY", title=f"Series {number}")
    now = at(date(2027, 4, 1))
    counts = together(*(lambda: occurrences_plan(now=now) for _ in range(3)))
    planned = Audit.objects.count() - 3
    assert sum(counts) == planned
    assert occurrences_plan(now=now) == 0
    assert planned == len({*Audit.objects.values_list("series", "occurrence_on")}) - 3
