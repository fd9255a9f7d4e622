"""The date that a finding waits for: its answer, a look at the answer, and its end once what was agreed on is done."""

from datetime import datetime, timedelta

from audits.choices import FindingState
from audits.models import Finding
from audits.selectors import finding_auditor
from audits.selectors.finding_actions import actions_standing
from foundation.accounts.organisation import organisation_day
from foundation.deadlines.selectors import deadlines_of
from foundation.deadlines.services import deadline_close, deadline_set

ANSWER = "audits.finding_answer"
REVIEW = "audits.finding_review"
CLOSING = "audits.finding_closing"
KINDS = (ANSWER, REVIEW, CLOSING)
SEEN_TO_WITHIN = timedelta(days=5)


def finding_dates_follow(*, finding: Finding, now: datetime) -> set[str]:
    """Set the date that the finding waits for, close the others, and return which kind begins to be waited for.

    Its owner answers by the day that was given; who sees to it for the auditors (`finding_auditor()`) looks at the answer, and
    closes it once its actions are done and verified, within five days. A date that is set stays as it is, but goes to who
    does so now. Must be called inside a transaction.
    """
    is_open = {deadline.kind: deadline for deadline in deadlines_of(finding)}
    waited_for = _waited_for(finding)
    for kind in KINDS:
        if kind != waited_for and kind in is_open:
            was_dropped = finding.state == FindingState.WITHDRAWN or (
                kind == CLOSING and finding.state != FindingState.CLOSED
            )
            deadline_close(record=finding, kind=kind, now=now, was_dropped=was_dropped)
    if waited_for == ANSWER:
        deadline_set(
            record=finding, kind=ANSWER, assignee=finding.owner, due_on=finding.answer_due_on, now=now
        )
    elif waited_for:
        by = is_open[waited_for].due_on if waited_for in is_open else organisation_day(now) + SEEN_TO_WITHIN
        seen_to = finding_auditor(finding, now)
        deadline_set(
            record=finding,
            kind=waited_for,
            assignee=seen_to.person,
            is_stuck=not seen_to.may,
            due_on=by,
            now=now,
        )
    return {waited_for} - {"", *is_open}


def _waited_for(finding: Finding) -> str:
    """Return the kind of date that the finding waits for, empty while it waits for its actions or for nothing any more."""
    if finding.state == FindingState.RAISED:
        return ANSWER
    if finding.state == FindingState.ANSWERED:
        return REVIEW
    if finding.state == FindingState.AGREED and _is_left(finding):
        return CLOSING
    return ""


def _is_left(finding: Finding) -> bool:
    """Tell whether it is the auditors' turn: all that was agreed on is done and verified, or none of it stands any more."""
    actions = actions_standing(finding)
    return not (actions.unfinished or actions.proposed)
