"""Evidence of controls: when it is asked for, what is kept of it, and what is missed."""

from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from controls.choices import Implementation
from controls.models import Control
from controls.selectors import evidence_overdue
from controls.services import EVIDENCE, ControlRefused, evidence_move, evidence_move_refusal
from controls.services.controls import control_change, control_give
from controls.services.evidence import due_after, evidence_give, evidence_upload_give, periods_over
from controls.tasks import follow_evidence
from controls.tests.factories import (
    NOW,
    TODAY,
    again,
    control_make,
    deadline_of,
    decide,
    give,
    implement,
    in_force,
    operating,
    revising,
    step,
)
from foundation.deadlines.models import Deadline
from foundation.files.services import Upload, file_add, file_withdraw
from foundation.testing.cast import Cast

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(DAYS, st.integers(1, 60), st.integers(0, 4_000))
def test_the_next_end_of_a_period_is_the_first_after_a_day(start: date, months: int, later: int) -> None:
    day = start + timedelta(days=later)
    found = due_after(start, months, day)
    ends = [start + relativedelta(months=months * number) for number in range(1, 200)]
    assert found == next(end for end in ends if end > day)


@given(DAYS, st.integers(1, 24), st.integers(0, 1_500), st.integers(0, 1_500))
def test_periods_missed_are_those_that_ended_in_between(start: date, months: int, a: int, b: int) -> None:
    after, until = start + timedelta(days=min(a, b)), start + timedelta(days=max(a, b))
    ends = [start + relativedelta(months=months * number) for number in range(1, 200)]
    assert periods_over(start, months, after, until) == sum(after < end < until for end in ends)


def test_ends_of_months_stay_ends_of_months() -> None:
    start = date(2026, 1, 31)
    days: list[date] = []
    for _number in range(4):
        days.append(due_after(start, 1, days[-1] if days else start))
    assert days == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]
    assert all(one < other for one, other in pairwise(days))


@pytest.mark.django_db
class TestAsking:
    def test_it_is_asked_for_once_in_force_and_carried_out(self, cast: Cast) -> None:
        control = in_force(cast)
        assert not control.is_evidence_asked
        control = implement(control, cast.ciso)
        assert control.evidence_on == date(2027, 2, 23)
        deadline = deadline_of(control)
        assert (deadline.due_on, deadline.assignee) == (date(2027, 2, 23), cast.analyst)

    def test_what_is_carried_out_already_is_asked_for_from_its_approval(self, cast: Cast) -> None:
        control = implement(control_make(cast), cast.ciso)
        assert control.evidence_on is None
        control = decide(step(control, "submit", cast.analyst), cast.ciso)
        assert control.evidence_on == date(2027, 2, 23)

    def test_none_is_asked_for_without_a_cadence(self, cast: Cast) -> None:
        control = operating(cast, evidence_months=None, evidence_how="")
        assert not control.is_evidence_asked
        assert not Deadline.objects.filter(kind=EVIDENCE).exists()
        assert give(control, cast.analyst).due_on is None

    def test_another_cadence_counts_from_its_approval(self, cast: Cast) -> None:
        control = revising(cast, operating(cast), evidence_months=12)
        control = decide(step(control, "submit_revision", cast.analyst), cast.ciso)
        assert control.evidence_on == date(2027, 11, 23)
        assert deadline_of(control).due_on == date(2027, 11, 23)

    def test_another_cadence_puts_off_nothing_that_is_late(self, cast: Cast) -> None:
        control = revising(cast, operating(cast), evidence_months=12)
        later = NOW + timedelta(days=120)
        control = step(control, "submit_revision", cast.analyst, now=later)
        assert decide(control, cast.ciso, now=later).evidence_on == date(2027, 2, 23)

    def test_it_goes_with_its_owner(self, cast: Cast) -> None:
        control = operating(cast)
        control = control_change(
            control=control,
            changes={"owner": cast.unit_lead},
            actor=cast.ciso,
            now=NOW,
            version=control.version,
        )
        assert deadline_of(control).assignee == cast.unit_lead
        control_give(record=control, to=cast.auditor, leaving=cast.unit_lead, actor=cast.ciso, now=NOW)
        assert deadline_of(control).assignee == cast.auditor

    def test_what_changed_beside_the_services_is_found_back(self, cast: Cast) -> None:
        control = operating(cast)
        Deadline.objects.filter(kind=EVIDENCE).update(assignee=cast.auditor)
        follow_evidence()
        assert deadline_of(control).assignee == cast.analyst

    def test_nothing_is_asked_for_while_it_is_not_carried_out(self, cast: Cast) -> None:
        control = operating(cast)
        with pytest.raises(ControlRefused, match="needs a reason"):
            implement(control, cast.analyst, Implementation.PLANNED, note=" ")
        control = implement(control, cast.analyst, Implementation.PLANNED, note="The porter left")
        assert control.evidence_on is None
        assert deadline_of(control).was_dropped
        later = NOW + timedelta(days=10)
        assert implement(control, cast.analyst, now=later).evidence_on == date(2027, 3, 3)

    def test_what_is_late_stays_late_when_it_is_carried_out_again(self, cast: Cast) -> None:
        control, late = operating(cast), NOW + timedelta(days=120)
        control = implement(control, cast.analyst, Implementation.PLANNED, note="Pause", now=late)
        assert not control.is_evidence_asked
        control = implement(control, cast.analyst, now=late + timedelta(days=1))
        assert control.evidence_on == date(2027, 2, 23)
        assert deadline_of(control).closed_at is None

    def test_that_it_does_not_apply_is_not_its_owners_to_say(self, cast: Cast) -> None:
        control = operating(cast, owner=cast.personnel)
        with pytest.raises(ControlRefused, match="for those to say who write controls"):
            implement(control, cast.personnel, Implementation.NOT_APPLICABLE, note="No doors")
        with pytest.raises(ControlRefused, match="needs a reason"):
            implement(control, cast.ciso, Implementation.NOT_APPLICABLE, note="")


