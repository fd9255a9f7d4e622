"""Who stands on which side of audits: who judged there, and who answers there."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from audits.models import Audit, Check, EvidenceRequest, Finding


def answers_annotated() -> dict[str, Any]:
    """Return what `Audit.answers_awaited` reads of audits that are fetched with it, so that a page needs no query for it."""

    def of(model: type[Finding] | type[EvidenceRequest]) -> ArraySubquery:
        rows = model.objects.filter(audit=OuterRef("pk")).order_by("pk")
        return ArraySubquery(rows.values_list(JSONObject(owner="owner_id", state="state", kind="kind")))

    return {"finding_answers": of(Finding), "evidence_answers": of(EvidenceRequest)}


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
