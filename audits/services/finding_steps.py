"""What follows from the steps of findings, and what an action that did not work means for its finding."""

from datetime import datetime

from django.utils.translation import gettext as _

from audits.choices import FindingState
from audits.models import Finding
from audits.selectors.finding_actions import actions_standing
from audits.services.auditors_told import finding_auditor_tell
from audits.services.finding_dates import CLOSING, finding_dates_follow
from audits.services.finding_notices import FOR_OWNER, finding_tell
from foundation.accounts.models import User
from foundation.actions.services import proposals_end
from foundation.records.models import Record


def finding_step_follow(*, finding: Finding, actor: User, now: datetime, source: str) -> None:
    """Write when the finding was closed, set the date that it waits for now, and tell who goes on with it.

    Must be called inside the step's transaction.
    """
    closed_at = now if finding.state in (FindingState.CLOSED, FindingState.WITHDRAWN) else None
    if closed_at != finding.closed_at:
        Finding.objects.filter(pk=finding.pk).update(closed_at=closed_at)
        finding.closed_at = closed_at
    if closed_at is not None:
        proposals_end(source=finding, actor=actor, now=now, comment=_("The finding is settled."))
    finding_dates_follow(finding=finding, now=now)
    _tell(finding, actor, now, source)


def _tell(finding: Finding, actor: User, now: datetime, source: str) -> None:
    if finding.state == FindingState.ANSWERED and source != FindingState.AGREED:
        what = _("Answered. Agree on what is done about it, or send it back.")
        finding_auditor_tell(finding=finding, what=what, actor=actor, now=now)
        return
    if finding.state == FindingState.RAISED:
        what = _("Sent back to be answered anew.")
    elif finding.state == FindingState.ANSWERED:
        what = _("Looked at anew: what was agreed on is taken back.")
    elif finding.state == FindingState.AGREED and source == FindingState.ANSWERED:
        what = _("Agreed on: its actions are what is done about it.")
    elif finding.state == FindingState.AGREED:
        what = _("Open again.")
    elif finding.state == FindingState.CLOSED:
        what = _("Closed.")
    else:
        what = _("Withdrawn.")
    finding_tell(finding=finding, kind=FOR_OWNER, people=[finding.owner], what=what, actor=actor, now=now)


def finding_actions_moved(*, source: Record, actor: User, now: datetime) -> None:
    """Let the auditors close a finding once what was agreed on is done and verified, or cancelled, and not while more is to be done.

    Must be called inside the transaction in which one of its actions was agreed on, done, verified or cancelled.
    """
    finding = Finding.objects.select_related("owner").get(pk=source.pk)
    if CLOSING in finding_dates_follow(finding=finding, now=now):
        what = (
            _("Ready to be closed: what was agreed on is done and verified.")
            if actions_standing(finding).all
            else _(
                "Nothing that was agreed on stands any more: agree on another action, or accept it without one."
            )
        )
        finding_auditor_tell(finding=finding, what=what, actor=actor, now=now)
