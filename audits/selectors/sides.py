"""Who stands on which side of audits: who judged there, and who answers there."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import JSONField

from audits.models import Audit, Check, EvidenceRequest, Finding
from foundation.records.written import Written

ANSWERS = """COALESCE((
    SELECT jsonb_agg(jsonb_build_array(answered.owner_id, answered.state, answered.kind) ORDER BY answered.id)
    FROM (
        SELECT record_ptr_id AS key FROM audits_finding WHERE audit_id = {audit}
        UNION ALL SELECT record_ptr_id FROM audits_evidencerequest WHERE audit_id = {audit}
    ) AS asked JOIN records_record AS answered ON answered.id = asked.key
), '[]')"""


def answers_annotated() -> dict[str, Any]:
    """Return what `Audit.answers_awaited` reads of audits that are fetched with it, so that a page needs no query for it."""

    return {"answers_read": Written(ANSWERS, {"audit": "pk"}, output_field=JSONField())}


def sides_read(audits: Sequence[Audit]) -> None:
    """Read for many audits at once what `Audit.answers_awaited` and `Audit.judging_ids` would ask one by one; two queries."""
    keys = [audit.pk for audit in audits]
    columns = ("audit_id", "owner_id", "state", "kind")
    findings = Finding.objects.filter(audit__in=keys).values_list(*columns).order_by()
    asked = EvidenceRequest.objects.filter(audit__in=keys).values_list(*columns).order_by()
    answering: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for audit_id, owner_id, state, kind in findings.union(asked, all=True):
        answering[audit_id].append((owner_id, state, kind))
    graded = (
        Check.objects.filter(audit__in=keys).exclude(tested_by=None).values_list("audit_id", "tested_by_id")
    )
    raised = Finding.objects.filter(audit__in=keys).values_list("audit_id", "created_by_id")
    judging: dict[int, set[int]] = defaultdict(set)
    for audit_id, person_id in graded.order_by().union(raised.order_by()):
        judging[audit_id].add(person_id)
    for audit in audits:
        audit.answers_awaited = tuple(answering[audit.pk])
        audit.judging_ids = frozenset(judging[audit.pk])
