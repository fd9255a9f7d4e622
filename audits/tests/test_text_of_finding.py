"""The text that a finding keeps is of the requirement that it names: the database sees to it."""

import pytest
from django.db import IntegrityError, transaction

from audits.models import Finding
from audits.services import finding_change
from audits.tests.factories import NOW, finding_make
from compliance.models import RequirementText
from compliance.tests.factories import framework_make
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
RULE = "is not of its requirement"


def test_no_other_text_and_no_other_requirement_alone(cast: Cast) -> None:
    framework = framework_make(cast)
    first, second = framework.requirements.filter(identifier__in=["HB-1", "HB-2"]).order_by("identifier")
    finding = finding_make(cast, requirement=first)
    assert finding.text is not None
    assert finding.text.requirement == first
    rows = Finding.objects.filter(pk=finding.pk)
    with pytest.raises(IntegrityError, match=RULE), transaction.atomic():
        rows.update(text=RequirementText.objects.get(requirement=second))
    with pytest.raises(IntegrityError, match=RULE), transaction.atomic():
        rows.update(requirement=second)
    changed = finding_change(
        finding=finding, changes={"requirement": second}, actor=cast.auditor, now=NOW, version=finding.version
    )
    assert changed.text is not None
    assert changed.text.requirement == second
