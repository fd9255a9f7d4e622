"""Who does the auditors' part on a finding, and on an answer to a request for evidence: always somebody who may, while there is anybody.

The one rule by which dates, notices and pages name a person on that side. It is read anew each time: people leave, roles end
by themselves, and an auditor moves into the unit, or comes to answer there.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Prefetch

from audits.choices import AUDIT_OWNER, EVIDENCE_ASKER, AuditRole
from audits.models import EvidenceRequest, Finding
from audits.permissions import auditor_refusal, evidence_judging_refusal, is_auditor_of
from audits.selectors.sides import sides_read
from foundation.accounts.access import accesses_read
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import people_with_right
from foundation.records.models import Participant
from foundation.records.selectors import pairs_that_see


@dataclass(frozen=True)
class SeenTo:
    """Who sees to something for the auditors; `may` is false where nobody may: then it stays with who leads, or owns, the audit."""

    person: User
    may: bool = True


NAMED = Prefetch("participants", queryset=Participant.objects.select_related("user").order_by("pk"))


def finding_auditors(keys: Collection[int], now: datetime) -> dict[int, SeenTo]:
    """Return who sees to findings for the auditors, by the key of the finding.

    Who leads there today, as the finding names them: its audit may be over, and the part have been taken over since. Else the
    audit's owner, where that is one of its auditors; else a CISO who covers the unit. Seven queries for all of them, and one
    for each whose unit is asked for a CISO.
    """
    found = Finding.objects.filter(pk__in=keys).select_related(
        "unit", "audit__unit", "audit__lead_auditor", "audit__owner"
    )
    findings = list(found.prefetch_related(NAMED))
    sides_read([finding.audit for finding in findings])
    wanted = {one.pk: [*playing(one, AuditRole.LEAD), *playing(one, AUDIT_OWNER)] for one in findings}
    _read(wanted.values(), now)
    return {
        one.pk: _first_who_may(one, wanted[one.pk], partial(auditor_refusal, finding=one), now)
        for one in findings
    }


def evidence_judges(keys: Collection[int], now: datetime) -> dict[int, SeenTo]:
    """Return who looks at the answers to requests for evidence, by the key of the request.

    Who asked, or took that over; else who leads the audit; else its owner, where that is one of its auditors; else a CISO who
    covers the unit; never who gave the answer. As many queries as of findings, and one more.
    """
    found = EvidenceRequest.objects.filter(pk__in=keys)
    found = found.select_related("unit", "audit__unit", "audit__lead_auditor", "audit__owner")
    requests = list(found.prefetch_related(NAMED, "audit__participants"))
    sides_read([request.audit for request in requests])
    wanted = {
        one.pk: [
            *playing(one, EVIDENCE_ASKER),
            one.audit.lead_auditor,
            *playing(one, AUDIT_OWNER),
        ]
        for one in requests
    }
    _read(wanted.values(), now)
    return {
        one.pk: _first_who_may(
            one,
            wanted[one.pk],
            partial(evidence_judging_refusal, request=one),
            now,
        )
        for one in requests
    }


def finding_auditor(finding: Finding, now: datetime) -> User:
    """Return who sees to a finding for the auditors: `finding_auditors()`, of one."""
    return finding_auditors([finding.pk], now)[finding.pk].person


def evidence_judge(request: EvidenceRequest, now: datetime) -> User:
    """Return who looks at the answer to a request for evidence: `evidence_judges()`, of one."""
    return evidence_judges([request.pk], now)[request.pk].person


def playing(record: Finding | EvidenceRequest, role: str) -> list[User]:
    """Return who plays a part in what belongs to an audit and is still there; reads its participants, which pages have prefetched."""
    return [part.user for part in record.participants.all() if part.role == role and part.user.is_active]


def _read(wanted: Iterable[Iterable[User]], now: datetime) -> None:
    accesses_read([person for people in wanted for person in people], now)


def _first_who_may(
    record: Finding | EvidenceRequest,
    wanted: Iterable[User],
    refusal: Callable[..., str | None],
    now: datetime,
) -> SeenTo:
    """Return the first of these people who may do the auditors' part, else a CISO who may, else who leads or owns the audit and is there."""
    for person in wanted:
        if person.is_active and is_auditor_of(person, record) and refusal(user=person) is None:
            return SeenTo(person)
    for person in _officers(record, now):
        if refusal(user=person) is None:
            return SeenTo(person)
    lead: User = record.audit.lead_auditor
    owner: User = record.audit.owner
    return SeenTo(owner if owner.is_active and not lead.is_active else lead, may=False)


def auditor_namers(record: Finding | EvidenceRequest, now: datetime) -> list[User]:
    """Return who is told that nobody may see to something for the auditors: the audit's owner and the CISOs, as far as they see it."""
    people = {one.pk: one for one in (record.audit.owner, *_officers(record, now)) if one.is_active}
    sees = pairs_that_see({(record.pk, key) for key in people}, on=organisation_day(now))
    return [person for key, person in people.items() if (record.pk, key) in sees]


def _officers(record: Finding | EvidenceRequest, now: datetime) -> Iterable[User]:
    """Return the CISOs who cover the unit; one query."""
    on = organisation_day(now)
    officers = people_with_right(right="records.view_restricted", unit=record.unit, on=on)
    runs = people_with_right(right="audits.run", unit=record.unit, on=on).order_by()
    return officers.filter(pk__in=runs.values("pk"))
