"""The transitions of findings, as data, with what stands against them and what follows.

Either side has its steps: who answers for a finding, and nobody else, hands the answer in; the auditors send it back, agree,
close and withdraw.
Nobody who is audited, or answers for it, takes a step of the auditors.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import AUDIT_OWNER, FINDING_TONES, NONCONFORMITIES, AuditRole, FindingState
from audits.models import Finding
from audits.permissions import auditor_refusal, reported_refusal
from audits.selectors import playing
from audits.selectors.finding_actions import Standing, actions_standing
from audits.services.auditors_told import finding_auditor_tell
from audits.services.finding_dates import finding_dates_follow
from audits.services.finding_notices import FOR_OWNER, finding_tell
from audits.services.finding_steps import finding_step_follow
from audits.services.of_audits import finding_audit_hold
from foundation.accounts.models import User
from foundation.lifecycle.services import apply_transition
from foundation.lifecycle.tables import Lifecycle, Moment, Transition
from foundation.records.models import Record
from foundation.trail.services import entry_write


def is_nonconformity(finding: Finding) -> bool:
    """Tell whether something falls short of what is required, so that a corrective action must follow."""
    return finding.grade in NONCONFORMITIES


def judging_refusal(record: Record, actor: User) -> str | None:
    """Return why this person can't take a step of the auditors, or None."""
    assert isinstance(record, Finding)
    return auditor_refusal(finding=record, user=actor)


def answer_refusal(record: Record, actor: User) -> str | None:
    """Return what is missing from the answer, or None."""
    assert isinstance(record, Finding)
    if not record.response.strip():
        return _("The answer is not written yet.")
    if is_nonconformity(record) and not record.root_cause.strip():
        return _("A nonconformity is answered with its root cause, and that is not written yet.")
    return None


def agree_refusal(record: Record, actor: User) -> str | None:
    """Return why the finding can't be agreed on: nothing is done about it yet, or about a nonconformity nothing corrective."""
    assert isinstance(record, Finding)
    if refusal := judging_refusal(record, actor):
        return refusal
    actions = actions_standing(record)
    if refusal := _proposals_refusal(actions):
        return refusal
    if is_nonconformity(record) and not actions.corrective:
        return _("Agree on a corrective action first: a nonconformity is not settled without one.")
    if not actions.all:
        return _("Nothing is done about it yet: agree on an action first, or accept it without action.")
    return None


def _proposals_refusal(actions: Standing) -> str | None:
    """Return that what was proposed is to be decided on first, or None: nobody's proposal is passed over in silence."""
    if not actions.proposed:
        return None
    return _("Actions are proposed: agree on them first, or return them: %(references)s.") % {
        "references": ", ".join(actions.proposed)
    }


def close_refusal(record: Record, actor: User) -> str | None:
    """Return why the finding can't be closed: actions are not verified, or nothing was agreed on."""
    assert isinstance(record, Finding)
    if refusal := judging_refusal(record, actor):
        return refusal
    actions = actions_standing(record)
    if refusal := _proposals_refusal(actions):
        return refusal
    if actions.unfinished:
        return _("Actions are still to be done or verified: %(references)s.") % {
            "references": ", ".join(actions.unfinished)
        }
    if is_nonconformity(record) and not actions.corrective:
        return _("A nonconformity is not closed without a corrective action that was verified.")
    if not actions.all:
        return _("Nothing was agreed on. Accept it without action, and say why.")
    return None


def no_action_refusal(record: Record, actor: User) -> str | None:
    """Return why the finding can't be accepted without action: something was agreed on."""
    assert isinstance(record, Finding)
    if refusal := judging_refusal(record, actor):
        return refusal
    actions = actions_standing(record)
    if refusal := _proposals_refusal(actions):
        return refusal
    if references := actions.all:
        return _("Something is done about it: %(references)s.") % {"references": ", ".join(references)}
    return None


def taking_back_refusal(record: Record, actor: User) -> str | None:
    """Return why the finding can't be withdrawn, raised again, or looked at anew: a report says what was found."""
    assert isinstance(record, Finding)
    return judging_refusal(record, actor) or reported_refusal(record)


def reopening_refusal(record: Record, actor: User) -> str | None:
    """Return why the finding can't be reopened: its audit is over."""
    assert isinstance(record, Finding)
    if refusal := judging_refusal(record, actor):
        return refusal
    return None if record.audit.is_open else _("The audit is over. Reopen it first.")


def finding_consequence(moment: Moment) -> None:
    """Write what follows from a step of a finding."""
    finding_step_follow(finding=moment.record, actor=moment.actor, now=moment.now, source=moment.source)


def _step(name: str, **fields: Any) -> Transition:
    values: dict[str, Any] = {
        "right": "audits.run",
        "parts_may": (AuditRole.LEAD, AuditRole.TEAM),
        "refusal": judging_refusal,
        "consequence": finding_consequence,
        **fields,
    }
    return Transition(name=name, **values)


