"""Saving checks: what they may hold when, by whom, and what becomes of two edits at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from audits.choices import AuditState, CheckMethod, CheckResult
from audits.models import Check
from audits.services import CheckConflict, CheckRefused, check_save, checks_set
from audits.tests.checks import audit_take_to, audit_with_checks, first_check, saved
from audits.tests.factories import NOW, audit_make
from foundation.accounts.models import User
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast, cast_make
from foundation.testing.races import elsewhere, together, wait_until_blocked
from foundation.trail.models import Entry

LATER = NOW + timedelta(hours=1)


def save(check: Check, actor: User, version: int, **values: Any) -> Check:
    return check_save(check=check, values=values, version=version, actor=actor, now=LATER).check


def test_a_result_is_kept_with_who_and_when(cast: Cast) -> None:
    check = saved(first_check(audit_with_checks(cast)), cast.auditor, result="minor", notes="Two of ten")
    check.refresh_from_db()
    assert (check.result, check.notes, check.version) == ("minor", "Two of ten", 2)
    assert (check.tested_by, check.tested_at) == (cast.auditor, NOW)
    entry = Entry.objects.get(action="audits.check.graded")
    assert (entry.before, entry.after) == (
        {"check_result": "not_tested"},
        {"check_result": "minor", "requirement": "HB-1"},
    )
    saved(check, cast.auditor, result="not_tested")
    check.refresh_from_db()
    assert (check.tested_by, check.tested_at) == (None, None)


def test_notes_leave_no_entry_and_nothing_changes_nothing(cast: Cast) -> None:
    check = first_check(audit_with_checks(cast))
    saved(check, cast.auditor, notes="Seen", sample="10 of 40", methods=["test", "interview", "test"])
    check.refresh_from_db()
    assert check.methods == ["interview", "test"]
    before = check.version
    saved(check, cast.auditor, notes="Seen", sample="10 of 40", methods=["test", "interview"])
    check.refresh_from_db()
    assert check.version == before
    assert not Entry.objects.filter(action="audits.check.graded").exists()


def test_what_does_not_apply_says_why(cast: Cast) -> None:
    check = first_check(audit_with_checks(cast))
    with pytest.raises(CheckRefused) as refused:
        saved(check, cast.auditor, result="not_applicable", reason="  ")
    assert "reason" in refused.value.errors
    saved(check, cast.auditor, result="not_applicable", reason="No payments are made there")
    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.filter(pk=check.pk).update(reason="")


@pytest.mark.parametrize("state", [AuditState.PLANNED, AuditState.PREPARING])
def test_before_the_fieldwork_all_but_results_are_prepared(cast: Cast, state: str) -> None:
    check = first_check(audit_with_checks(cast, state=state))
    saved(check, cast.auditor, methods=["examine"], sample="All leavers", notes="Ask for the list")
    with pytest.raises(CheckRefused, match="once the fieldwork has started"):
        saved(check, cast.auditor, result="conforms")
    with pytest.raises(CheckRefused, match="once the fieldwork has started"):
        checks_set(audit=check.audit, chosen={check.pk: 2}, result="conforms", actor=cast.auditor, now=NOW)


def test_results_may_still_be_set_while_the_report_is_written(cast: Cast) -> None:
    check = first_check(audit_with_checks(cast, state=AuditState.REPORTING))
    assert saved(check, cast.auditor, result="conforms").result == "conforms"


@pytest.mark.parametrize("state", [AuditState.REPORT_REVIEW, AuditState.FOLLOW_UP])
def test_nothing_changes_once_the_report_is_agreed_on(cast: Cast, state: str) -> None:
    audit = audit_with_checks(cast)
    type(audit).objects.filter(pk=audit.pk).update(state=state)
    with pytest.raises(CheckRefused, match="being agreed on"):
        saved(first_check(audit), cast.auditor, notes="Too late")


def test_a_cancelled_audits_checks_never_change(cast: Cast) -> None:
    audit = audit_with_checks(cast)
    check = first_check(audit)
    apply_transition(record=audit, name="cancel", actor=cast.ciso, now=NOW, comment="No budget")
    with pytest.raises(CheckRefused, match="stays as it is"):
        saved(check, cast.auditor, notes="Too late")
    for change in (
        "UPDATE audits_check SET notes = 'x' WHERE audit_id = %s",
        "UPDATE audits_check SET audit_id = (SELECT max(record_ptr_id) FROM audits_audit) WHERE audit_id = %s",
        "DELETE FROM audits_check WHERE audit_id = %s",
    ):
        audit_make(cast)
        refused = pytest.raises(IntegrityError, match="do not change")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change, [audit.pk])
    with pytest.raises(IntegrityError, match="do not change"), transaction.atomic():
        Check.objects.create(
            audit=audit, text=check.text, requirement=check.requirement, position=check.position + 1
        )


def test_who_may_work_on_checks(cast: Cast) -> None:
    audit = audit_with_checks(cast, team=[cast.outsider], auditees=[cast.unit_lead])
    check = first_check(audit)
    for person in (cast.auditor, cast.outsider, cast.analyst, cast.ciso):
        saved(check, person, notes=f"By {person}")
    with pytest.raises(CheckRefused, match="You are audited here"):
        saved(check, cast.unit_lead, notes="All fine")
    with pytest.raises(CheckRefused, match="team works on its checks"):
        saved(check, cast.executive, notes="All fine")


def test_nobody_grades_the_own_unit(cast: Cast) -> None:
    audit = audit_with_checks(cast)
    User.objects.filter(pk=cast.analyst.pk).update(unit=cast.units.payments)
    analyst = User.objects.get(pk=cast.analyst.pk)
    with pytest.raises(CheckRefused, match="nobody audits their own unit"):
        saved(first_check(audit), analyst, result="conforms")
    with pytest.raises(CheckRefused, match="nobody audits their own unit"):
        checks_set(audit=audit, chosen={first_check(audit).pk: 1}, result="conforms", actor=analyst, now=NOW)


def test_two_edits_of_different_fields_are_both_kept(cast: Cast) -> None:
    check = first_check(audit_with_checks(cast))
    save(check, cast.auditor, 1, notes="Seen", result="not_tested", methods=[], sample="")
    done = check_save(
        check=check,
        values={"notes": "", "result": "minor", "methods": [], "sample": ""},
        version=1,
        actor=cast.analyst,
        now=LATER,
    )
    assert (done.check.notes, done.check.result, done.check.version) == ("Seen", "minor", 3)
    assert (done.changed, done.merged) == (("result",), ("notes",))


def test_two_edits_of_one_field_are_told_and_nothing_is_saved(cast: Cast) -> None:
    check = first_check(audit_with_checks(cast))
    save(check, cast.auditor, 1, notes="Seen by the auditor")
    with pytest.raises(CheckConflict) as found:
        save(check, cast.analyst, 1, notes="Seen by the analyst", result="minor")
    (difference,) = found.value.differences
    assert (difference.name, difference.mine, difference.theirs) == (
        "notes",
        "Seen by the analyst",
        "Seen by the auditor",
    )
    check.refresh_from_db()
    assert (check.result, check.version) == ("not_tested", 2)
    save(check, cast.analyst, 2, notes="Seen by both", result="minor")
    check.refresh_from_db()
    assert (check.notes, check.result) == ("Seen by both", "minor")


def test_two_edits_to_the_same_end_are_no_conflict(cast: Cast) -> None:
    check = first_check(audit_with_checks(cast))
    save(check, cast.auditor, 1, result="minor")
    assert save(check, cast.analyst, 1, result="minor").version == 2


def test_without_a_history_every_difference_is_a_conflict(cast: Cast) -> None:
    check = first_check(audit_with_checks(cast))
    save(check, cast.auditor, 1, notes="Seen")
    with pytest.raises(CheckConflict):
        save(check, cast.analyst, 40, notes="")
    assert save(check, cast.analyst, 40, notes="Seen").version == 2


def test_several_are_set_as_one_by_one(cast: Cast) -> None:
    audit = audit_with_checks(cast, count=5)
    checks = list(audit.checks.order_by("position"))
    saved(checks[0], cast.analyst, result="major")
    saved(checks[1], cast.analyst, notes="Meanwhile")
    done = checks_set(
        audit=audit,
        chosen={check.pk: 1 for check in checks},
        result="conforms",
        method=CheckMethod.EXAMINE,
        actor=cast.auditor,
        now=LATER,
    )
    assert done.changed == 3
    assert [identifier for identifier, _why in done.left] == ["HB-1", "HB-2"]
    results = list(audit.checks.order_by("position").values_list("result", flat=True))
    assert results == ["major", "not_tested", "conforms", "conforms", "conforms"]
    assert Entry.objects.filter(action="audits.check.graded").count() == 4
    with pytest.raises(CheckRefused):
        checks_set(audit=audit, chosen={}, result="not_applicable", actor=cast.auditor, now=LATER)
    with pytest.raises(CheckRefused, match="or were not tested"):
        checks_set(audit=audit, chosen={}, result="not_tested", actor=cast.auditor, now=LATER)
    with pytest.raises(CheckRefused):
        checks_set(audit=audit, chosen={}, result="splendid", actor=cast.auditor, now=LATER)


def test_several_are_left_untested_for_one_reason(cast: Cast) -> None:
    audit = audit_with_checks(cast, count=3)
    chosen = {check.pk: 1 for check in audit.checks.all()}
    done = checks_set(
        audit=audit, chosen=chosen, result="not_tested", reason="No access", actor=cast.auditor, now=LATER
    )
    assert done.changed == 3
    left = audit.checks.filter(result="not_tested", reason="No access", tested_by=cast.auditor)
    assert left.count() == 3
    told = Entry.objects.filter(action="audits.check.graded", comment="No access", actor_id=cast.auditor.pk)
    assert {entry.after["requirement"] for entry in told} == {"HB-1", "HB-2", "HB-3"}


def test_a_reason_is_one_of_the_result_that_it_was_given_with(cast: Cast) -> None:
    check = first_check(audit_with_checks(cast))
    for result in ("not_tested", "conforms"):
        saved(check, cast.auditor, result="not_applicable", reason="No wireless")
        check = saved(check, cast.auditor, result=result)
        assert (check.reason, check.reason_given) == ("", "")
    check = saved(check, cast.auditor, result="not_tested")
    assert check.tested_by is None
    check = saved(check, cast.analyst, reason="No access")
    assert (check.tested_by, check.reason_given) == (cast.analyst, "No access")
    check = saved(check, cast.auditor, reason=" ")
    assert (check.tested_by, check.reason_given) == (None, "")


def test_of_another_audit_nothing_is_set(cast: Cast) -> None:
    audit = audit_with_checks(cast)
    other = first_check(audit_with_checks(cast))
    done = checks_set(audit=audit, chosen={other.pk: 1}, result="conforms", actor=cast.auditor, now=LATER)
    assert done.changed == 0
    other.refresh_from_db()
    assert other.result == CheckResult.NOT_TESTED


@pytest.mark.django_db(transaction=True)
def test_a_race_for_one_check_loses_nothing(transactional_db: None) -> None:
    cast = cast_make()
    check = first_check(audit_with_checks(cast))
    results = together(
        lambda: save(check, cast.auditor, 1, result="minor"),
        lambda: save(check, cast.analyst, 1, notes="Seen"),
        lambda: save(check, cast.ciso, 1, sample="10 of 40"),
    )
    assert not [one for one in results if isinstance(one, BaseException)]
    check.refresh_from_db()
    assert (check.result, check.notes, check.sample, check.version) == ("minor", "Seen", "10 of 40", 4)
    results = together(
        lambda: save(check, cast.auditor, 4, result="major"),
        lambda: save(check, cast.analyst, 4, result="conforms"),
    )
    assert sum(isinstance(one, CheckConflict) for one in results) == 1


@pytest.mark.django_db(transaction=True)
def test_a_result_does_not_slip_in_behind_the_cancelling(transactional_db: None) -> None:
    cast = cast_make()
    audit = audit_with_checks(cast)
    check = first_check(audit)
    with transaction.atomic():
        apply_transition(record=audit, name="cancel", actor=cast.ciso, now=NOW, comment="No budget")
        late = elsewhere(lambda: save(check, cast.auditor, 1, result="minor"))
        wait_until_blocked()
    assert isinstance(late.exception(15), CheckRefused)
    check.refresh_from_db()
    assert check.result == CheckResult.NOT_TESTED


def test_an_audit_taken_further_keeps_its_checks(cast: Cast) -> None:
    audit = audit_with_checks(cast)
    saved(first_check(audit), cast.auditor, result="conforms")
    audit_take_to(cast, audit, AuditState.REPORTING)
    assert first_check(audit).result == "conforms"
