"""Who does the auditors' part on a finding, and on an answer to a request for evidence: somebody who may, while there is anybody.

The one rule by which dates, notices and pages name a person on that side. It is read anew each time: people leave, roles end
by themselves, and an auditor moves into the unit, or comes to answer there.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Prefetch

from audits.choices import AUDIT_OWNER, EVIDENCE_ASKER, AuditRole
from audits.models import EvidenceRequest, Finding
from audits.permissions import auditor_refusal, evidence_judging_refusal, is_auditor_of
from audits.selectors.sides import sides_read
from foundation.accounts.access import access_of, accesses_read
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import OFFICER, holders_read, officers_in, role_seers
from foundation.records.models import Participant
from foundation.records.selectors import pairs_that_see


@dataclass(frozen=True)
class SeenTo:
    """Who sees to something for the auditors; where nobody may (`may` is false), that is who sees to it that somebody else is given a role."""

    person: User
    may: bool = True


RUNS = "audits.run"
Judged = Finding | EvidenceRequest
NAMED = Prefetch("participants", queryset=Participant.objects.select_related("user").order_by("pk"))


def finding_auditors(keys: Collection[int], now: datetime) -> dict[int, SeenTo]:
    """Return who sees to findings for the auditors, by the key of the finding.

    Who leads there today, as the finding names them: its audit may be over, and the part have been taken over since. Else the
    audit's owner, where that is one of its auditors; else a CISO who covers the unit; else anybody who may. Seven queries for
    all of them, and a few more where those named may not.
    """
    found = Finding.objects.filter(pk__in=keys).select_related(
        "unit", "audit__unit", "audit__lead_auditor", "audit__owner"
    )
    findings = list(found.prefetch_related(NAMED))
    sides_read([finding.audit for finding in findings])
    wanted = {one.pk: [*playing(one, AuditRole.LEAD), *playing(one, AUDIT_OWNER)] for one in findings}
    _read(wanted.values(), now)
    return _seen_to(findings, wanted, lambda one: partial(auditor_refusal, finding=one), now)


def evidence_judges(keys: Collection[int], now: datetime) -> dict[int, SeenTo]:
    """Return who looks at the answers to requests for evidence, by the key of the request.

    Who asked, or took that over; else who leads the audit; else its owner, where that is one of its auditors; else a CISO who
    covers the unit; else anybody who may; never who gave the answer. As many queries as of findings, and one more.
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
    return _seen_to(requests, wanted, lambda one: partial(evidence_judging_refusal, request=one), now)


def finding_auditor(finding: Finding, now: datetime) -> SeenTo:
    """Return who sees to a finding for the auditors: `finding_auditors()`, of one."""
    return finding_auditors([finding.pk], now)[finding.pk]


def evidence_judge(request: EvidenceRequest, now: datetime) -> SeenTo:
    """Return who looks at the answer to a request for evidence: `evidence_judges()`, of one."""
    return evidence_judges([request.pk], now)[request.pk]


def playing(record: Finding | EvidenceRequest, role: str) -> list[User]:
    """Return who plays a part in what belongs to an audit and is still there; reads its participants, which pages have prefetched."""
    return [part.user for part in record.participants.all() if part.role == role and part.user.is_active]


def _read(wanted: Iterable[Iterable[User]], now: datetime) -> None:
    accesses_read([person for people in wanted for person in people], now)


def _seen_to(
    records: Sequence[Judged],
    wanted: Mapping[int, Iterable[User]],
    refusal_of: Callable[[Any], Callable[..., str | None]],
    now: datetime,
) -> dict[int, SeenTo]:
    """Return the first of these people who may do the auditors' part on each, else a CISO who may, else anybody who may and knows of it.

    Where nobody may, who gives roles there; where it is restricted a CISO, who may know of it.
    """
    refusals = {one.pk: refusal_of(one) for one in records}
    found = {
        one.pk: SeenTo(person)
        for one in records
        if (person := _first(one, wanted[one.pk], refusals[one.pk], is_auditor_of))
    }
    left = [one for one in records if one.pk not in found]
    if not left:
        return found
    others = holders_read(RUNS, now)
    pairs = {(one.pk, person.pk) for one in left if one.is_restricted for person in others}
    seen = pairs_that_see(pairs, on=organisation_day(now)) if pairs else set()

    def may(person: User, record: Judged) -> bool:
        knows = not record.is_restricted or (record.pk, person.pk) in seen
        return knows and access_of(person, now).has(RUNS, record.unit_id)

    for one in left:
        people = sorted(others, key=lambda person: not access_of(person, now).has(OFFICER, one.unit_id))
        team = playing(one, AuditRole.TEAM)
        if person := _first(one, people, refusals[one.pk], may) or _first(
            one, team, refusals[one.pk], is_auditor_of
        ):
            found[one.pk] = SeenTo(person)
    seer = role_seers(now)
    for one in left:
        if one.pk not in found:
            sees_to_it = seer(one.unit_id, one.is_restricted) or one.audit.lead_auditor
            found[one.pk] = SeenTo(sees_to_it, may=False)
    return found


def _first(
    record: Judged,
    people: Iterable[User],
    refusal: Callable[..., str | None],
    may: Callable[[User, Judged], bool],
) -> User | None:
    return next(
        (one for one in people if one.is_active and may(one, record) and refusal(user=one) is None), None
    )


def auditor_namers(record: Finding | EvidenceRequest, now: datetime) -> list[User]:
    """Return who is told that nobody may see to something for the auditors: the audit's owner and the CISOs, as far as they see it."""
    officers = officers_in(record.unit_id, now)
    people = {one.pk: one for one in (record.audit.owner, *officers) if one.is_active}
    sees = pairs_that_see({(record.pk, key) for key in people}, on=organisation_day(now))
    return [person for key, person in people.items() if (record.pk, key) in sees]
