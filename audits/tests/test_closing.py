"""An audit is closed when its report is approved, its findings have agreed actions, and no major nonconformity is open."""

from datetime import date

import pytest
from django.db import transaction
from django.test import Client

from audits.choices import AuditState, CheckResult, FindingState, Grade
from audits.models import Audit, Finding
from audits.selectors import report_obstacles
from audits.services import FindingRefused, conclusion_write, finding_create
from audits.services.finding_dates import CLOSING
from audits.tests.checks import audit_with_checks, first_check, saved
from audits.tests.factories import NOW, audit_in, audit_make, report_approve
from audits.tests.reports import action_make
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.approvals.models import ApprovalRequest
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import TransitionRefused, apply_transition
from foundation.notifications.models import Notice
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.races import elsewhere, wait_until_blocked

pytestmark = pytest.mark.django_db


def in_follow_up(cast: Cast, *, grade: str = "", state: str = FindingState.RAISED) -> Audit:
    """Take an audit to its follow-up, perhaps with a finding in it."""
    audit = audit_in(cast, AuditState.REPORTING)
    if grade:
        raise_finding(audit, cast, grade, state)
    return report_approve(audit, cast)


def test_open_actions_keep_an_audit_open(client: Client, cast: Cast) -> None:
    audit = in_follow_up(cast)
    action = action_create(
        source=audit,
        title="Close it",
        owner=cast.personnel,
        due_on=date(2027, 6, 1),
        actor=cast.auditor,
        now=NOW,
    )
    with pytest.raises(TransitionRefused, match="1 action"):
        apply_transition(record=audit, name="close", actor=cast.analyst, now=NOW)
    client.force_login(cast.analyst)
    page = client.get(audit.get_absolute_url()).content.decode()
    assert action.reference in page
    assert "Agree on an action" in page
    apply_transition(record=action, name="complete", actor=cast.personnel, now=NOW, comment="Closed.")
    apply_transition(record=audit, name="close", actor=cast.analyst, now=NOW)
    audit.refresh_from_db()
    assert audit.state == "closed"
    assert "Agree on an action" not in client.get(audit.get_absolute_url()).content.decode(), "all is done"


def raise_finding(audit: Audit, cast: Cast, grade: str, state: str = FindingState.RAISED) -> Finding:
    """Raise a finding, and put it into a state without its steps, which are tested elsewhere."""
    finding = finding_create(
        audit=audit,
        title="Leavers keep their access",
        grade=grade,
        owner=cast.personnel,
        answer_due_on=date(2027, 3, 1),
        actor=cast.auditor,
        now=NOW,
    )
    Record.objects.filter(pk=finding.pk).update(state=state)
    if state == FindingState.AGREED:
        action_make(finding, cast, owner=cast.personnel)
    return finding


@pytest.mark.parametrize(
    ("grade", "state", "refusal"),
    [
        (Grade.MAJOR, FindingState.RAISED, "major nonconformity is still open"),
        (Grade.MAJOR, FindingState.ANSWERED, "major nonconformity is still open"),
        (Grade.MAJOR, FindingState.AGREED, "major nonconformity is still open"),
        (Grade.MAJOR, FindingState.CLOSED, None),
        (Grade.MAJOR, FindingState.WITHDRAWN, None),
        (Grade.MINOR, FindingState.RAISED, "1 finding has no agreed actions yet"),
        (Grade.MINOR, FindingState.ANSWERED, "1 finding has no agreed actions yet"),
        (Grade.MINOR, FindingState.AGREED, None),
        (Grade.OBSERVATION, FindingState.RAISED, "1 finding has no agreed actions yet"),
        (Grade.OPPORTUNITY, FindingState.AGREED, None),
    ],
)
def test_nobody_closes_with_open_findings(
    client: Client, cast: Cast, grade: str, state: str, refusal: str | None
) -> None:
    audit = in_follow_up(cast, grade=grade, state=state)
    if refusal is None:
        apply_transition(record=audit, name="close", actor=cast.ciso, now=NOW)
        return
    for person in (cast.ciso, cast.analyst):
        with pytest.raises(TransitionRefused, match=refusal):
            apply_transition(record=audit, name="close", actor=person, now=NOW)
    client.force_login(cast.ciso)
    step = f"{audit.get_absolute_url()}steps/close/"
    assert refusal in client.get(step).content.decode()
    answer = client.post(step, {"comment": "Close it all the same"})
    assert answer.status_code == 422
    assert refusal in answer.content.decode()
    page = client.get(audit.get_absolute_url()).content.decode()
    assert "Before the audit can be closed" in page
    assert f'{audit.get_absolute_url()}findings/"' in page
    audit.refresh_from_db()
    assert audit.state == AuditState.FOLLOW_UP


