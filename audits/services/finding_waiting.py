"""A finding that waits for the auditors goes to who sees to it now, who is told."""

from datetime import datetime

from django.utils.translation import gettext as _

from audits.models import Finding
from audits.services.auditors_told import finding_auditor_tell
from audits.services.finding_dates import CLOSING, REVIEW, finding_dates_follow
from foundation.accounts.models import User
from foundation.deadlines.models import Deadline

OF_FINDINGS = (REVIEW, CLOSING)


def finding_auditor_follow(*, finding: Finding, actor: User | None, now: datetime) -> bool:
    """Let what waits for the auditors wait for who sees to it now, and tell the person; tell whether that is another than before.

    Must be called inside a transaction, when who audits or answers there has changed.
    """
    before = _waits_for(finding)
    finding_dates_follow(finding=finding, now=now)
    if _waits_for(finding) <= before:
        return False
    finding_auditor_tell(
        finding=finding,
        what=_("Waits for you: who was to see to it can't any more."),
        actor=actor,
        now=now,
        about=now.isoformat(),
    )
    return True


def _waits_for(finding: Finding) -> set[tuple[int, bool]]:
    """Return whom its date waits for, and whether that is because nobody may do it."""
    dates = Deadline.objects.open().filter(record=finding, kind__in=OF_FINDINGS)
    return set(dates.values_list("assignee_id", "is_stuck"))