@pytest.mark.django_db
class TestGiving:
    def test_it_answers_the_period_and_the_next_follows(self, cast: Cast) -> None:
        control = operating(cast)
        evidence = give(control, cast.analyst, now=NOW + timedelta(days=85))
        assert (evidence.due_on, evidence.missed, evidence.adds, evidence.is_late) == (
            date(2027, 2, 23),
            0,
            False,
            False,
        )
        assert again(control).evidence_on == date(2027, 5, 23)
        assert deadline_of(control).due_on == date(2027, 5, 23)

    def test_what_comes_before_the_next_period_is_kept_beside_it(self, cast: Cast) -> None:
        control = operating(cast)
        give(control, cast.analyst)
        more = give(control, cast.analyst, now=NOW + timedelta(hours=1))
        assert (more.due_on, more.adds) == (date(2027, 2, 23), True)
        assert again(control).evidence_on == date(2027, 5, 23)

    def test_periods_that_were_missed_are_told(self, cast: Cast) -> None:
        control = operating(cast)
        late = NOW + timedelta(days=300)  # 19 September 2027
        assert [row.pk for row in evidence_overdue(cast.auditor, late)] == [control.pk]
        evidence = give(control, cast.analyst, now=late)
        assert (evidence.due_on, evidence.missed, evidence.is_late) == (date(2027, 2, 23), 2, True)
        assert again(control).evidence_on == date(2027, 11, 23)
        assert not evidence_overdue(cast.auditor, late)

    def test_it_needs_a_file_and_words(self, cast: Cast) -> None:
        control = operating(cast)
        with pytest.raises(ControlRefused, match="what the files show"):
            give(control, cast.analyst, note=" ")
        with pytest.raises(ControlRefused, match="Choose a file"):
            evidence_give(
                control=control, note="x", files=(), actor=cast.analyst, now=NOW, version=control.version
            )
        assert not control.files.exists()

    def test_a_file_that_may_not_come_in_leaves_nothing_behind(self, cast: Cast) -> None:
        control = operating(cast)
        uploads = [Upload("a.txt", BytesIO(b"fine")), Upload("b.exe", BytesIO(b"MZ"))]
        with pytest.raises(ControlRefused) as refused:
            evidence_upload_give(
                control=control,
                note="x",
                files=(),
                uploads=uploads,
                actor=cast.analyst,
                now=NOW,
                version=control.version,
            )
        assert "b.exe" in refused.value.errors["uploads"]
        assert not control.files.exists()

    def test_a_file_that_was_withdrawn_meanwhile_is_none(self, cast: Cast) -> None:
        control = operating(cast)
        file = file_add(record=control, upload=Upload("a.txt", BytesIO(b"x")), actor=cast.analyst, now=NOW)
        version = file.versions.get()
        file_withdraw(file=file, actor=cast.analyst, now=NOW, reason="Wrong one")
        with pytest.raises(ControlRefused, match="withdrawn"):
            evidence_give(
                control=control,
                note="x",
                files=[version],
                actor=cast.analyst,
                now=NOW,
                version=again(control).version,
            )

    def test_what_was_given_is_not_withdrawn(self, cast: Cast) -> None:
        file = give(operating(cast), cast.analyst).files.get().file
        with pytest.raises(ValidationError, match="given as evidence"):
            file_withdraw(file=file, actor=cast.ciso, now=NOW, reason="Away with it")

    def test_others_give_none(self, cast: Cast) -> None:
        control = operating(cast)
        with pytest.raises(ControlRefused, match="Its owner"):
            give(control, cast.auditor)

    def test_a_stale_page_is_told(self, cast: Cast) -> None:
        control = operating(cast)
        file = file_add(record=control, upload=Upload("a.txt", BytesIO(b"x")), actor=cast.analyst, now=NOW)
        stale = again(control).version
        give(control, cast.analyst)
        with pytest.raises(ControlRefused, match="meanwhile"):
            evidence_give(
                control=control,
                note="x",
                files=[file.versions.get()],
                actor=cast.analyst,
                now=NOW,
                version=stale,
            )
        assert control.evidence.count() == 1


@pytest.mark.django_db
class TestMoving:
    def move(self, control: Control, cast: Cast, to: date) -> Control:
        evidence_move(record=control, to=to, version=again(control).version, actor=cast.ciso, now=NOW)
        return again(control)

    def test_later_periods_are_counted_from_the_new_day(self, cast: Cast) -> None:
        control = self.move(operating(cast), cast, date(2027, 1, 10))
        assert deadline_of(control).due_on == date(2027, 1, 10)
        give(control, cast.analyst)
        assert again(control).evidence_on == date(2027, 4, 10)

    def test_it_goes_to_no_day_that_is_over_or_answered(self, cast: Cast) -> None:
        control = operating(cast)
        with pytest.raises(ValidationError, match="is over"):
            self.move(control, cast, TODAY - timedelta(days=1))
        give(control, cast.analyst)
        with pytest.raises(ValidationError, match="evidence of that time"):
            self.move(control, cast, date(2027, 2, 23))

    def test_who_is_asked_does_not_move_it(self, cast: Cast) -> None:
        control = operating(cast)
        assert "somebody else" in str(evidence_move_refusal(record=control, user=cast.analyst))
        with pytest.raises(PermissionDenied):
            evidence_move_refusal(record=control, user=cast.auditor)
        with pytest.raises(PermissionDenied):
            evidence_move(
                record=control, to=date(2027, 3, 1), version=control.version, actor=cast.analyst, now=NOW
            )
