"""Telling people what became of a finding."""

from collections.abc import Iterable
from datetime import datetime

from audits.models import Finding
from foundation.accounts.models import User
from foundation.notifications.services import NoticeDraft, notices_write

FOR_OWNER = "audits.finding_for_owner"
FOR_AUDITOR = "audits.finding_for_auditor"


def named_in(finding: Finding, *roles: str) -> list[User]:
    """Return who plays parts in a finding today: whoever took them over may not be who its audit names, once that is over."""
    parts = finding.participants.filter(role__in=roles).select_related("user").order_by("pk")
    return list({part.user_id: part.user for part in parts}.values())


def finding_tell(
    *,
    finding: Finding,
    kind: str,
    people: Iterable[User],
    what: str,
    actor: User,
    now: datetime,
    about: str = "",
) -> None:
    """Tell people what became of a finding, in the transaction of the fact; not who did it.

    `about` tells one notice of the same version from another.
    """
    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=person.pk,
                kind=kind,
                dedupe_key=f"{kind}:{finding.pk}:{finding.version}:{about}:{person.pk}",
                record_id=finding.pk,
                payload={
                    "title": finding.title,
                    "reference": finding.reference,
                    "sentence": f"{finding.reference} {what}",
                    "path": finding.get_absolute_url(),
                },
            )
            for person in people
            if person.pk != actor.pk
        ],
        now=now,
    )
