"""Telling who sees to something for the auditors that it waits, or, where nobody may, who can change that."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from audits.models import EvidenceRequest, Finding
from audits.selectors import RUNS, SeenTo, auditor_namers, finding_auditor
from audits.services.evidence_notices import ANSWERED, evidence_tell
from audits.services.finding_notices import FOR_AUDITOR, NOBODY_SEES_TO, finding_tell
from foundation.accounts.models import User
from foundation.notifications.services import role_wanted_tell


def finding_auditor_tell(
    *,
    finding: Finding,
    what: str,
    actor: User | None,
    now: datetime,
    about: str = "",
    others: Iterable[User] = (),
) -> None:
    """Tell who sees to a finding for the auditors what waits, and some others."""
    seen_to = finding_auditor(finding, now)
    people = [*([seen_to.person] if seen_to.may else []), *others]
    finding_tell(
        finding=finding, kind=FOR_AUDITOR, people=people, what=what, actor=actor, now=now, about=about
    )
    if not seen_to.may:
        _finding_nobody_tell(finding, now)


def evidence_judge_tell(
    *,
    request: EvidenceRequest,
    seen_to: SeenTo,
    what: str,
    actor: User | None,
    now: datetime,
    about: str = "",
    others: Iterable[User] = (),
) -> None:
    """Tell who looks at the answer to a request for evidence that it waits, and some others."""
    people = [*([seen_to.person] if seen_to.may else []), *others]
    evidence_tell(
        requests=[request],
        kind=ANSWERED,
        people_of=lambda one: people,
        what=what,
        actor=actor,
        now=now,
        about=about,
    )
    if not seen_to.may:
        namers = auditor_namers(request, now)
        evidence_tell(
            requests=[request],
            kind=NOBODY_SEES_TO,
            people_of=lambda one: namers,
            what=_nobody(),
            actor=None,
            now=now,
            about=now.isoformat(),
        )
        _roles_asked(request, now)


def _finding_nobody_tell(finding: Finding, now: datetime) -> None:
    finding_tell(
        finding=finding,
        kind=NOBODY_SEES_TO,
        people=auditor_namers(finding, now),
        what=_nobody(),
        actor=None,
        now=now,
        about=now.isoformat(),
    )
    _roles_asked(finding, now)


def _nobody() -> str:
    return _(
        "Waits for the auditors, and nobody may see to it now. Somebody else must be given a role there."
    )


def _roles_asked(record: Finding | EvidenceRequest, now: datetime) -> None:
    if not record.is_restricted:
        what = _("Something waits there for the auditors, and nobody may see to it.")
        role_wanted_tell(unit=record.unit, right=RUNS, what=what, now=now)
