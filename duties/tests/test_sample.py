"""Three years of the sample bank's duties."""

from datetime import UTC, datetime, timedelta

import pytest

from duties.choices import SETTLED, ActivityState, Duty
from duties.models import Activity, ActivitySeries
from duties.sample_plan import ROWS
from duties.services import series_plan, series_waiting
from duties.starting_texts import STARTER_BY_KEY, STARTER_PLAN
from foundation.accounts.organisation import forget_organisation, organisation_day
from foundation.accounts.sample import sample_load
from foundation.approvals.models import ApprovalRequest
from foundation.deadlines.models import Deadline
from foundation.notifications.choices import NoticeState
from foundation.notifications.models import Notice

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)


def test_three_years_of_all_thirteen_duties() -> None:
    forget_organisation()
    sample_load(now=NOW, password="not-a-secret")
    today = organisation_day(NOW)
    activities = list(Activity.objects.select_related("series", "owner"))
    done = [one for one in activities if one.state == ActivityState.DONE]
    assert {one.duty for one in done} == set(Duty.values)
    assert min(one.due_on for one in done) < today - timedelta(days=2 * 365)
    assert all(one.outcome and one.done_on <= today for one in done)
    assert any(one.done_on > one.due_on for one in done)
    assert {one.state for one in activities} == set(ActivityState.values)
    late = [one for one in activities if one.state not in SETTLED and one.due_on < today]
    assert 1 <= len(late) <= 3
    assert ApprovalRequest.objects.filter(record__kind="activity").exists()
    assert Deadline.objects.open().filter(kind="duties.activity").count() == sum(
        one.state in ("planned", "in_progress") for one in activities
    )
    told = Notice.objects.filter(state=NoticeState.PENDING, record__kind="activity")
    told = told.exclude(kind__startswith="conversation.")
    assert {notice.record.state for notice in told} == {ActivityState.SIGN_OFF}, (
        "but what was told along the way"
    )
    assert not series_waiting(now=NOW) or not any(
        series_plan(key=key, now=NOW) for key in series_waiting(now=NOW)
    ), "the beat finds nothing that the sample forgot"
    for series in ActivitySeries.objects.all():
        last = series.activities.order_by("-occurrence_on").first()
        assert last.occurrence_on == series.last_on < series.next_on


def test_its_rows_are_of_the_plan() -> None:
    keys = [row.key for row in ROWS]
    assert len(keys) == len(set(keys))
    assert set(keys) < set(STARTER_BY_KEY), "some of the plan is left to be taken over"
    assert {STARTER_BY_KEY[key].duty for key in keys} == set(Duty)
    assert len(STARTER_PLAN) == len(STARTER_BY_KEY)
