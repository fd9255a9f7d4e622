"""What audits themselves give to the whole."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from audits.approvals import REPORT_APPROVAL
from audits.choices import AuditRole, AuditState
from audits.guards import audit_file_refusal
from audits.indicators import INDICATORS
from audits.lifecycle import AUDIT_LIFECYCLE
from audits.models import Audit
from audits.permissions import audit_settled_refusal, audits_unseen, is_unseen_audit
from audits.sample import sample_audits
from audits.sample_files import sample_files
from audits.sample_views import sample_views
from audits.schedule import STEPS
from audits.search import audit_search_text
from audits.selectors import answers_held, asked_held, late_of_audits, parts_held
from audits.selectors.agreeing import audits_agreeing
from audits.services import (
    answers_hand_over,
    asked_hand_over,
    audit_date_move,
    audit_give,
    audit_move_refusal,
    parts_hand_over,
)
from audits.services.report_notices import FAILED as REPORT_FAILED
from audits.services.report_notices import ISSUED as REPORT_ISSUED
from audits.words import report_state_words
from foundation.actions.choices import ActionNature
from foundation.actions.sources import ActionSource
from foundation.registry import (
    Command,
    DateMover,
    DeadlineKind,
    FieldWords,
    FileGuard,
    FirstStep,
    HandOver,
    NavigationEntry,
    NoticeKind,
    OwnerChange,
    ParticipantRole,
    RecordKind,
    SampleSet,
    TrailVerb,
    registry,
)

registry.register(
    FirstStep(
        key="audits.audit",
        label=_("Plan the first audit"),
        text=_("Its dates are reminded of by themselves."),
        icon="clipboard-check",
        url_name="audits:audit-list",
        order=100,
        done=lambda now: Audit.objects.all(),
        right="audits.plan",
    ),
    SampleSet(key="audits", order=20, load=sample_audits),
    SampleSet(key="audit-files", order=30, load=sample_files),
    SampleSet(key="audit-views", order=40, load=sample_views),
    RecordKind(
        key="audit",
        model="audits.Audit",
        prefix="AUD",
        label=_("Audit"),
        label_plural=_("Audits"),
        icon="clipboard-check",
        detail_url_name="audits:audit-detail",
        search_text=audit_search_text,
        final_states=frozenset({AuditState.CLOSED, AuditState.CANCELLED}),
        duty="audits",
    ),
    ActionSource(
        key="audit",
        nature=ActionNature.TASK,
        settled=audit_settled_refusal,
        agreeing=audits_agreeing,
    ),
    OwnerChange(key="audit", give=audit_give),
    HandOver(
        key="audits.parts",
        label=_("Parts in open audits: leading, team, auditee"),
        order=100,
        held=parts_held,
        hand_over=parts_hand_over,
        parts_of=frozenset({"audit", "finding"}),
    ),
    HandOver(
        key="audits.answers",
        label=_("Findings and requests for evidence to answer"),
        order=120,
        held=answers_held,
        hand_over=answers_hand_over,
        owners_of=frozenset({"finding", "evidence_request"}),
    ),
    HandOver(
        key="audits.asked",
        label=_("Evidence asked for"),
        order=130,
        held=asked_held,
        hand_over=asked_hand_over,
        parts_of=frozenset({"evidence_request"}),
    ),
    Command(
        key="audits.new",
        label=_("New audit"),
        icon="calendar-plus",
        url_name="audits:audit-create",
        right="audits.plan",
        also=_("plan create add"),
        order=400,
    ),
    Command(
        key="audits.import",
        label=_("Import audits"),
        icon="upload",
        url_name="audits:import",
        right="audits.import",
        also=_("upload table xlsx csv"),
        order=420,
    ),
    AUDIT_LIFECYCLE,
    *INDICATORS,
    FileGuard(key="audit", changing=audit_file_refusal),
    REPORT_APPROVAL,
    *(ParticipantRole(key=role.value, label=role.label) for role in AuditRole if role != AuditRole.AUDITEE),
    # What is kept from auditees is kept from all who don't see the checklist.
    ParticipantRole(
        key=AuditRole.AUDITEE,
        label=AuditRole.AUDITEE.label,
        counted=audits_unseen,
        is_counted=is_unseen_audit,
    ),
    DeadlineKind(
        key="audits.preparation",
        label=_("Preparation starts"),
        audience=(AuditRole.LEAD, AuditRole.TEAM),
    ),
    DeadlineKind(
        key="audits.start",
        label=_("Fieldwork starts"),
        audience=(AuditRole.LEAD, AuditRole.TEAM, AuditRole.AUDITEE),
    ),
    DeadlineKind(
        key="audits.fieldwork_end",
        label=_("Fieldwork ends"),
        audience=(AuditRole.LEAD, AuditRole.TEAM),
    ),
    DeadlineKind(
        key="audits.report",
        label=_("Report due"),
        audience=(AuditRole.LEAD, AuditRole.TEAM),
    ),
    DeadlineKind(
        key="audits.follow_up",
        label=_("Follow-up due"),
        audience=(AuditRole.LEAD, AuditRole.AUDITEE),
    ),
    *(
        DateMover(
            key=step.kind,
            refusal=audit_move_refusal,
            move=partial(audit_date_move, kind=step.kind),
            note=_("All dates of the audit move with its start.") if step.field == "starts_on" else "",
        )
        for step in STEPS
    ),
    TrailVerb(action="audits.import.done", sentence=_("imported audits from"), icon="upload"),
    TrailVerb(
        action="audits.audit.created",
        sentence=_("planned the audit"),
        icon="calendar-plus",
    ),
    TrailVerb(action="audits.audit.changed", sentence=_("changed the audit"), icon="pencil"),
    TrailVerb(
        action="audits.audit.frameworks",
        sentence=_("chose what it is held against"),
        icon="scale",
    ),
    TrailVerb(
        action="audits.audit.prepare",
        sentence=_("started preparing"),
        icon="arrow-right",
    ),
    TrailVerb(
        action="audits.audit.start_fieldwork",
        sentence=_("started the fieldwork"),
        icon="arrow-right",
    ),
    TrailVerb(
        action="audits.audit.start_reporting",
        sentence=_("started the report"),
        icon="arrow-right",
    ),
    TrailVerb(
        action="audits.audit.submit_report", sentence=_("submitted the report for approval"), icon="send"
    ),
    TrailVerb(action="audits.audit.approve_report", sentence=_("approved the report"), icon="circle-check"),
    TrailVerb(
        action="audits.audit.return_report", sentence=_("moved it back to reporting"), icon="arrow-back-up"
    ),
    # The two steps that there were before reports were approved: the trail tells of them for ever.
    TrailVerb(
        action="audits.audit.start_follow_up",
        sentence=_("started the follow-up"),
        icon="arrow-right",
    ),
    TrailVerb(
        action="audits.audit.close_without_follow_up",
        sentence=_("closed the audit without follow-up"),
        icon="circle-check",
    ),
    TrailVerb(action="audits.audit.close", sentence=_("closed the audit"), icon="circle-check"),
    TrailVerb(
        action="audits.audit.back_to_planned",
        sentence=_("moved it back to planned"),
        icon="arrow-back-up",
    ),
    TrailVerb(
        action="audits.audit.back_to_preparing",
        sentence=_("moved it back to preparing"),
        icon="arrow-back-up",
    ),
    TrailVerb(
        action="audits.audit.back_to_fieldwork",
        sentence=_("moved it back to fieldwork"),
        icon="arrow-back-up",
    ),
    TrailVerb(
        action="audits.audit.back_to_reporting",
        sentence=_("moved it back to reporting"),
        icon="arrow-back-up",
    ),
    TrailVerb(action="audits.audit.cancel", sentence=_("cancelled the audit"), icon="ban"),
    TrailVerb(
        action="audits.audit.reinstate",
        sentence=_("planned the audit again"),
        icon="arrow-back-up",
    ),
    TrailVerb(
        action="audits.audit.reopen",
        sentence=_("reopened the audit"),
        icon="arrow-back-up",
    ),
    TrailVerb(
        action="audits.audit.finding_opened_again",
        sentence=_("opened the finding {after[finding]} again by an action"),
        icon="arrow-back-up",
    ),
    TrailVerb(
        action="audits.report.issued",
        sentence=_("made the report {after[report]}"),
        icon="file-text",
        kept_from=AuditRole.AUDITEE,
    ),
    TrailVerb(
        action="audits.report.distributed",
        sentence=_("issued the approved report {after[report]} to those audited"),
        icon="file-text",
    ),
    NoticeKind(
        key=REPORT_ISSUED,
        label=_("Approved reports of audits of my work"),
        may_be_silenced=True,
        icon="file-text",
        reason=_("You are audited there."),
    ),
    NoticeKind(
        key=REPORT_FAILED,
        label=_("Approved reports that could not be made"),
        icon="alert-triangle",
        reason=_("You lead the audit, or own it."),
    ),
    FieldWords(key="conclusion", kept_from=AuditRole.AUDITEE),
    FieldWords(key="finding", label=_("Finding")),
    FieldWords(key="occurrence", label=_("Occurrence")),
    FieldWords(key="recurrence", label=_("Recurrence")),
    FieldWords(key="report", label=_("report")),
    FieldWords(key="distributed_to", label=_("Distributed to")),
    FieldWords(key="report_state", label=_("report's state"), words=report_state_words),
    FieldWords(key="facts_digest", label=_("SHA-256 of what it says")),
    FieldWords(key="table_sha256", label=_("SHA-256 of the table")),
    TrailVerb(action="audits.list.exported", sentence=_("exported the list"), icon="file-export"),
    NavigationEntry(
        key="audits",
        label=_("Audits"),
        icon="clipboard-check",
        url_name="audits:audit-list",
        group="watch",
        order=400,
        right="records.view",
        badge=late_of_audits,
    ),
)
