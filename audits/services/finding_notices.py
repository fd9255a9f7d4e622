"""Telling people what became of a finding."""

from collections.abc import Iterable
from datetime import datetime

from audits.choices import FindingState
from audits.models import Finding
from foundation.accounts.models import User
from foundation.notifications.services import NoticeDraft, notices_write

FOR_OWNER = "audits.finding_for_owner"
FOR_AUDITOR = "audits.finding_for_auditor"
NOBODY_SEES_TO = "audits.nobody_sees_to"  # of findings, and of answers to requests for evidence


def finding_tell(
    *,
    finding: Finding,
    kind: str,
    people: Iterable[User],
    what: str,
    actor: User | None,
    now: datetime,
    about: str = "",
) -> None:
    """Tell people what became of a finding, in the transaction of the fact, with the day by which an answer is due; not who did it.

    Of what is told in one mail, the latest is enough: where the finding stands now. `about` tells one notice of the same version
    from another, and both are told.
    """
    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=person.pk,
                kind=kind,
                dedupe_key=f"{kind}:{finding.pk}:{finding.version}:{about}:{person.pk}",
                record_id=finding.pk,
                thread=f"audits.finding:{finding.pk}:{about}",
                payload={
                    "title": finding.title,
                    "reference": finding.reference,
                    "sentence": what,
                    "path": finding.get_absolute_url(),
                    **(
                        {"due_on": finding.answer_due_on.isoformat()}
                        if finding.state == FindingState.RAISED
                        else {}
                    ),
                },
            )
            for person in {one.pk: one for one in people}.values()
            if actor is None or person.pk != actor.pk
        ],
        now=now,
    )
