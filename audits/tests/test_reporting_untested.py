"""What a report says of checks that were not tested."""

import pytest

from audits.choices import CheckResult
from audits.tests.reports import audit_full
from audits.tests.test_reporting import issue_of, pdf_of
from foundation.documents.tests.test_typesetting import text_of
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("second", "is_told"), [("No access that week", True), ("", False)])
def test_a_report_says_how_much_was_not_tested_and_why(cast: Cast, second: str, is_told: bool) -> None:
    audit = audit_full(cast, checks=4, findings=1)
    reasons = ("The site was closed", second, "Of an earlier result", "")
    for place, (check, reason) in enumerate(zip(audit.checks.order_by("position"), reasons, strict=True)):
        result = CheckResult.NOT_TESTED if place < 2 else CheckResult.CONFORMS
        tested = (cast.auditor, audit.created_at) if reason or place == 3 else (None, None)
        audit.checks.filter(pk=check.pk).update(
            result=result, reason=reason, tested_by=tested[0], tested_at=tested[1]
        )
    text = text_of(pdf_of(issue_of(audit)))
    assert "2 checks were not tested." in text
    assert ("The annex says why." in text) == is_told
    assert "The site was closed" in text
    assert "Of an earlier result" not in text
