"""What requests for evidence give to the whole."""

from django.utils.translation import gettext_lazy as _

from audits.choices import EVIDENCE_ASKER, EvidenceState
from audits.guards import evidence_adding_refusal, evidence_file_refusal
from audits.lifecycle import EVIDENCE_LIFECYCLE
from audits.sample_evidence import sample_evidence
from audits.search import evidence_search_text
from audits.selectors import evidence_late
from audits.services import evidence_audit_hold, evidence_move, evidence_move_refusal
from audits.services.evidence import DUE, KIND
from audits.services.evidence_judges import REVIEW
from audits.services.evidence_notices import ANSWERED, ASKED, SETTLED
from foundation.registry import (
    DateMover,
    DeadlineKind,
    FileGuard,
    NavigationEntry,
    NoticeKind,
    ParticipantRole,
    RecordKind,
    SampleSet,
    TrailVerb,
    registry,
)

registry.register(
    SampleSet(key="audit-evidence", order=35, load=sample_evidence),
    RecordKind(
        key=KIND,
        model="audits.EvidenceRequest",
        prefix="EVR",
        label=_("Evidence request"),
        label_plural=_("Evidence requests"),
        icon="report-search",
        detail_url_name="audits:evidence-detail",
        search_text=evidence_search_text,
        final_states=frozenset({EvidenceState.ACCEPTED, EvidenceState.WITHDRAWN}),
        duty="audits",
        stand_ins_see=True,
    ),
    EVIDENCE_LIFECYCLE,
    FileGuard(
        key=KIND,
        adding=evidence_adding_refusal,
        changing=evidence_file_refusal,
        locks_first=evidence_audit_hold,
    ),
    ParticipantRole(key=EVIDENCE_ASKER, label=_("Asked for it")),
    DeadlineKind(key=DUE, label=_("Evidence due")),
    DeadlineKind(key=REVIEW, label=_("Look at the evidence")),
    DateMover(key=DUE, refusal=evidence_move_refusal, move=evidence_move),
    # Without a right: whoever is asked finds what they are asked for.
    NavigationEntry(
        key="evidence",
        label=_("Evidence requests"),
        icon="report-search",
        url_name="audits:evidence-list",
        group="watch",
        order=420,
        badge=evidence_late,
    ),
    NoticeKind(
        key=ASKED,
        label=_("Evidence that I am asked for"),
        icon="report-search",
        reason=_("You are asked for this evidence."),
    ),
    NoticeKind(
        key=ANSWERED,
        label=_("Answers to my requests for evidence"),
        icon="report-search",
        reason=_("You look at the answers to this request, or lead the audit that needs it."),
    ),
    NoticeKind(
        key=SETTLED,
        label=_("Evidence requests of mine that are settled"),
        icon="report-search",
        may_be_silenced=True,
        reason=_("You were asked for this evidence."),
    ),
    TrailVerb(
        action="audits.evidence_request.created", sentence=_("asked for the evidence"), icon="report-search"
    ),
    TrailVerb(action="audits.evidence_request.changed", sentence=_("changed the request"), icon="pencil"),
    TrailVerb(action="audits.evidence_request.answer", sentence=_("answered the request"), icon="send"),
    TrailVerb(
        action="audits.evidence_request.accept", sentence=_("accepted the answer"), icon="circle-check"
    ),
    TrailVerb(
        action="audits.evidence_request.return", sentence=_("returned the answer"), icon="arrow-back-up"
    ),
    TrailVerb(
        action="audits.evidence_request.files_accepted",
        sentence=_("accepted its files: {after[files]}"),
        icon="paperclip",
    ),
    TrailVerb(action="audits.evidence_request.ask_again", sentence=_("asked for more"), icon="arrow-back-up"),
    TrailVerb(action="audits.evidence_request.withdraw", sentence=_("withdrew the request"), icon="ban"),
    TrailVerb(
        action="audits.evidence_request.reinstate", sentence=_("asked for it after all"), icon="arrow-back-up"
    ),
    TrailVerb(
        action="audits.evidence_request.end_with_audit",
        sentence=_("ended the audit, and with it the request"),
        icon="ban",
    ),
    TrailVerb(action="audits.evidence.exported", sentence=_("exported the list"), icon="file-export"),
)
