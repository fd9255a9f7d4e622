"""First dates of new records, many at once: the same rows as set one by one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from foundation.deadlines.models import Deadline
from foundation.deadlines.services import DeadlineDraft, deadline_set, deadlines_open
from foundation.deadlines.tests.conftest import record_make

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAYS = [date(2026, 10, 1), date(2026, 11, 23), date(2026, 11, 24), date(2027, 3, 28), date(2028, 2, 29)]


@pytest.mark.parametrize("kind", ["probe.report", "probe.start"])
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_date_is_as_one_that_is_set_alone(cast, kind, day):
    one, other = record_make(cast), record_make(cast)
    alone = deadline_set(record=one, kind=kind, assignee=cast.auditor, due_on=day, now=NOW)
    deadlines_open(
        drafts=[DeadlineDraft(record=other, kind=kind, due_on=day, assignee=cast.auditor)], now=NOW
    )
    opened = Deadline.objects.get(record=other)
    apart = {"id", "record"}
    assert {k: v for k, v in model_to_dict(opened).items() if k not in apart} == {
        k: v for k, v in model_to_dict(alone).items() if k not in apart
    }


def test_the_number_of_statements_does_not_grow_with_the_dates(cast):
    def statements(count: int) -> int:
        record = record_make(cast)
        drafts = [
            DeadlineDraft(
                record=record, kind=kind, due_on=NOW.date() + timedelta(days), assignee=cast.auditor
            )
            for kind in ("probe.report", "probe.start")[:count]
            for days in (5,)
        ]
        with CaptureQueriesContext(connection) as queries:
            deadlines_open(drafts=drafts, now=NOW)
        return len(queries)

    assert statements(1) == statements(2)
