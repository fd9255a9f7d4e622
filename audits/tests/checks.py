"""Makes checklists for tests."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from audits.choices import AuditState
from audits.models import Audit, Check
from audits.services import check_save, checks_add
from audits.tests.factories import NOW, audit_make
from compliance.models import Framework, RequirementText
from compliance.tests.factories import framework_make
from foundation.accounts.models import User
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast

STEPS = ("prepare", "start_fieldwork", "start_reporting")


def texts_of(framework: Framework) -> list[int]:
    """Return the keys of what a framework requires today, in order."""
    assert framework.current is not None
    texts = RequirementText.objects.filter(edition=framework.current).testable().order_by("position")
    return list(texts.values_list("pk", flat=True))


def audit_with_checks(
    cast: Cast, *, count: int = 3, state: str = AuditState.FIELDWORK, **values: Any
) -> Audit:
    """Plan an audit of payments with checks HB-1, HB-2, … and take it as far as a state up to reporting."""
    audit = audit_make(cast, **values)
    framework = framework_make(cast, title=f"Harbour baseline {audit.reference}", requirements=count)
    checks_add(audit=audit, texts=texts_of(framework), actor=cast.auditor, now=NOW)
    return audit_take_to(cast, audit, state)


def audit_take_to(cast: Cast, audit: Audit, state: str) -> Audit:
    """Take an audit as far as a state, by its lead."""
    way = [AuditState.PLANNED, AuditState.PREPARING, AuditState.FIELDWORK, AuditState.REPORTING]
    for name in STEPS[way.index(AuditState(audit.state)) : way.index(AuditState(state))]:
        apply_transition(record=audit, name=name, actor=cast.auditor, now=NOW)
        audit.refresh_from_db()
    return audit


def audit_half_tested(cast: Cast) -> Audit:
    """Plan an audit in its fieldwork, with six checks, of which the first is tested."""
    made = audit_with_checks(cast, count=6)
    saved(first_check(made), cast.auditor, result="minor", notes="Two of ten accounts")
    return made


def first_check(audit: Audit) -> Check:
    """Return the first check of an audit."""
    found: Check = audit.checks.order_by("position")[0]
    return found


def saved(check: Check, actor: User, *, now: datetime = NOW, **values: Any) -> Check:
    """Save fields of a check as somebody who has just read it."""
    check.refresh_from_db()
    given: Mapping[str, Any] = values
    return check_save(check=check, values=given, version=check.version, actor=actor, now=now).check


def check_make(audit: Audit, framework: Framework) -> Check:
    """Put HB-1 of a framework on an audit's checklist, as a check that its lead found to fall gravely short."""
    text = RequirementText.objects.filter(edition=framework.current, identifier="HB-1").get()
    return Check.objects.create(
        audit=audit,
        text=text,
        requirement=text.requirement,
        position=1,
        result="major",
        notes="Seen thrice",
        tested_by=audit.lead_auditor,
        tested_at=NOW,
    )
