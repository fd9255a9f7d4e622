"""What findings give to the whole."""

from django.utils.translation import gettext_lazy as _

from audits.choices import AUDIT_OWNER, AuditRole, FindingState
from audits.guards import finding_adding_refusal, finding_file_refusal
from audits.lifecycle import FINDING_LIFECYCLE
from audits.lifecycle.findings import finding_action_opened_again
from audits.permissions import (
    finding_owning_refusal,
    finding_proposing_refusal,
    finding_settled_refusal,
)
from audits.search import finding_search_text
from audits.selectors.agreeing import findings_agreeing
from audits.selectors.finding_actions import finding_deciders, finding_proposers
from audits.services import finding_actions_moved, finding_audit_hold, finding_move, finding_move_refusal
from audits.services.finding_dates import ANSWER, CLOSING, REVIEW
from audits.services.finding_notices import FOR_AUDITOR, FOR_OWNER, NOBODY_SEES_TO
from foundation.actions.choices import ActionNature
from foundation.actions.sources import ActionSource
from foundation.registry import (
    DateMover,
    DeadlineKind,
    FileGuard,
    NoticeKind,
    ParticipantRole,
    RecordKind,
    TrailVerb,
    registry,
)

registry.register(
    RecordKind(
        key="finding",
        model="audits.Finding",
        prefix="FND",
        label=_("Finding"),
        label_plural=_("Findings"),
        icon="flag",
        detail_url_name="audits:finding-detail",
        search_text=finding_search_text,
        final_states=frozenset({FindingState.CLOSED, FindingState.WITHDRAWN}),
        duty="audits",
    ),
    FINDING_LIFECYCLE,
    FileGuard(
        key="finding",
        adding=finding_adding_refusal,
        changing=finding_file_refusal,
        locks_first=finding_audit_hold,
    ),
    # Corrective unless chosen otherwise: a nonconformity is not agreed on without one.
    ActionSource(
        key="finding",
        nature=ActionNature.CORRECTIVE,
        opened_again=finding_action_opened_again,
        opens=frozenset({FindingState.CLOSED}),
        moved=finding_actions_moved,
        locks_first=finding_audit_hold,
        settled=finding_settled_refusal,
        agreeing=findings_agreeing,
        proposing=finding_proposing_refusal,
        proposers=finding_proposers,
        owning=finding_owning_refusal,
        deciders=finding_deciders,
    ),
    ParticipantRole(key=AUDIT_OWNER, label=_("Owner of the audit")),
    DeadlineKind(key=ANSWER, label=_("Answer to a finding"), audience=(AuditRole.LEAD,)),
    DeadlineKind(key=REVIEW, label=_("Look at the answer to a finding")),
    DeadlineKind(key=CLOSING, label=_("Close the finding")),
    DateMover(key=ANSWER, refusal=finding_move_refusal, move=finding_move),
    NoticeKind(
        key=FOR_OWNER,
        label=_("What becomes of findings that I answer for"),
        icon="flag",
        reason=_("You answer for this finding."),
    ),
    NoticeKind(
        key=FOR_AUDITOR,
        label=_("Findings that I see to for the auditors"),
        icon="flag",
        reason=_("You see to this finding for the auditors."),
    ),
    NoticeKind(
        key=NOBODY_SEES_TO,
        label=_("What waits for auditors until somebody is named who may see to it"),
        icon="alert-triangle",
        reason=_("You own the audit, or are a CISO there."),
    ),
    TrailVerb(action="audits.finding.created", sentence=_("raised the finding"), icon="flag"),
    TrailVerb(action="audits.finding.changed", sentence=_("changed the finding"), icon="pencil"),
    TrailVerb(action="audits.finding.answer", sentence=_("answered the finding"), icon="send"),
    TrailVerb(action="audits.finding.agree", sentence=_("agreed on what is done about it"), icon="check"),
    TrailVerb(action="audits.finding.close", sentence=_("closed the finding"), icon="circle-check"),
    TrailVerb(
        action="audits.finding.accept_without_action",
        sentence=_("accepted the finding without action"),
        icon="circle-check",
    ),
    TrailVerb(action="audits.finding.send_back", sentence=_("sent the answer back"), icon="arrow-back-up"),
    TrailVerb(
        action="audits.finding.reconsider",
        sentence=_("took the agreement on the finding back"),
        icon="arrow-back-up",
    ),
    TrailVerb(action="audits.finding.withdraw", sentence=_("withdrew the finding"), icon="ban"),
    TrailVerb(
        action="audits.finding.reinstate", sentence=_("raised the finding again"), icon="arrow-back-up"
    ),
    TrailVerb(action="audits.finding.reopen", sentence=_("reopened the finding"), icon="arrow-back-up"),
    TrailVerb(
        action="audits.finding.reopen_by_action",
        sentence=_("opened an action again, and with it the finding"),
        icon="arrow-back-up",
    ),
    TrailVerb(
        action="audits.finding.action_opened_again",
        sentence=_("opened an action of the finding again"),
        icon="arrow-back-up",
    ),
    TrailVerb(action="audits.findings.exported", sentence=_("exported the list"), icon="file-export"),
)
