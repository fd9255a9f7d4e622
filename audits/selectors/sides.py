"""Who stands on which side of audits: who judged there, and who answers there."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from audits.choices import EvidenceState, FindingState
from audits.models import Audit, Check, EvidenceRequest, Finding


def sides_read(audits: Sequence[Audit]) -> None:
    """Read for many audits at once what `Audit.answering_ids` and `Audit.judging_ids` would ask one by one; two queries."""
    keys = [audit.pk for audit in audits]
    findings = Finding.objects.filter(audit__in=keys).exclude(state=FindingState.WITHDRAWN)
    asked = EvidenceRequest.objects.filter(audit__in=keys).exclude(state=EvidenceState.WITHDRAWN)
    answering = _people(
        findings.values_list("audit_id", "owner_id"), asked.values_list("audit_id", "owner_id")
    )
    graded = Check.objects.filter(audit__in=keys).exclude(tested_by=None)
    raised = Finding.objects.filter(audit__in=keys)
    judging = _people(
        graded.values_list("audit_id", "tested_by_id"), raised.values_list("audit_id", "created_by_id")
    )
    for audit in audits:
        audit.answering_ids, audit.judging_ids = answering[audit.pk], judging[audit.pk]


def _people(first: Any, second: Any) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for audit, person in first.order_by().union(second.order_by()):
        found[audit].add(person)
    return defaultdict(frozenset, {audit: frozenset(people) for audit, people in found.items()})
