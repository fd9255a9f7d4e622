"""What approvals give to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.approvals.choices import Verdict
from foundation.approvals.handing_over import decisions_hand_over, decisions_held
from foundation.approvals.services import (
    DECIDERS,
    DECISION_DEADLINE,
    HANDED_BACK,
    LAPSED,
    READ,
    REMARKED,
    REQUESTED,
)
from foundation.approvals.tasks import words_wake
from foundation.registry import (
    DeadlineKind,
    FieldWords,
    HandOver,
    NavigationEntry,
    NoticeKind,
    TrailVerb,
    WordsChanged,
    registry,
)

registry.register(
    NavigationEntry(
        key="approval-routes",
        label=_("Approval routes"),
        icon="gavel",
        url_name="approvals:route-list",
        group="manage",
        order=905,
        right="approvals.routes",
        whole_organisation=True,
    ),
    HandOver(
        key="approvals",
        label=_("Approvals that wait for a decision"),
        order=600,
        held=decisions_held,
        hand_over=decisions_hand_over,
    ),
    WordsChanged(key="approvals", react=words_wake),
    DeadlineKind(key=DECISION_DEADLINE, label=_("Decision on an approval")),
    NoticeKind(
        key=REQUESTED,
        label=_("An approval waits for my decision"),
        icon="gavel",
        reason=_("You may decide this approval."),
    ),
    NoticeKind(
        key="approvals.approved",
        label=_("What I asked for was approved"),
        may_be_silenced=True,
        icon="circle-check",
        reason=_("You asked for this approval."),
    ),
    NoticeKind(
        key="approvals.rejected",
        label=_("What I asked for was rejected"),
        icon="circle-x",
        reason=_("You asked for this approval."),
    ),
    NoticeKind(
        key="approvals.changes",
        label=_("What I asked for is to be changed first"),
        icon="pencil",
        reason=_("You asked for this approval."),
    ),
    NoticeKind(
        key=DECIDERS,
        label=_("Others decide what I asked for, or nobody can"),
        icon="users",
        reason=_("You asked for this approval."),
    ),
    NoticeKind(
        key=HANDED_BACK,
        label=_("A decision that I handed on is mine again"),
        icon="arrow-back-up",
        reason=_("You handed this on to somebody who can’t decide it any more."),
    ),
    NoticeKind(
        key=LAPSED,
        label=_("A decision that was handed on to me is for others now"),
        icon="users",
        reason=_("It was handed on to you by somebody whose decision it is not any more."),
    ),
    NoticeKind(
        key=REMARKED,
        label=_("Remarks on what I asked for, and answers to mine"),
        may_be_silenced=True,
        icon="message",
        reason=_("You asked for this approval, or remarked on what is to be approved."),
    ),
    NoticeKind(
        key=READ,
        label=_("I am asked to read what is to be approved"),
        icon="eye",
        reason=_("You were asked to read it."),
    ),
    NoticeKind(
        key="approvals.void",
        label=_("My request for approval became void"),
        icon="circle-x",
        reason=_("You asked for this approval."),
    ),
    FieldWords(key="digest", label=_("SHA-256 of what it says")),
    FieldWords(key="step", label=_("Step")),
    FieldWords(key="stages", label=_("Steps")),
    FieldWords(key="to", label=_("To")),
    FieldWords(key="from", label=_("From")),
    FieldWords(key="person", label=_("Person")),
    FieldWords(key="passage", label=_("Passage")),
    FieldWords(key="verdict", label=_("Verdict"), words=lambda kind, value: dict(Verdict.choices).get(value)),
    FieldWords(key="remark", label=_("Remark"), is_told=lambda value: not isinstance(value, int)),
    TrailVerb(action="approvals.request.made", sentence=_("asked for approval"), icon="send"),
    TrailVerb(action="approvals.request.decided", sentence=_("decided the approval"), icon="gavel"),
    TrailVerb(action="approvals.request.approved", sentence=_("completed the approval"), icon="check"),
    TrailVerb(action="approvals.request.rejected", sentence=_("ended the approval: rejected"), icon="x"),
    TrailVerb(
        action="approvals.request.changes",
        sentence=_("ended the approval: changes requested"),
        icon="pencil",
    ),
    TrailVerb(action="approvals.request.handed_on", sentence=_("handed the decision on"), icon="arrow-right"),
    TrailVerb(
        action="approvals.request.handed_back",
        sentence=_("let the decision be with who had it"),
        icon="arrow-back-up",
    ),
    TrailVerb(
        action="approvals.request.hand_on_lapsed",
        sentence=_("let the decision be with those whose it is by now"),
        icon="arrow-right",
    ),
    TrailVerb(
        action="approvals.request.reader_asked",
        sentence=_("asked for a reading of what is to be approved"),
        icon="eye",
    ),
    TrailVerb(
        action="approvals.remark.remarked",
        sentence=_("remarked on what is to be approved"),
        icon="message",
    ),
    TrailVerb(action="approvals.remark.answered", sentence=_("answered a remark"), icon="message"),
    TrailVerb(action="approvals.remark.settled", sentence=_("settled a remark"), icon="check"),
    TrailVerb(action="approvals.route.changed", sentence=_("changed the approval route"), icon="gavel"),
    TrailVerb(
        action="approvals.request.withdrawn",
        sentence=_("withdrew the request for approval"),
        icon="arrow-back-up",
    ),
    TrailVerb(
        action="approvals.request.void",
        sentence=_("ended the request for approval: what was to be approved has changed"),
        icon="ban",
    ),
)