def test_all_that_stands_in_the_way_is_told_at_once(cast: Cast) -> None:
    audit = in_follow_up(cast, grade=Grade.MAJOR)
    Audit.objects.filter(pk=audit.pk).update(report_approved_by=None, report_approved_at=None)
    with pytest.raises(TransitionRefused) as refused:
        apply_transition(record=audit, name="close", actor=cast.ciso, now=NOW)
    for words in ("report is not approved", "no agreed actions yet", "major nonconformity"):
        assert words in str(refused.value)


def test_an_audit_from_before_reports_were_approved_is_told_what_to_do(client: Client, cast: Cast) -> None:
    audit = audit_make(cast)
    Record.objects.filter(pk=audit.pk).update(state=AuditState.FOLLOW_UP)
    with pytest.raises(TransitionRefused, match="take the audit back to reporting, and submit the report"):
        apply_transition(record=audit, name="close", actor=cast.ciso, now=NOW)
    client.force_login(cast.ciso)
    page = client.get(audit.get_absolute_url()).content.decode()
    back = f"{audit.get_absolute_url()}steps/back_to_reporting/"
    assert back in page
    assert client.post(back, {"comment": "To have its report approved"}).status_code == 302
    report_approve(audit, cast)
    apply_transition(record=audit, name="close", actor=cast.ciso, now=NOW)


def test_the_report_is_not_submitted_with_untested_checks_or_unraised_nonconformities(cast: Cast) -> None:
    audit = audit_with_checks(cast, state=AuditState.REPORTING)
    Audit.objects.filter(pk=audit.pk).update(conclusion="Good.")
    total = audit.checks.count()
    with pytest.raises(TransitionRefused, match=f"{total} checks are not tested"):
        apply_transition(record=audit, name="submit_report", actor=cast.auditor, now=NOW)
    audit.checks.update(result=CheckResult.CONFORMS, tested_by=cast.auditor, tested_at=NOW)
    check = first_check(audit)
    audit.checks.filter(pk=check.pk).update(result=CheckResult.MAJOR)
    with pytest.raises(
        TransitionRefused, match="1 nonconformity of the checklist has no finding of the same grade yet"
    ):
        apply_transition(record=audit, name="submit_report", actor=cast.auditor, now=NOW)
    finding_create(
        audit=audit,
        title="Leavers keep their access",
        grade=Grade.MAJOR,
        owner=cast.personnel,
        answer_due_on=date(2027, 3, 1),
        actor=cast.auditor,
        now=NOW,
        check=check,
    )
    apply_transition(record=audit, name="submit_report", actor=cast.auditor, now=NOW)


@pytest.mark.parametrize(
    ("reason", "is_settled"), [("No access that week", True), ("", False), (" \n", False)]
)
def test_what_was_not_tested_is_reported_with_the_reason(cast: Cast, reason: str, is_settled: bool) -> None:
    audit = audit_with_checks(cast, state=AuditState.REPORTING)
    Audit.objects.filter(pk=audit.pk).update(conclusion="Good.")
    audit.checks.update(result=CheckResult.CONFORMS, tested_by=cast.auditor, tested_at=NOW)
    check = saved(first_check(audit), cast.auditor, result=CheckResult.NOT_TESTED)
    saved(check, cast.auditor, reason=reason)
    said = [one.sentence for one in report_obstacles(Audit.objects.get(pk=audit.pk))]
    left = ["1 check is not tested: test it, or say there why it was not."]
    assert said == ([] if is_settled else left)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["submit", "raise"])
