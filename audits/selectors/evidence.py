"""Reads of requests for evidence: for their pages, for their audit, and for its checklist."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from audits.choices import EVIDENCE_ASKER, WAITING_EVIDENCE_STATES, EvidenceState
from audits.models import Audit, EvidenceListing, EvidenceRequest
from audits.querysets import EvidenceListingQuerySet
from audits.selectors.auditors import playing
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.files.selectors import FileLine, files_of
from foundation.records.models import Participant


def evidence_with_people(user: Any) -> QuerySet[EvidenceRequest]:
    """Return the requests that a person may know of, with all that their pages and steps look at, by three queries."""
    found: QuerySet[EvidenceRequest] = (
        EvidenceRequest.objects.visible_to(user)
        .select_related("unit", "owner", "created_by", "answered_by", "audit__unit", "audit__lead_auditor")
        .prefetch_related(
            Prefetch("participants", queryset=Participant.objects.select_related("user")),
            Prefetch("audit__participants", queryset=Participant.objects.all()),
        )
    )
    return found


def asker_of(request: EvidenceRequest) -> User:
    """Return who asks for it today: who did, or took that over; else who leads the audit. Reads what pages have prefetched.

    Who looks at the answer may be another by then: `evidence_judge()`.
    """
    asking = playing(request, EVIDENCE_ASKER)
    asker: User = asking[0] if asking else request.audit.lead_auditor
    return asker


def evidence_of(audit: Audit, user: User) -> EvidenceListingQuerySet:
    """Return the requests of an audit that a person may know of: who is asked sees the own ones alone."""
    rows: EvidenceListingQuerySet = EvidenceListing.objects.visible_to(user).unarchived().filter(audit=audit)
    return rows


def answer_lines(request: EvidenceRequest, user: User) -> list[FileLine]:
    """Return the files of a request: once answered, in the versions that were sent, else as they are. One query."""
    if request.state in WAITING_EVIDENCE_STATES or request.state == EvidenceState.WITHDRAWN:
        return [line for line in files_of(request, user) if not line.file.is_withdrawn]
    sent = request.answer_files.of(request, user).select_related("file", "uploaded_by")
    return [FileLine(version.file, version) for version in sent.order_by("-uploaded_at", "-pk")]


def evidence_late(user: User, now: datetime) -> EvidenceListingQuerySet:
    """Return what a person is asked for and has not answered although its day is over."""
    rows: EvidenceListingQuerySet = EvidenceListing.objects.unarchived().late(organisation_day(now))
    return rows.filter(owner=user)


def templates_for(audit: Audit, user: User) -> QuerySet[Audit]:
    """Return the audits, besides one, whose requests a person may take as a template, the latest first.

    Those alone in which the person sees requests that others were asked: who was asked has no template to take.
    """
    seen = EvidenceListing.objects.visible_to(user).unarchived().exclude(Q(owner=user) | Q(audit=audit))
    visible: QuerySet[Audit] = Audit.objects.visible_to(user).filter(pk__in=seen.values("audit"))
    return visible.order_by("-starts_on", "-pk")


def evidence_template(source: Audit, user: User) -> list[tuple[str, str]]:
    """Return what was asked for in an audit, in words and with the details, each once, as far as the person may know of it."""
    rows = EvidenceRequest.objects.visible_to(user).filter(audit=source)
    asked = rows.exclude(state=EvidenceState.WITHDRAWN).order_by("pk").values_list("title", "description")
    return list(dict(asked).items())
