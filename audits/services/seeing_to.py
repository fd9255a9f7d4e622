"""What waits for the auditors waits for somebody who may see to it: looked at again, since nobody tells when that ends."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction

from audits.models import EvidenceRequest, Finding
from audits.selectors import evidence_judges, finding_auditors
from audits.services.evidence_judges import REVIEW as EVIDENCE_REVIEW
from audits.services.evidence_judges import reviews_follow
from audits.services.finding_waiting import OF_FINDINGS, finding_auditor_follow
from audits.services.of_audits import evidence_audit_hold, finding_audit_hold
from foundation.deadlines.models import Deadline

AT_ONCE = 500
WITH_STATE = (
    "self",
    "record_ptr",
)  # who waited for a step reads on with its outcome: the state lies in the record


def auditors_lost(*, now: datetime) -> Iterator[int]:
    """Return the keys of the findings, and of the requests for evidence, whose date waits for another than who sees to it now.

    Roles end by themselves, people move into the audited unit, or come to answer there. About ten queries for each 500.
    """
    for kinds, people_of in ((OF_FINDINGS, finding_auditors), ((EVIDENCE_REVIEW,), evidence_judges)):
        rows = Deadline.objects.open().filter(kind__in=kinds, record__archived_at__isnull=True)
        waiting = iter(rows.order_by("pk").values_list("record_id", "assignee_id", "is_stuck"))
        while held := {key: (person, is_stuck) for key, person, is_stuck in islice(waiting, AT_ONCE)}:
            people = people_of(held.keys(), now)
            yield from (key for key, seen in people.items() if (seen.person.pk, not seen.may) != held[key])


@transaction.atomic
def auditor_look(*, key: int, now: datetime) -> bool:
    """Let one of these wait for who sees to it now, and tell the person; tell whether that is another than before.

    Where nobody may, who can change that is told, once.
    """
    is_finding = Finding.objects.filter(pk=key).exists()
    return _finding_look(key, now) if is_finding else _request_look(key, now)


def _finding_look(key: int, now: datetime) -> bool:
    finding_audit_hold(key)
    locked = Finding.objects.select_for_update(of=WITH_STATE)
    finding = locked.select_related("owner", "audit__owner", "unit").get(pk=key)
    return finding_auditor_follow(finding=finding, actor=None, now=now)


def _request_look(key: int, now: datetime) -> bool:
    evidence_audit_hold(key)
    locked = EvidenceRequest.objects.select_for_update(of=WITH_STATE)
    request = locked.select_related("audit__owner", "unit").get(pk=key)
    return bool(reviews_follow(requests=[request], now=now))
