"""What the mails of audits say: each names what it is about once, what is to be done, and by when."""

from datetime import date

import pytest

from audits.models import Audit
from audits.tests.factories import (
    NOW,
    audit_in,
    audit_make,
    evidence_answered,
    evidence_make,
    finding_make,
    report_submit,
)
from foundation.accounts.models import User
from foundation.lifecycle.services import apply_transition
from foundation.notifications.models import Mail
from foundation.notifications.services import mails_compose
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def mail_to(person: User) -> Mail:
    """Return the one mail that a person gets by now."""
    mails_compose(now=NOW)
    return Mail.objects.get(recipient=person)


def assert_reads_well(mail: Mail, reference: str, sentence: str) -> None:
    assert mail.subject.count(reference) == 1, mail.subject
    assert all(line.count(reference) <= 1 for line in mail.text.splitlines()), mail.text
    assert f"\n  {sentence}\n" in mail.text
    assert f"{reference}</span> · {sentence}</p>" in mail.html


def test_a_finding_that_was_raised(cast: Cast) -> None:
    finding = finding_make(cast, audit_in(cast), owner=cast.personnel, answer_due_on=date(2026, 12, 3))
    mail = mail_to(cast.personnel)
    assert mail.subject == f"{finding.title} (FND-0001): Raised, and waits for your answer, in 10 days"
    assert_reads_well(mail, "FND-0001", "Raised, and waits for your answer.")
    assert "Due: Thursday 3 December 2026, in 10 days" in mail.text


def test_evidence_that_is_asked_for(cast: Cast) -> None:
    request = evidence_make(cast, audit_in(cast))
    mail = mail_to(cast.personnel)
    assert mail.subject == f"{request.title} (EVR-0001): Needed for an audit: please answer it, in 11 days"
    assert_reads_well(mail, "EVR-0001", "Needed for an audit: please answer it.")
    assert "Due: Friday 4 December 2026, in 11 days" in mail.text


def test_evidence_that_is_returned(cast: Cast) -> None:
    request = evidence_answered(cast, evidence_make(cast, audit_in(cast)))
    apply_transition(record=request, name="return", actor=cast.auditor, now=NOW, comment="The list is old")
    mail = mail_to(cast.personnel)  # of this alone: that it was asked for is told by it
    assert mail.subject.endswith(": Returned, since something is missing: please answer it again, in 11 days")
    assert_reads_well(mail, "EVR-0001", "Returned, since something is missing: please answer it again.")


def test_evidence_that_is_not_needed_any_more_has_no_date(cast: Cast) -> None:
    request = evidence_make(cast, audit_in(cast))
    mails_compose(now=NOW)
    Mail.objects.all().delete()
    apply_transition(record=request, name="withdraw", actor=cast.auditor, now=NOW, comment="Found it")
    mail = mail_to(cast.personnel)
    assert_reads_well(mail, "EVR-0001", "No longer needed.")
    assert "Due" not in mail.text


def test_a_report_that_waits_for_its_approval(cast: Cast) -> None:
    audit = audit_make(cast)
    for step in ("prepare", "start_fieldwork", "start_reporting"):
        apply_transition(record=audit, name=step, actor=cast.analyst, now=NOW)
    report_submit(Audit.objects.get(pk=audit.pk), cast)
    mail = mail_to(cast.ciso)
    assert mail.subject == "Payment gateway access review (AUD-0001): Waits for your decision."
    assert_reads_well(mail, "AUD-0001", "Waits for your decision.")