def _back(name: str, label: Any, source: str, target: str, question: Any, **fields: Any) -> Transition:
    return _step(
        name,
        label=label,
        sources=(source,),
        target=target,
        needs_comment=True,
        comment_label=question,
        tone="secondary",
        icon="arrow-back-up",
        **fields,
    )


FINDING_LIFECYCLE = Lifecycle(
    key="finding",
    states=FindingState,
    initial=FindingState.RAISED,
    path=(FindingState.RAISED, FindingState.ANSWERED, FindingState.AGREED, FindingState.CLOSED),
    tones=FINDING_TONES,
    locks_first=lambda finding: finding_audit_hold(finding.pk),
    transitions=(
        _step(
            "answer",
            label=lazy("Hand in the answer"),
            sources=(FindingState.RAISED,),
            target=FindingState.ANSWERED,
            # An answer is whole when its owner says so: no auditor takes what is half written.
            right="",
            owner_may=True,
            parts_may=(),
            icon="send",
            confirm=lazy("The auditors go on with it. They can send it back to be answered anew."),
            refusal=answer_refusal,
        ),
        _step(
            "agree",
            label=lazy("Agree"),
            sources=(FindingState.ANSWERED,),
            target=FindingState.AGREED,
            icon="check",
            confirm=lazy("The answer is accepted, and the actions that were agreed on are what is done."),
            refusal=agree_refusal,
        ),
        _step(
            "close",
            label=lazy("Close finding"),
            sources=(FindingState.AGREED,),
            target=FindingState.CLOSED,
            icon="circle-check",
            confirm=lazy(
                "Whether the actions work is checked later: one that did not work opens the finding again."
            ),
            refusal=close_refusal,
        ),
        _step(
            "accept_without_action",
            label=lazy("Accept without action"),
            sources=(FindingState.RAISED, FindingState.ANSWERED, FindingState.AGREED),
            target=FindingState.CLOSED,
            applies=lambda finding: not is_nonconformity(finding),
            needs_comment=True,
            comment_label=lazy("Why is nothing done about it?"),
            tone="secondary",
            icon="circle-check",
            refusal=no_action_refusal,
        ),
        _back(
            "send_back",
            lazy("Send back"),
            FindingState.ANSWERED,
            FindingState.RAISED,
            lazy("What is missing from the answer?"),
        ),
        _back(
            "reconsider",
            lazy("Take the agreement back"),
            FindingState.AGREED,
            FindingState.ANSWERED,
            lazy("What is to be looked at anew?"),
            refusal=taking_back_refusal,
        ),
        _step(
            "withdraw",
            label=lazy("Withdraw"),
            sources=(FindingState.RAISED, FindingState.ANSWERED),
            target=FindingState.WITHDRAWN,
            needs_comment=True,
            comment_label=lazy("Why is it no finding?"),
            tone="danger",
            icon="ban",
            refusal=taking_back_refusal,
        ),
        _back(
            "reinstate",
            lazy("Raise again"),
            FindingState.WITHDRAWN,
            FindingState.RAISED,
            lazy("Why is it a finding after all?"),
            refusal=taking_back_refusal,
        ),
        _back(
            "reopen",
            lazy("Reopen"),
            FindingState.CLOSED,
            FindingState.AGREED,
            lazy("Why is it reopened?"),
            refusal=reopening_refusal,
        ),
        # Taken by the portal when an action that the finding was closed on is open again.
        _back(
            "reopen_by_action",
            lazy("Reopen, because an action is open again"),
            FindingState.CLOSED,
            FindingState.AGREED,
            lazy("Why is it open again?"),
            parts_may=(),
            by_approval=True,
            refusal=None,
        ),
    ),
)


def finding_action_opened_again(
    *, source: Record, action: Record, actor: User, now: datetime, comment: str
) -> None:
    """Open a closed finding again when one of its actions is open again; write it down for one that was not closed yet.

    Must be called inside the transaction of the action's step.
    """
    finding: Finding = Finding.objects.select_related("owner", "audit").get(pk=source.pk)
    words = f"{action.reference}: {comment}"
    if finding.state == FindingState.CLOSED:
        apply_transition(
            record=finding, name="reopen_by_action", actor=actor, now=now, comment=words, by_approval=True
        )
        entry_write(
            action="audits.audit.finding_opened_again",
            actor=actor,
            record=finding.audit,
            after={"finding": finding.reference},
            comment=words,
        )
        finding_auditor_tell(
            finding=finding,
            others=playing(finding, AUDIT_OWNER),
            what=_("Open again: %(action)s did not settle it.") % {"action": action.reference},
            actor=actor,
            now=now,
            about=f"{action.pk}.{action.version}",
        )
        return
    finding_dates_follow(finding=finding, now=now)
    entry_write(action="audits.finding.action_opened_again", actor=actor, record=finding, comment=words)
    if finding.state == FindingState.AGREED:
        finding_tell(
            finding=finding,
            kind=FOR_OWNER,
            people=[finding.owner],
            what=_("Goes on: %(action)s is open again.") % {"action": action.reference},
            actor=actor,
            now=now,
            about=f"{action.pk}.{action.version}",
        )
