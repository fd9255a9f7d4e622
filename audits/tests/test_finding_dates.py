"""What a finding waits for, and on whose desk: an answer, a look at it, and its end once its actions are verified."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from audits.choices import FindingState, Grade
from audits.models import Audit, Finding
from audits.services import audit_change, finding_answer_write, finding_change
from audits.services.finding_dates import ANSWER, CLOSING, REVIEW
from audits.tests.factories import NOW, TODAY, finding_make
from foundation.accounts.models import User
from foundation.actions.choices import ActionNature
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import apply_transition
from foundation.notifications.models import Notice
from foundation.records.models import Record
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SOON = TODAY + timedelta(days=5)


def open_dates(finding: Finding) -> dict[str, tuple[User, date | None]]:
    deadlines = Deadline.objects.open().filter(record_id=finding.pk).select_related("assignee")
    return {one.kind: (one.assignee, one.due_on) for one in deadlines}


def step(record: Record, name: str, actor: User, *, days: int = 0, comment: str = "It is so.") -> None:
    again = type(record).objects.get(pk=record.pk)
    apply_transition(record=again, name=name, actor=actor, now=NOW + timedelta(days=days), comment=comment)


def answered(cast: Cast, **values: str) -> Finding:
    finding = finding_make(cast, **values)
    answer = {"response": "We agree.", "root_cause": "Nobody is told."}
    finding_answer_write(finding=finding, changes=answer, actor=cast.unit_lead, version=finding.version)
    step(finding, "answer", cast.unit_lead)
    return Finding.objects.get(pk=finding.pk)


def agreed_action(cast: Cast, finding: Finding, **values: str) -> Action:
    return action_create(
        source=finding,
        title="Tell operations",
        owner=cast.unit_lead,
        due_on=date(2027, 1, 1),
        actor=cast.auditor,
        now=NOW,
        **values,
    )


def verified(cast: Cast, action: Action) -> None:
    step(action, "report_done", cast.unit_lead)
    step(action, "verify", cast.analyst)


def test_an_answer_waits_for_who_leads_the_audit(cast: Cast) -> None:
    finding = answered(cast)
    assert open_dates(finding) == {REVIEW: (cast.auditor, SOON)}
    step(finding, "send_back", cast.auditor, days=2)
    assert open_dates(finding) == {ANSWER: (cast.unit_lead, date(2026, 12, 7))}
    assert not Deadline.objects.get(record=finding, kind=REVIEW).was_dropped
    step(finding, "withdraw", cast.auditor)
    assert open_dates(finding) == {}


def test_the_day_of_the_look_stays_when_the_auditors_change_their_words(cast: Cast) -> None:
    finding = answered(cast)
    finding_change(
        finding=finding,
        changes={"risk": "Money moves."},
        actor=cast.auditor,
        now=NOW + timedelta(days=3),
        version=finding.version,
    )
    assert open_dates(finding) == {REVIEW: (cast.auditor, SOON)}


def test_it_is_to_be_closed_once_its_actions_are_verified(cast: Cast) -> None:
    finding = answered(cast)
    first = agreed_action(cast, finding)
    step(finding, "agree", cast.auditor)
    assert open_dates(finding) == {}
    second = agreed_action(cast, finding)
    verified(cast, first)
    assert open_dates(finding) == {}
    verified(cast, second)
    assert open_dates(finding) == {CLOSING: (cast.auditor, SOON)}
    told = Notice.objects.filter(recipient=cast.auditor, kind="audits.finding_for_auditor").latest("pk")
    assert told.payload["sentence"].startswith("Ready to be closed")
    agreed_action(cast, finding)
    assert open_dates(finding) == {}
    assert Deadline.objects.get(record=finding, kind=CLOSING).was_dropped


def test_a_cancelled_action_holds_nothing_up(cast: Cast) -> None:
    finding = answered(cast)
    first, second = agreed_action(cast, finding), agreed_action(cast, finding)
    step(finding, "agree", cast.auditor)
    verified(cast, first)
    step(second, "cancel", cast.auditor)
    assert set(open_dates(finding)) == {CLOSING}
    step(finding, "close", cast.auditor)
    assert open_dates(finding) == {}
    assert not Deadline.objects.get(record=finding, kind=CLOSING).was_dropped


def test_what_is_verified_before_it_is_agreed_on_is_closed_at_once(cast: Cast) -> None:
    finding = answered(cast)
    verified(cast, agreed_action(cast, finding))
    assert set(open_dates(finding)) == {REVIEW}
    step(finding, "agree", cast.auditor)
    assert set(open_dates(finding)) == {CLOSING}


def test_an_observation_is_closed_after_its_task(cast: Cast) -> None:
    finding = answered(cast, grade=Grade.OBSERVATION)
    task = agreed_action(cast, finding, nature=ActionNature.TASK)
    step(finding, "agree", cast.auditor)
    step(task, "complete", cast.unit_lead)
    assert set(open_dates(finding)) == {CLOSING}


def test_an_action_that_does_not_work_takes_the_date_of_the_end_away(cast: Cast) -> None:
    finding = answered(cast)
    action = agreed_action(cast, finding)
    step(finding, "agree", cast.auditor)
    verified(cast, action)
    step(action, "not_effective", cast.analyst)
    assert Finding.objects.get().state == FindingState.AGREED
    assert open_dates(finding) == {}


def test_who_leads_the_audit_now_sees_to_it(cast: Cast) -> None:
    finding = answered(cast)
    audit = Audit.objects.get()
    audit_change(
        audit=audit,
        changes={"lead_auditor": cast.ciso},
        actor=cast.analyst,
        now=NOW + timedelta(days=1),
        version=audit.version,
    )
    assert open_dates(finding) == {REVIEW: (cast.ciso, SOON)}