def test_a_finding_raised_while_the_report_is_submitted(committed_cast: Cast, first: str) -> None:
    cast = committed_cast
    audit = audit_in(cast, AuditState.REPORTING)
    audit = conclusion_write(audit=audit, conclusion="Good.", actor=cast.analyst, version=audit.version)

    def submit() -> object:
        return apply_transition(record=audit, name="submit_report", actor=cast.analyst, now=NOW)

    def find() -> object:
        return raise_finding(audit, cast, Grade.MAJOR)

    mine, theirs = (submit, find) if first == "submit" else (find, submit)
    with transaction.atomic():
        mine()
        waiting = elsewhere(theirs)
        wait_until_blocked()
    if first == "submit":
        with pytest.raises(FindingRefused):
            waiting.result(15)
    else:
        waiting.result(15)
    asked = ApprovalRequest.objects.get(record_id=audit.pk)
    assert len(asked.content["findings"]) == (first == "raise")


@pytest.mark.parametrize(
    ("result", "grade", "differs"),
    [
        (CheckResult.CONFORMS, Grade.MAJOR, True),
        (CheckResult.OBSERVATION, Grade.MINOR, True),
        (CheckResult.MINOR, Grade.MAJOR, True),
        (CheckResult.MAJOR, Grade.MINOR, False),
        (CheckResult.CONFORMS, Grade.OBSERVATION, False),
    ],
)
def test_a_report_says_nothing_better_of_a_check_than_its_finding(
    cast: Cast, result: str, grade: str, differs: bool
) -> None:
    audit = audit_with_checks(cast, state=AuditState.REPORTING)
    Audit.objects.filter(pk=audit.pk).update(conclusion="Good.")
    audit.checks.update(result=CheckResult.CONFORMS, tested_by=cast.auditor, tested_at=NOW)
    finding = raise_finding(audit, cast, grade)
    check = first_check(audit)
    Finding.objects.filter(pk=finding.pk).update(from_check=check, requirement=check.requirement)
    audit.checks.filter(pk=check.pk).update(result=result)
    said = [one.sentence for one in report_obstacles(audit)]
    assert any("1 check came to a better result than its finding" in words for words in said) == differs
    Record.objects.filter(pk=finding.pk).update(state=FindingState.WITHDRAWN)
    assert not any("better result" in one.sentence for one in report_obstacles(audit))


@pytest.mark.parametrize("grade", [Grade.OBSERVATION, Grade.MINOR])
def test_an_agreed_finding_whose_actions_were_all_cancelled_waits_for_the_auditors(
    cast: Cast, grade: str
) -> None:
    audit = in_follow_up(cast, grade=grade, state=FindingState.AGREED)
    (action,) = Action.objects.all()
    apply_transition(record=action, name="cancel", actor=cast.ciso, now=NOW, comment="Too dear")
    with pytest.raises(TransitionRefused, match="1 agreed finding has no action that stands any more"):
        apply_transition(record=audit, name="close", actor=cast.ciso, now=NOW)
    date = Deadline.objects.open().get(record=Finding.objects.get())
    assert (date.kind, date.assignee) == (CLOSING, cast.auditor)
    told = Notice.objects.filter(record_id=date.record_id, recipient=cast.auditor).latest("pk")
    assert "Nothing that was agreed on stands any more" in told.payload["sentence"]


def test_an_audit_is_not_cancelled_over_a_graded_nonconformity_or_an_open_action(cast: Cast) -> None:
    audit = audit_with_checks(cast, state=AuditState.FIELDWORK)
    check = audit.checks.filter(pk=first_check(audit).pk)
    check.update(result=CheckResult.MAJOR, tested_by=cast.auditor, tested_at=NOW)
    with pytest.raises(TransitionRefused, match="1 nonconformity of the checklist has no finding"):
        apply_transition(record=audit, name="cancel", actor=cast.ciso, now=NOW, comment="Too dear")
    check.update(result=CheckResult.CONFORMS)
    action_create(
        source=audit,
        title="Close it",
        owner=cast.personnel,
        due_on=date(2027, 6, 1),
        actor=cast.auditor,
        now=NOW,
    )
    with pytest.raises(TransitionRefused, match="1 action that follows from the audit"):
        apply_transition(record=audit, name="cancel", actor=cast.ciso, now=NOW, comment="Too dear")
