"""The page of a finding, and its steps."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from audits.choices import Grade
from audits.models import Audit, Finding
from audits.services import finding_answer_write
from audits.tests.checks import check_make
from audits.tests.factories import NOW, audit_in, audit_make, finding_make
from compliance.models import Framework
from foundation.actions.services import action_create
from foundation.files.models import File
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_in(cast, auditees=[cast.unit_lead])


def test_the_page_says_it_all(cast: Cast, audit: Audit, framework: Framework, sign_in: SignIn) -> None:
    check = check_make(audit, framework)
    earlier = finding_make(cast, requirement=check.requirement, title="Leavers before")
    finding = finding_make(
        cast, audit, check=check, grade=Grade.MAJOR, evidence="List of May", risk="<b>Fraud</b>"
    )
    answer = {"response": "It is so.", "whys": ["They left"], "root_cause": "No list", "correction": "Closed"}
    finding_answer_write(finding=finding, changes=answer, actor=cast.unit_lead, version=1)
    action = action_create(
        source=finding,
        title="Tell IT on the last day",
        owner=cast.personnel,
        due_on=date(2027, 1, 1),
        actor=cast.auditor,
        now=NOW,
    )
    page = sign_in(cast.auditor).get(finding.get_absolute_url()).text
    for words in (
        "FND-0002",
        "Major nonconformity",
        "Repeat",
        audit.reference,
        "Keep watch over duty 1.",
        "List of May",
        "&lt;b&gt;Fraud&lt;/b&gt;",
        "It is so.",
        "They left",
        "No list",
        "Closed",
        action.reference,
        "Leavers before",
        earlier.reference,
        "raised the finding",
        "/steps/withdraw/",
        "/edit/",
        f"/actions/from/{finding.reference}/new/",
    ):
        assert words in page, words
    form = reverse("audits:finding-answer", args=[finding.reference])
    assert form not in page
    owner = sign_in(cast.unit_lead).get(finding.get_absolute_url()).text
    assert form in owner
    assert "/edit/" not in owner
    assert "/steps/withdraw/" not in owner
    assert "/steps/answer/" in owner


def test_an_owner_sees_the_finding_and_not_its_audit(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, title="Quiet matter", confidentiality="restricted")
    finding = finding_make(cast, audit, owner=cast.outsider)
    page = sign_in(cast.outsider).get(finding.get_absolute_url()).text
    assert "Quiet matter" not in page
    assert f"/audits/{audit.reference}/" not in page
    assert "You have not answered yet." in page
    assert sign_in(cast.unit_lead).get(finding.get_absolute_url()).status_code == 404


def test_the_evidence_of_the_check_is_there_for_who_sees_the_audit(
    cast: Cast, audit: Audit, framework: Framework, sign_in: SignIn
) -> None:
    check = check_make(audit, framework)
    file = File.objects.create(record_id=audit.pk, added_by=cast.auditor, added_at=NOW)
    version = file.versions.create(
        number=1,
        name="list-of-may.pdf",
        size=1,
        sha256="0" * 64,
        uploaded_by=cast.auditor,
        uploaded_at=NOW,
        storage_key="k",
    )
    check.evidence.add(file, through_defaults={"version": version})
    finding = finding_make(cast, audit, check=check, owner=cast.outsider)
    assert "list-of-may.pdf" in sign_in(cast.auditor).get(finding.get_absolute_url()).text
    assert "list-of-may.pdf" not in sign_in(cast.outsider).get(finding.get_absolute_url()).text


def test_auditors_are_told_what_stands_before_the_next_step(
    cast: Cast, audit: Audit, sign_in: SignIn
) -> None:
    finding = finding_make(cast, audit)
    page = finding.get_absolute_url()
    auditor, owner = sign_in(cast.auditor), sign_in(cast.unit_lead)
    title = "Before it can go on"
    assert title not in auditor.get(page).text, "its owner is to answer first"
    answer = {"response": "So it is.", "root_cause": "Nobody looked."}
    finding_answer_write(finding=finding, changes=answer, actor=cast.unit_lead, version=finding.version)
    apply_transition(record=finding, name="answer", actor=cast.unit_lead, now=NOW)
    assert title in auditor.get(page).text
    assert "Agree on a corrective action first" in auditor.get(page).text
    assert "To be looked at" in auditor.get(page).text
    assert title not in owner.get(page).text
    action_create(
        source=finding,
        title="Fix",
        owner=cast.personnel,
        due_on=date(2027, 1, 1),
        actor=cast.auditor,
        now=NOW,
    )
    assert title not in auditor.get(page).text
    apply_transition(record=finding, name="agree", actor=cast.auditor, now=NOW)
    assert "Actions are still to be done or verified: ACT-0001." in auditor.get(page).text
    assert title not in owner.get(page).text


def test_query_counts(cast: Cast, audit: Audit, framework: Framework, sign_in: SignIn) -> None:
    check = check_make(audit, framework)
    finding_make(cast, requirement=check.requirement)
    finding = finding_make(cast, audit, check=check)
    action_create(
        source=finding,
        title="Fix",
        owner=cast.personnel,
        due_on=date(2027, 1, 1),
        actor=cast.auditor,
        now=NOW,
    )
    browser = sign_in(cast.auditor)
    browser.get(finding.get_absolute_url())
    with assert_queries("finding-detail"):
        assert browser.get(finding.get_absolute_url()).status_code == 200
    with assert_queries("finding-history"):
        assert browser.get(finding.get_absolute_url() + "history/").status_code == 200
    finding_answer_write(
        finding=finding,
        changes={"response": "So it is.", "root_cause": "Nobody looked."},
        actor=cast.unit_lead,
        version=finding.version,
    )
    apply_transition(record=finding, name="answer", actor=cast.unit_lead, now=NOW)
    with assert_queries("finding-answered"):
        assert browser.get(finding.get_absolute_url()).status_code == 200
    with assert_queries("audit-findings"):
        assert browser.get(audit.get_absolute_url() + "findings/").status_code == 200


# Its steps


def test_a_step_is_taken_and_refused_on_its_page(cast: Cast, sign_in: SignIn) -> None:
    finding = finding_make(cast)
    steps = [
        reverse("audits:finding-transition", args=[finding.reference, name])
        for name in ("withdraw", "answer")
    ]
    assert "not written yet" in sign_in(cast.unit_lead).get(steps[1]).text
    browser = sign_in(cast.auditor)
    assert steps[1] not in browser.get(finding.get_absolute_url()).text
    refused = browser.get(steps[1])
    assert (refused.status_code, f"This is up to {cast.unit_lead} alone." in refused.text) == (403, True)
    assert browser.post(steps[1], {"comment": ""}).status_code == 403
    assert browser.get(steps[0]).status_code == 200
    assert browser.post(steps[0], {"comment": ""}).status_code == 422
    assert browser.post(steps[0], {"comment": "Seen twice"}).status_code == 302
    assert Finding.objects.get().state == "withdrawn"
    assert (
        browser.get(
            reverse("audits:finding-transition", args=[finding.reference, "reopen_by_action"])
        ).status_code
        == 404
    )
    assert "no longer possible" in sign_in(cast.unit_lead).get(steps[0]).text


def test_what_waits_for_my_answer_is_on_my_desk(cast: Cast, sign_in: SignIn) -> None:
    finding_make(cast)
    assert "Accounts of leavers stay open" in sign_in(cast.unit_lead).get("/").text
