"""The transitions of requests for evidence, as data, with what stands against them and what follows.

Who is asked answers; the auditors accept, return and withdraw. Nobody who is audited takes a step of the auditors.
"""

from typing import Any

from django.utils.translation import gettext_lazy as lazy

from audits.choices import EVIDENCE_TONES, AuditRole, EvidenceState
from audits.models import EvidenceRequest
from audits.permissions import asking_refusal, evidence_judging_refusal
from audits.services.evidence_steps import evidence_step_follow
from foundation.accounts.models import User
from foundation.lifecycle.tables import Lifecycle, Moment, Transition
from foundation.records.models import Record
from foundation.records.services import record_hold


def judging_refusal(record: Record, actor: User) -> str | None:
    """Return why this person can't take a step of the auditors, or None."""
    assert isinstance(record, EvidenceRequest)
    return evidence_judging_refusal(request=record, user=actor)


def asking_again_refusal(record: Record, actor: User) -> str | None:
    """Return why it can't be asked for again: the audit is not in the states in which evidence is asked for, or who asks."""
    assert isinstance(record, EvidenceRequest)
    return evidence_judging_refusal(request=record, user=actor) or asking_refusal(
        audit=record.audit, user=actor
    )


def evidence_consequence(moment: Moment) -> None:
    """Write what follows from a step of a request."""
    evidence_step_follow(
        request=moment.record,
        actor=moment.actor,
        now=moment.now,
        source=moment.source,
        comment=moment.comment,
    )


def way_of(record: Record) -> tuple[str, ...]:
    """Return the way that a request goes: one that was returned begins anew."""
    first = EvidenceState.RETURNED if record.state == EvidenceState.RETURNED else EvidenceState.PENDING
    return (first, EvidenceState.ANSWERED, EvidenceState.ACCEPTED)


def _step(name: str, **fields: Any) -> Transition:
    values: dict[str, Any] = {
        "right": "audits.run",
        "parts_may": (AuditRole.LEAD, AuditRole.TEAM),
        "refusal": judging_refusal,
        "consequence": evidence_consequence,
        **fields,
    }
    return Transition(name=name, **values)


EVIDENCE_LIFECYCLE = Lifecycle(
    key="evidence_request",
    states=EvidenceState,
    initial=EvidenceState.PENDING,
    path=(EvidenceState.PENDING, EvidenceState.ANSWERED, EvidenceState.ACCEPTED),
    path_of=way_of,
    tones=EVIDENCE_TONES,
    locks_first=lambda request: record_hold(request.audit_id),
    transitions=(
        # Taken by the page of the answer alone (`evidence_answer()`), which looks at who answers and what with.
        _step(
            "answer",
            label=lazy("Answer"),
            sources=(EvidenceState.PENDING, EvidenceState.RETURNED),
            target=EvidenceState.ANSWERED,
            parts_may=(),
            by_approval=True,
            refusal=None,
            icon="send",
        ),
        _step(
            "accept",
            label=lazy("Accept"),
            sources=(EvidenceState.ANSWERED,),
            target=EvidenceState.ACCEPTED,
            icon="circle-check",
            confirm=lazy(
                "What was answered is good enough. Its files can be added to the audit's checks then."
            ),
        ),
        _step(
            "return",
            label=lazy("Return"),
            sources=(EvidenceState.ANSWERED,),
            target=EvidenceState.RETURNED,
            needs_comment=True,
            comment_label=lazy("What is missing?"),
            tone="secondary",
            icon="arrow-back-up",
            confirm=lazy("It is due again in a week, unless its day is later."),
        ),
        _step(
            "ask_again",
            label=lazy("Ask again"),
            sources=(EvidenceState.ACCEPTED,),
            target=EvidenceState.RETURNED,
            needs_comment=True,
            comment_label=lazy("What is missing after all?"),
            tone="secondary",
            icon="arrow-back-up",
            refusal=asking_again_refusal,
        ),
        _step(
            "withdraw",
            label=lazy("Withdraw"),
            sources=(EvidenceState.PENDING, EvidenceState.RETURNED, EvidenceState.ANSWERED),
            target=EvidenceState.WITHDRAWN,
            needs_comment=True,
            comment_label=lazy("Why is it no longer needed?"),
            tone="danger",
            icon="ban",
        ),
        _step(
            "reinstate",
            label=lazy("Ask after all"),
            sources=(EvidenceState.WITHDRAWN,),
            target=EvidenceState.PENDING,
            needs_comment=True,
            comment_label=lazy("Why is it needed after all?"),
            tone="secondary",
            icon="arrow-back-up",
            refusal=asking_again_refusal,
        ),
        # Taken by the portal when the audit is closed or cancelled.
        _step(
            "end_with_audit",
            label=lazy("End with the audit"),
            sources=(EvidenceState.PENDING, EvidenceState.RETURNED, EvidenceState.ANSWERED),
            target=EvidenceState.WITHDRAWN,
            parts_may=(),
            by_approval=True,
            refusal=None,
            icon="ban",
        ),
    ),
)
