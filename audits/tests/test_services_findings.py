"""Raising, changing and answering findings; what follows from their audit; and what was found before."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from audits.choices import AUDIT_OWNER, AuditRole, AuditState, AuditType, FindingState, Grade
from audits.models import Audit, Check, Finding, FindingListing
from audits.selectors import findings_state_of, found_before, repeats_of
from audits.services import (
    ANSWER,
    FindingRefused,
    audit_change,
    finding_answer_write,
    finding_change,
    finding_move,
    finding_move_refusal,
)
from audits.tests.factories import NOW, audit_in, audit_make, evidence_make, finding_make
from compliance.models import Framework, Requirement, RequirementText
from compliance.tests.factories import edition_make, framework_make
from foundation.accounts.models import User
from foundation.accounts.tests.factories import UserFactory
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import apply_transition
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.records.lexemes import question_of
from foundation.records.models import Record
from foundation.records.services import StaleRecord
from foundation.testing.cast import Cast
from foundation.trail.models import Entry


def requirement_of(framework: Framework, identifier: str = "HB-1") -> Requirement:
    return framework.requirements.get(identifier=identifier)


def named(record: Record, role: str) -> set[int]:
    return set(record.participants.filter(role=role).values_list("user_id", flat=True))


def under_way(audit: Audit) -> Audit:
    Record.objects.filter(pk=audit.pk).update(state=AuditState.FIELDWORK)
    return Audit.objects.get(pk=audit.pk)


def test_a_finding_belongs_where_its_audit_does_and_names_its_people(cast: Cast) -> None:
    audit = audit_make(
        cast, team=[cast.analyst], auditees=[cast.personnel], owner=cast.ciso, confidentiality="restricted"
    )
    finding = finding_make(cast, audit)
    assert finding.reference == "FND-0001"
    assert (finding.unit_id, finding.confidentiality) == (audit.unit_id, Confidentiality.RESTRICTED)
    assert named(finding, AuditRole.LEAD) == {cast.auditor.pk}
    assert named(finding, AuditRole.TEAM) == {cast.analyst.pk}
    assert named(finding, AuditRole.AUDITEE) == {cast.personnel.pk}
    assert named(finding, AUDIT_OWNER) == {cast.ciso.pk}
    seen = {name for name, person in cast.people().items() if Finding.objects.visible_to(person).exists()}
    assert seen == {"ciso", "analyst", "auditor", "personnel", "unit_lead"}


def test_its_owner_is_told_and_reminded(cast: Cast) -> None:
    finding = finding_make(cast)
    deadline = Deadline.objects.get(record=finding)
    assert (deadline.kind, deadline.due_on, deadline.assignee) == (ANSWER, date(2026, 12, 7), cast.unit_lead)
    told = Notice.objects.get(kind="audits.finding_for_owner")
    assert (told.recipient, told.payload["reference"]) == (cast.unit_lead, "FND-0001")


def test_a_check_says_what_falls_short(cast: Cast) -> None:
    framework = framework_make(cast)
    audit = under_way(audit_make(cast))
    requirement = requirement_of(framework, "HB-2")
    text = RequirementText.objects.get(requirement=requirement)
    check = Check.objects.create(audit=audit, text=text, requirement=requirement, position=1)
    finding = finding_make(cast, audit, check=check)
    assert finding.requirement == requirement
    other = under_way(audit_make(cast, title="Another"))
    with pytest.raises(FindingRefused, match="another audit"):
        finding_make(cast, other, check=check)


@pytest.mark.parametrize("state", [AuditState.PREPARING, AuditState.CLOSED, AuditState.CANCELLED])
def test_nothing_is_found_before_the_fieldwork_or_after_the_end(cast: Cast, state: AuditState) -> None:
    audit = audit_make(cast)
    Record.objects.filter(pk=audit.pk).update(state=state)
    with pytest.raises(FindingRefused, match=str(state.label)):
        finding_make(cast, Audit.objects.get(pk=audit.pk))
    assert not Finding.objects.exists()


def test_who_is_audited_raises_nothing(cast: Cast) -> None:
    audit = under_way(audit_make(cast, auditees=[cast.ciso]))
    with pytest.raises(FindingRefused, match="You are audited here"):
        finding_make(cast, audit, actor=cast.ciso)
    cast.analyst.unit = cast.units.payments
    cast.analyst.save()
    with pytest.raises(FindingRefused, match="own unit"):
        finding_make(cast, audit, actor=cast.analyst)
    external = under_way(audit_make(cast, type=AuditType.EXTERNAL))
    with pytest.raises(FindingRefused, match="own unit"):
        finding_make(cast, external, actor=cast.analyst)
    of_supplier = under_way(audit_make(cast, type=AuditType.SUPPLIER))
    assert finding_make(cast, of_supplier, actor=cast.analyst).state == FindingState.RAISED


def test_an_owner_is_no_auditor_and_not_who_raises_it(cast: Cast) -> None:
    audit = under_way(audit_make(cast, team=[cast.analyst]))
    for owner in (cast.auditor, cast.analyst):
        with pytest.raises(FindingRefused, match="audits here"):
            finding_make(cast, audit, owner=owner, actor=cast.ciso)
    with pytest.raises(FindingRefused, match="answer for themselves"):
        finding_make(cast, audit, owner=cast.ciso, actor=cast.ciso)
    gone = UserFactory.create(is_active=False)
    with pytest.raises(FindingRefused, match="no longer active"):
        finding_make(cast, audit, owner=gone)


def change(finding: Finding, actor: User, comment: str = "", **changes: Any) -> Finding:
    return finding_change(
        finding=finding, changes=changes, actor=actor, now=NOW, version=finding.version, comment=comment
    )


def test_another_grade_needs_a_reason_that_the_trail_keeps(cast: Cast) -> None:
    finding = finding_make(cast)
    with pytest.raises(FindingRefused, match="graded otherwise"):
        change(finding, cast.auditor, grade=Grade.MAJOR, comment=" ")
    assert change(finding, cast.auditor, title="Leavers keep their accounts").grade == Grade.MINOR
    changed = change(Finding.objects.get(), cast.auditor, grade=Grade.MAJOR, comment="It was so for a year")
    entry = Entry.objects.filter(record_id=finding.pk).latest("pk")
    assert (changed.grade, entry.comment, entry.after["grade"]) == ("major", "It was so for a year", "major")


def test_who_answers_for_it_or_is_audited_does_not_change_it(cast: Cast) -> None:
    audit = audit_make(cast, auditees=[cast.analyst])
    finding = finding_make(cast, audit, owner=cast.ciso)
    for person in (cast.ciso, cast.analyst):
        with pytest.raises(FindingRefused):
            change(finding, person, title="Nothing")


def test_another_owner_is_told_and_sees_what_follows(cast: Cast) -> None:
    finding = finding_make(cast, audit_make(cast, confidentiality="restricted"))
    action = action_create(
        source=finding,
        title="Fix",
        owner=cast.personnel,
        due_on=date(2027, 1, 1),
        actor=cast.auditor,
        now=NOW,
    )
    change(finding, cast.auditor, owner=cast.outsider, answer_due_on=date(2026, 12, 9))
    deadline = Deadline.objects.get(record=finding)
    assert (deadline.assignee, deadline.due_on) == (cast.outsider, date(2026, 12, 9))
    assert Notice.objects.filter(kind="audits.finding_for_owner", recipient=cast.outsider).exists()
    assert Action.objects.visible_to(cast.outsider).filter(pk=action.pk).exists()


def test_a_finding_that_is_agreed_on_stays_as_it_is(cast: Cast) -> None:
    finding = finding_make(cast)
    Record.objects.filter(pk=finding.pk).update(state="agreed")
    with pytest.raises(FindingRefused, match="Take the agreement back first"):
        change(finding, cast.auditor, title="Other")


def test_the_day_of_the_answer_is_moved_as_by_its_form(cast: Cast) -> None:
    finding = finding_make(cast)
    finding_move(record=finding, to=date(2027, 1, 7), version=1, actor=cast.auditor, now=NOW)
    assert Deadline.objects.get(record=finding).due_on == date(2027, 1, 7)
    with pytest.raises(ValidationError, match="2000 and 2100"):
        finding_move(record=finding, to=date(1999, 1, 7), version=2, actor=cast.auditor, now=NOW)


def test_the_day_of_the_answer_is_moved_also_once_the_report_is_approved_and_nothing_else(cast: Cast) -> None:
    finding = finding_make(cast)
    Record.objects.filter(pk=finding.audit_id).update(state=AuditState.FOLLOW_UP)
    assert finding_move_refusal(record=finding, user=cast.auditor) is None
    finding_move(record=finding, to=date(2027, 1, 7), version=1, actor=cast.auditor, now=NOW)
    assert Deadline.objects.get(record=finding).due_on == date(2027, 1, 7)
    finding.refresh_from_db()
    with pytest.raises(FindingRefused, match="The report says so"):
        change(finding, cast.auditor, answer_due_on=date(2027, 2, 7), title="Other")
    Record.objects.filter(pk=finding.pk).update(state="answered")
    with pytest.raises(ValidationError, match="does not wait for an answer"):
        finding_move(
            record=finding, to=date(2027, 1, 9), version=finding.version, actor=cast.auditor, now=NOW
        )


def test_the_days_of_findings_and_requests_are_moved_by_the_team_and_not_by_who_is_audited(
    cast: Cast, sign_in: Callable[..., Client]
) -> None:
    member = UserFactory.create(unit=cast.units.retail)
    audit = audit_in(cast, team=[member], auditees=[cast.unit_lead])
    for record in (finding_make(cast, audit), evidence_make(cast, audit, owners=[cast.unit_lead])):
        date_of = Deadline.objects.get(record=record)
        move, to = reverse("calendar:date-move", args=[date_of.pk]), {"to": "2027-01-07", "version": "1"}
        assert sign_in(cast.unit_lead).post(move, to).status_code == 403
        assert sign_in(member).post(move, to).status_code == 302
        date_of.refresh_from_db()
        assert date_of.due_on == date(2027, 1, 7)


def test_only_who_answers_for_it_writes_the_answer_until_it_is_handed_in(cast: Cast) -> None:
    finding = finding_make(cast)
    changes = {"response": "It is so.", "whys": ["They left", " ", "Nobody said so"], "root_cause": "No list"}
    with pytest.raises(FindingRefused, match="Only who answers"):
        finding_answer_write(finding=finding, changes=changes, actor=cast.ciso, version=1)
    written = finding_answer_write(finding=finding, changes=changes, actor=cast.unit_lead, version=1)
    assert written.whys == ["They left", "Nobody said so"]
    with pytest.raises(StaleRecord):
        finding_answer_write(finding=finding, changes={"response": "No"}, actor=cast.unit_lead, version=1)
    with pytest.raises(ValueError, match="grade"):
        finding_answer_write(finding=finding, changes={"grade": "minor"}, actor=cast.unit_lead, version=2)
    apply_transition(record=written, name="answer", actor=cast.unit_lead, now=NOW)
    with pytest.raises(FindingRefused, match="send it back"):
        finding_answer_write(finding=finding, changes=changes, actor=cast.unit_lead, version=3)


def test_findings_and_what_follows_from_them_go_with_their_audit(cast: Cast) -> None:
    audit = audit_make(cast, auditees=[cast.personnel])
    finding = finding_make(cast, audit)
    action = action_create(
        source=finding, title="Fix", owner=cast.analyst, due_on=date(2027, 1, 1), actor=cast.auditor, now=NOW
    )
    audit = Audit.objects.get(pk=audit.pk)
    changes = {"confidentiality": "restricted", "owner": cast.ciso}
    audit_change(
        audit=audit,
        changes=changes,
        actor=cast.analyst,
        now=NOW,
        version=audit.version,
        auditees=[cast.outsider],
    )
    for record in (Finding.objects.get(pk=finding.pk), Action.objects.get(pk=action.pk)):
        assert (record.unit, record.confidentiality) == (cast.units.payments, "restricted")
    assert named(finding, AuditRole.AUDITEE) == {cast.outsider.pk}
    assert named(finding, AUDIT_OWNER) == {cast.ciso.pk}
    assert Finding.objects.visible_to(cast.outsider).exists()
    assert not Finding.objects.visible_to(cast.personnel).exists()
    assert Action.objects.visible_to(cast.outsider).exists()


def test_a_finding_that_was_withdrawn_goes_with_its_audit_to_another_unit(cast: Cast) -> None:
    audit = audit_make(cast)
    finding = finding_make(cast, audit)
    apply_transition(record=finding, name="withdraw", actor=cast.auditor, now=NOW, comment="Wrong.")
    audit = Audit.objects.get(pk=audit.pk)
    changes = {"unit": cast.units.retail}
    audit_change(audit=audit, changes=changes, actor=cast.analyst, now=NOW, version=audit.version)
    assert Finding.objects.get(pk=finding.pk).unit == cast.units.retail


def test_an_audit_that_keeps_its_people_writes_nothing_to_its_findings(cast: Cast) -> None:
    finding = finding_make(cast)
    audit = Audit.objects.get()
    before = Entry.objects.filter(record_id=finding.pk).count()
    audit_change(audit=audit, changes={"title": "New"}, actor=cast.analyst, now=NOW, version=audit.version)
    assert Entry.objects.filter(record_id=finding.pk).count() == before


def test_closing_an_audit_asks_what_is_agreed_and_which_majors_are_open(cast: Cast) -> None:
    audit = under_way(audit_make(cast))
    assert findings_state_of(audit).total == 0
    states = ("raised", "answered", "agreed", "closed", "withdrawn")
    for grade in (Grade.MAJOR, Grade.MINOR):
        for state in states:
            Record.objects.filter(pk=finding_make(cast, audit, grade=grade).pk).update(state=state)
    told = findings_state_of(audit)
    assert (told.total, told.not_agreed, told.open_majors, told.without_action) == (8, 4, 3, 2)


# What was found before


def test_the_same_requirement_in_the_same_unit_is_a_repeat_whatever_the_edition(
    cast: Cast, framework: Framework
) -> None:
    requirement = requirement_of(framework)
    first = finding_make(cast, requirement=requirement)
    edition_make(cast, framework)
    audit = under_way(audit_make(cast, title="A year later"))
    told = found_before(requirement=requirement, audit=audit, user=cast.auditor)
    assert [(one.reference, one.audit_reference, one.started_on.year) for one in told] == [
        ("FND-0001", "AUD-0001", 2027)
    ]
    second = finding_make(cast, audit, requirement=requirement)
    assert [one.pk for one in repeats_of(second, cast.auditor)] == [first.pk]
    assert [one.pk for one in repeats_of(first, cast.auditor)] == [second.pk], "before and after"
    assert set(FindingListing.objects.repeating_for(cast.auditor)) == {second.listing}


def test_what_is_no_repeat(cast: Cast, framework: Framework) -> None:
    requirement = requirement_of(framework)
    audit = under_way(audit_make(cast))
    finding_make(cast, audit, requirement=requirement)
    finding_make(cast, audit, requirement=requirement)  # of the same audit
    elsewhere = under_way(audit_make(cast, unit=cast.units.retail))
    finding_make(cast, elsewhere, requirement=requirement)
    another = under_way(audit_make(cast))
    finding_make(cast, another, requirement=requirement_of(framework, "HB-2"))
    finding_make(cast, another)
    assert not FindingListing.objects.filter(has_earlier=True).exists()
    assert found_before(requirement=None, audit=another, user=cast.auditor) == []


def test_what_was_withdrawn_is_not_repeated_and_what_moved_is_told_anew(
    cast: Cast, framework: Framework
) -> None:
    requirement = requirement_of(framework)
    first = finding_make(cast, requirement=requirement)
    second = finding_make(cast, requirement=requirement)

    def repeats() -> bool:
        return bool(FindingListing.objects.get(pk=second.pk).has_earlier)

    assert repeats()
    first_again: Any = apply_transition(record=first, name="withdraw", actor=cast.ciso, now=NOW, comment="No")
    assert not repeats()
    first_again = apply_transition(
        record=first_again, name="reinstate", actor=cast.ciso, now=NOW, comment="Yes"
    )
    assert repeats()
    change(first_again, cast.ciso, requirement=requirement_of(framework, "HB-3"))
    assert not repeats()


def test_a_repeat_of_what_the_reader_may_not_know_of_is_none(cast: Cast, framework: Framework) -> None:
    requirement = requirement_of(framework)
    secret = finding_make(
        cast,
        audit_make(cast, confidentiality="restricted", owner=cast.ciso, lead_auditor=cast.auditor),
        requirement=requirement,
    )
    finding = finding_make(cast, requirement=requirement)
    assert [one.pk for one in repeats_of(finding, cast.auditor)] == [secret.pk]
    assert repeats_of(finding, cast.analyst) == []
    assert found_before(requirement=requirement, audit=finding.audit, user=cast.analyst) == []
    assert not FindingListing.objects.repeating_for(cast.analyst).exists()
    assert FindingListing.objects.repeating_for(cast.auditor).exists()


def test_the_narrow_row_says_what_the_finding_says(cast: Cast, framework: Framework) -> None:
    finding = finding_make(cast, requirement=requirement_of(framework))

    def assert_listed() -> None:
        row, kept = FindingListing.objects.get(pk=finding.pk), Finding.objects.get(pk=finding.pk)
        for name in (
            "reference",
            "title",
            "grade",
            "state",
            "confidentiality",
            "unit_id",
            "owner_id",
            "audit_id",
        ):
            assert getattr(row, name) == getattr(kept, name), name
        assert (row.requirement_id, row.framework_id) == (kept.requirement_id, framework.pk)
        assert (row.raised_on, row.closed_at) == (kept.raised_on, kept.closed_at)
        assert row.due_on == (kept.answer_due_on if kept.state == "raised" else None)
        assert row.is_archived == (kept.archived_at is not None)

    assert_listed()
    change(finding, cast.auditor, title="ÜBERALL", owner=cast.personnel, answer_due_on=date(2027, 2, 1))
    assert_listed()
    assert FindingListing.objects.containing("überall").exists()
    apply_transition(record=finding, name="withdraw", actor=cast.auditor, now=NOW, comment="No")
    assert_listed()
    Record.objects.filter(pk=finding.pk).update(unit=cast.units.cards, archived_at=NOW)
    assert_listed()


def test_it_is_found_by_what_it_says(cast: Cast) -> None:
    finding = finding_make(cast, risk="A former clerk pays himself a bonus")
    found = Record.objects.filter(words__matches=question_of("bonus clerk"))
    assert [record.pk for record in found] == [finding.pk]
    assert finding.kind_entry.duty == "audits"
