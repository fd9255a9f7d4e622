"""What the report of an audit says: plain values that stay the same until the facts change."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from audits.choices import AuditState, CheckMethod, CheckResult, FindingState
from audits.models import Audit, Check, Finding
from audits.selectors import AgreedAction, report_answers, report_content
from audits.services import finding_change
from audits.tests.factories import NOW, audit_make
from audits.tests.reports import action_make, checks_make, finding_make, state_set
from compliance.models import Requirement
from compliance.tests.factories import edition_make, framework_make
from foundation.actions.choices import ActionState
from foundation.actions.models import Action
from foundation.approvals.services import content_digest
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

SignIn = Callable[..., Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit(cast: Cast) -> Audit:
    made = audit_make(cast, team=[cast.ciso], auditees=[cast.unit_lead], objectives="See who gets in.")
    state_set(made, AuditState.FIELDWORK)
    return made


def test_it_says_who_and_what(cast: Cast, audit: Audit) -> None:
    said = report_content(audit)
    assert (said["reference"], said["title"]) == (audit.reference, "Payment gateway access review")
    assert said["lead_auditor"] == cast.auditor.full_name
    assert said["team"] == [cast.ciso.full_name]
    assert said["auditees"] == [cast.unit_lead.full_name]
    assert said["period"] == "2027-01-18 – 2027-01-22"
    assert (said["checks"], said["findings"], said["coverage"]) == ([], [], [])
    assert json.loads(json.dumps(said)) == said


def test_it_says_what_was_tested_and_how_much_of_it_all(cast: Cast, audit: Audit) -> None:
    framework = framework_make(cast, requirements=4)
    checks = checks_make(audit, framework, methods=[CheckMethod.TEST, CheckMethod.INTERVIEW])
    Check.objects.filter(pk=checks[0].pk).update(
        result=CheckResult.CONFORMS, sample="5 of 40", tested_by=cast.auditor, tested_at=NOW
    )
    Check.objects.filter(pk=checks[1].pk).update(
        result=CheckResult.NOT_APPLICABLE, reason="No harbour", tested_by=cast.auditor, tested_at=NOW
    )
    said = report_content(audit)
    assert said["checks"][0] == {
        "requirement": "HB-1",
        "title": "Duty 1",
        "framework": "Harbour baseline",
        "methods": "Test, Interview",
        "sample": "5 of 40",
        "result": "Conforms",
        "reason": "",
    }
    assert said["checks"][1]["reason"] == "No harbour"
    assert said["coverage"] == [
        {"framework": "Harbour baseline", "edition": "1.0", "requirements": 4, "chosen": 4, "tested": 1}
    ]


def test_it_says_what_was_found_and_what_is_done_about_it(cast: Cast, audit: Audit) -> None:
    check = checks_make(audit, framework_make(cast))[1]
    finding = finding_make(audit, cast, check=check, whys=["Nobody looks", "No list"])
    action = action_make(finding, cast)
    action_make(finding, cast, title="Dropped")
    Action.objects.filter(title="Dropped").update(state=ActionState.CANCELLED)
    finding_make(audit, cast, title="Taken back")
    Finding.objects.filter(title="Taken back").update(state=FindingState.WITHDRAWN)
    (said,) = report_content(audit)["findings"]
    assert said["grade"] == "Major nonconformity"
    assert (said["requirement"], said["requirement_title"]) == ("HB-2", "Duty 2")
    assert said["requirement_text"] == "Keep watch over duty 2."
    assert not said.keys() & {"response", "whys", "root_cause", "correction", "actions"}, (
        "not what auditors say"
    )
    answer = report_answers(audit).to_findings[finding.reference]
    assert (answer.state, answer.whys, answer.is_written) == ("Raised", ("Nobody looks", "No list"), True)
    assert answer.actions == (
        AgreedAction(
            reference=action.reference,
            title="Close the accounts of leavers each week",
            nature="Corrective action",
            owner=cast.unit_lead.full_name,
            due_on=date(2027, 4, 1),
            state="Open",
        ),
    )


def test_a_requirement_is_quoted_as_it_was_tested(cast: Cast, audit: Audit) -> None:
    framework = framework_make(cast)
    check = checks_make(audit, framework)[0]
    finding_make(audit, cast, check=check)
    finding_make(audit, cast, requirement=check.requirement)
    edition_make(cast, framework, says="Turn a blind eye to")
    first, second = report_content(audit)["findings"]
    assert first["requirement_text"] == second["requirement_text"] == "Keep watch over duty 1."


def test_a_requirement_that_the_audit_does_not_test_is_quoted_as_it_was_when_found(
    cast: Cast, audit: Audit, sign_in: SignIn
) -> None:
    framework = framework_make(cast)
    requirement = Requirement.objects.get(framework=framework, identifier="HB-1")
    before = finding_make(audit, cast, requirement=requirement)
    edition_make(cast, framework, says="Turn a blind eye to", at=NOW - timedelta(days=30))
    after = finding_make(audit, cast, requirement=requirement)
    for finding, words, version in (
        (before, "Keep watch over duty 1.", "1.0"),
        (after, "Turn a blind eye to duty 1.", "2.0"),
    ):
        (said,) = [one for one in report_content(audit)["findings"] if one["reference"] == finding.reference]
        assert said["requirement_text"] == words, "whatever the days say"
        page = sign_in(cast.auditor).get(finding.get_absolute_url()).content.decode()
        assert f"Version {version}, which was the current one when the finding was raised." in page


def test_a_requirement_that_the_checklist_leaves_out_is_quoted_in_the_version_of_the_checklist(
    cast: Cast, audit: Audit, sign_in: SignIn
) -> None:
    framework = framework_make(cast)
    checks_make(audit, framework)
    Check.objects.filter(audit=audit, requirement__identifier="HB-2").delete()
    edition_make(cast, framework, says="Turn a blind eye to")
    requirement = Requirement.objects.get(framework=framework, identifier="HB-2")
    assert not audit.checks.filter(requirement=requirement).exists()
    finding = finding_make(audit, cast, requirement=requirement)
    assert str(finding.text.edition) == "1.0"
    page = sign_in(cast.auditor).get(finding.get_absolute_url()).content.decode()
    assert "Version 1.0, which the checklist of the audit tests." in page


def test_another_requirement_is_quoted_as_it_is_audited(cast: Cast, audit: Audit) -> None:
    framework = framework_make(cast)
    first, second = Requirement.objects.filter(framework=framework).order_by("identifier")[:2]
    finding = finding_make(audit, cast, requirement=first)
    for requirement in (second, None):
        finding = finding_change(
            finding=finding,
            changes={"requirement": requirement},
            actor=cast.auditor,
            now=NOW,
            version=finding.version,
        )
        assert (finding.text.requirement if finding.text else None) == requirement


@pytest.mark.parametrize("by_check", [True, False])
def test_a_requirement_withdrawn_since_keeps_its_words_and_says_so_in_page_and_report(
    cast: Cast, audit: Audit, sign_in: SignIn, by_check: bool
) -> None:
    framework = framework_make(cast)
    check = checks_make(audit, framework)[2]
    given: dict[str, Any] = {"check": check} if by_check else {"requirement": check.requirement}
    finding = finding_make(audit, cast, **given)
    before = report_content(audit)["findings"]
    edition_make(cast, framework, requirements=2)
    assert report_content(audit)["findings"] == before, "a newer edition alone changes nothing"
    Requirement.objects.filter(pk=check.requirement_id).update(is_withdrawn=True, identifier="HB-3 #9")
    (said,) = report_content(audit)["findings"]
    assert (said["requirement"], said["requirement_title"], said["requirement_text"]) == (
        "HB-3",
        "Duty 3 (withdrawn since, in version 2.0)",
        "Keep watch over duty 3.",
    )
    page = sign_in(cast.unit_lead).get(finding.get_absolute_url()).content.decode()
    for words in ("HB-3", "Duty 3", "(withdrawn since, in version 2.0)", "Keep watch over duty 3."):
        assert words in page, words


@pytest.mark.parametrize("is_gone", [True, False], ids=["gone", "marked"])
def test_the_version_in_which_a_requirement_was_withdrawn_stays_the_same_in_later_ones(
    cast: Cast, audit: Audit, is_gone: bool
) -> None:
    framework = framework_make(cast)
    check = checks_make(audit, framework)[2]
    finding_make(audit, cast, check=check)
    edition_make(cast, framework)  # 2.0 still has it
    third = edition_make(
        cast, framework, requirements=2 if is_gone else 3, withdrawn=[] if is_gone else ["HB-3"]
    )
    Requirement.objects.filter(pk=check.requirement_id).update(is_withdrawn=True)
    before = report_content(audit)
    assert before["findings"][0]["requirement_title"] == "Duty 3 (withdrawn since, in version 3.0)"
    edition_make(cast, framework, requirements=2)
    assert framework.editions.count() == third.number + 1
    assert content_digest(report_content(Audit.objects.get(pk=audit.pk))) == content_digest(before)


def test_the_page_of_a_finding_keeps_the_words_of_a_confidential_framework_to_its_readers(
    cast: Cast, audit: Audit, sign_in: SignIn
) -> None:
    sealed = framework_make(cast, title="Sealed orders")
    finding = finding_make(audit, cast, check=checks_make(audit, sealed)[0])
    Record.objects.filter(pk=sealed.pk).update(confidentiality=Confidentiality.RESTRICTED)
    for person, reads in ((cast.unit_lead, False), (cast.ciso, True)):
        page = sign_in(person).get(finding.get_absolute_url()).content.decode()
        assert "HB-1" in page
        assert ("Keep watch over duty 1." in page) is reads


def test_the_digest_moves_with_what_the_auditors_say_and_with_nothing_else(cast: Cast, audit: Audit) -> None:
    finding = finding_make(audit, cast)
    before = content_digest(report_content(audit))
    action = action_make(finding, cast)
    Action.objects.filter(pk=action.pk).update(state=ActionState.TO_VERIFY)
    Finding.objects.filter(pk=finding.pk).update(
        state=FindingState.ANSWERED, version=9, response="We agree.", whys=["No list"], root_cause="No owner"
    )
    assert content_digest(report_content(audit)) == before
    answer = report_answers(audit).to_findings[finding.reference]
    assert (answer.state, answer.response, answer.root_cause) == ("Answered", "We agree.", "No owner")
    assert [one.state for one in answer.actions] == ["To be verified"]
    Finding.objects.filter(pk=finding.pk).update(evidence="Twelve of forty.")
    assert content_digest(report_content(audit)) != before


@pytest.mark.parametrize("is_restricted", [False, True])
def test_a_confidential_framework_is_named_in_confidential_audits_alone(
    cast: Cast, audit: Audit, is_restricted: bool
) -> None:
    sealed = framework_make(cast, title="Sealed orders", requirements=2)
    check, _other = checks_make(audit, sealed)
    audit.frameworks.set([sealed])
    finding_make(audit, cast, check=check)
    finding_make(audit, cast, requirement=check.requirement)
    Record.objects.filter(pk=sealed.pk).update(confidentiality=Confidentiality.RESTRICTED)
    if is_restricted:
        Record.objects.filter(pk=audit.pk).update(confidentiality=Confidentiality.RESTRICTED)
    said = report_content(Audit.objects.get(pk=audit.pk))
    words = json.dumps(said)
    for name in ("Sealed orders", check.text.title, check.text.statement):
        assert (name in words) is is_restricted, name
    assert check.text.identifier in words, "a check keeps its number"
    named = [said["frameworks"][0], said["coverage"][0]["framework"], said["checks"][0]["framework"]]
    assert named == ["Sealed orders" if is_restricted else "A confidential framework"] * 3


def test_it_takes_as_many_queries_for_many_as_for_few(cast: Cast, audit: Audit) -> None:
    checks = checks_make(audit, framework_make(cast, requirements=30))
    for check in checks[:6]:
        action_make(finding_make(audit, cast, check=check), cast)
    finding_make(audit, cast, requirement=checks[9].requirement)
    fresh = Audit.objects.select_related("unit", "owner", "lead_auditor").get(pk=audit.pk)
    with assert_queries("report-content"):
        assert len(report_content(fresh)["findings"]) == 7
