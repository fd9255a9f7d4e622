"""What waits for the auditors waits for somebody who may see to it: looked at again, since nobody tells when that ends."""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.models import EvidenceRequest, Finding
from audits.selectors import auditor_namers, evidence_judges, finding_auditors
from audits.services.evidence_judges import REVIEW as EVIDENCE_REVIEW
from audits.services.evidence_judges import reviews_follow
from audits.services.evidence_notices import ANSWERED, evidence_tell
from audits.services.finding_dates import CLOSING, finding_dates_follow
from audits.services.finding_dates import REVIEW as FINDING_REVIEW
from audits.services.finding_notices import FOR_AUDITOR, NOBODY_SEES_TO, finding_tell
from audits.services.of_audits import evidence_audit_hold, finding_audit_hold
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.deadlines.models import Deadline

AT_ONCE = 500
WITH_STATE = (
    "self",
    "record_ptr",
)  # who waited for a step reads on with its outcome: the state lies in the record
NOBODY = lazy("Waits for the auditors, and nobody may see to it now: name somebody who may.")
OF_FINDINGS = (FINDING_REVIEW, CLOSING)


def auditors_lost(*, now: datetime) -> Iterator[int]:
    """Return the keys of the findings, and of the requests for evidence, whose date waits for another than who sees to it now, or that nobody may see to.

    Roles end by themselves, people move into the audited unit, or come to answer there. About ten queries for each 500.
    """
    for kinds, people_of in ((OF_FINDINGS, finding_auditors), ((EVIDENCE_REVIEW,), evidence_judges)):
        rows = Deadline.objects.open().filter(kind__in=kinds, record__archived_at__isnull=True)
        waiting = iter(rows.order_by("pk").values_list("record_id", "assignee_id"))
        while assigned := dict(islice(waiting, AT_ONCE)):
            people = people_of(assigned.keys(), now)
            yield from (
                key for key, seen in people.items() if not seen.may or seen.person.pk != assigned[key]
            )


@transaction.atomic
def auditor_look(*, key: int, now: datetime) -> bool:
    """Let one of these wait for who sees to it now, and tell the person; tell whether that is another than before.

    Where nobody may, the audit's owner and the CISOs are told, once for each version of the record.
    """
    is_finding = Finding.objects.filter(pk=key).exists()
    return _finding_look(key, now) if is_finding else _request_look(key, now)


def _finding_look(key: int, now: datetime) -> bool:
    finding_audit_hold(key)
    locked = Finding.objects.select_for_update(of=WITH_STATE)
    finding = locked.select_related("owner", "audit").get(pk=key)
    before = _waited_for(key, OF_FINDINGS)
    finding_dates_follow(finding=finding, now=now)
    new = _waited_for(key, OF_FINDINGS) - before
    if not finding_auditors([key], now)[key].may:
        namers = auditor_namers(finding, now)
        finding_tell(
            finding=finding,
            kind=NOBODY_SEES_TO,
            people=namers,
            what=str(NOBODY),
            actor=None,
            now=now,
            about="nobody",
        )
        return bool(new)
    finding_tell(
        finding=finding,
        kind=FOR_AUDITOR,
        people=new,
        what=_("Waits for you: who was to see to it can't any more."),
        actor=None,
        now=now,
        about=f"seen_to:{organisation_day(now)}",
    )
    return bool(new)


def _request_look(key: int, now: datetime) -> bool:
    evidence_audit_hold(key)
    request = EvidenceRequest.objects.select_for_update(of=WITH_STATE).get(pk=key)
    before = _waited_for(key, (EVIDENCE_REVIEW,))
    reviews_follow(requests=[request], now=now)
    new = _waited_for(key, (EVIDENCE_REVIEW,)) - before
    if not evidence_judges([key], now)[key].may:
        namers = auditor_namers(request, now)
        evidence_tell(
            requests=[request],
            kind=NOBODY_SEES_TO,
            people_of=lambda one: namers,
            what=str(NOBODY),
            actor=None,
            now=now,
            about="nobody",
        )
        return bool(new)
    evidence_tell(
        requests=[request],
        kind=ANSWERED,
        people_of=lambda one: new,
        what=_("Answered, and waits for you: who was to look at it can't any more."),
        actor=None,
        now=now,
        about=f"seen_to:{organisation_day(now)}",
    )
    return bool(new)


def _waited_for(key: int, kinds: Collection[str]) -> set[User]:
    dates = Deadline.objects.open().filter(record=key, kind__in=kinds)
    return {date.assignee for date in dates.select_related("assignee")}
