"""What duties give to the whole."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from duties.approvals import ACTIVITY_APPROVAL
from duties.board.posts import posts_held
from duties.choices import FACTS, SETTLED, Duty
from duties.guards import adding_refusal, changing_refusal
from duties.lifecycle import ACTIVITY_LIFECYCLE
from duties.models import Activity
from duties.permissions import EVIDENCE, MANAGE
from duties.sample import sample_duties
from duties.sample_measures import sample_measures
from duties.search import activity_search_text
from duties.selectors import activities_late, series_held, series_latest
from duties.services import (
    DUE,
    activity_give,
    activity_move,
    activity_move_refusal,
    posts_hand_over,
    series_hand_over,
)
from duties.services.pack_notices import PACK
from foundation.actions.choices import ActionNature
from foundation.actions.sources import ActionSource
from foundation.registry import (
    Command,
    DateMover,
    DatesPage,
    DeadlineKind,
    DutyEntry,
    FieldWords,
    FileGuard,
    FirstStep,
    HandOver,
    NavigationEntry,
    NoticeKind,
    OwnerChange,
    PlannedAhead,
    RecordKind,
    SampleSet,
    TrailVerb,
    registry,
)

VERBS = {
    "created": (_("planned the activity"), "plus"),
    "changed": (_("changed the activity"), "pencil"),
    "checklist": (_("changed the checklist"), "list-check"),
    "ticked": (_("did “{after[item]}”"), "circle-check"),
    "unticked": (_("took back that “{after[item]}” is done"), "arrow-back-up"),
    "start": (_("started the activity"), "player-play"),
    "complete": (_("reported the activity done"), "circle-check"),
    "submit": (_("asked for the sign-off of the activity"), "send"),
    "sign_off": (_("signed the activity off"), "circle-check"),
    "return": (_("moved the activity back to work"), "arrow-back-up"),
    "skip": (_("skipped the activity"), "player-skip-forward"),
    "reopen": (_("reopened the activity"), "arrow-back-up"),
    "reinstate": (_("planned the activity again"), "arrow-back-up"),
}
SERIES_VERBS = {
    "started": (_("let it recur: {after[recurrence]}"), "repeat"),
    "changed": (_("let it recur by another rule: {after[recurrence]}"), "repeat"),
    "resumed": (_("let it recur again: {after[recurrence]}"), "repeat"),
    "ended": (_("let it recur no longer"), "ban"),
    "followed": (_("let the next ones start from this one"), "repeat"),
    "handed_over": (_("handed on who owns the next ones"), "users"),
}


def _duty_words(kind: str, value: Any) -> Any:
    return Duty(value).title if value in Duty.values else None


registry.register(
    RecordKind(
        key="activity",
        model="duties.Activity",
        prefix="DUT",
        label=_("Duty activity"),
        label_plural=_("Duty activities"),
        icon="checklist",
        detail_url_name="duties:activity-detail",
        search_text=activity_search_text,
        final_states=frozenset(SETTLED),
        duty="duties",
        stand_ins_see=True,
    ),
    ACTIVITY_LIFECYCLE,
    ACTIVITY_APPROVAL,
    ActionSource(key="activity", nature=ActionNature.TASK),
    FileGuard(key="activity", adding=adding_refusal, changing=changing_refusal),
    OwnerChange(key="activity", give=activity_give),
    HandOver(
        key="duties.series",
        label=_("Recurring duty activities: who owns the next ones"),
        order=120,
        held=series_held,
        hand_over=series_hand_over,
    ),
    HandOver(
        key="duties.posts",
        label=_("Duties that somebody answers for, or is a deputy of"),
        order=125,
        held=posts_held,
        hand_over=posts_hand_over,
    ),
    DeadlineKind(key=DUE, label=_("Duty activity")),
    DateMover(
        key=DUE,
        refusal=activity_move_refusal,
        move=activity_move,
        note=_("Later ones keep the days of their rule."),
    ),
    PlannedAhead(
        key=DUE,
        rows=series_latest,
        rule="series__rrule",
        starts_on="series__starts_on",
        since="series__next_on",
        one_by_one="series__last_on",
        duty="duty",
        kinds=(DUE,),
    ),
    DatesPage(key="duties:year-planner", label=_("Year planner")),
    *(
        DutyEntry(
            key=str(duty.value),
            number=duty.value,
            label=format_lazy("{}. {}", duty.value, duty.label),
            areas=FACTS[duty].areas,
        )
        for duty in Duty
    ),
    FirstStep(
        key="duties.starter",
        label=_("Take over the starter plan"),
        text=_(
            "What each of the thirteen duties may begin with: with owners, dates and reminders, in a minute."
        ),
        icon="list-check",
        url_name="duties:starter-plan",
        order=70,
        done=lambda now: Activity.objects.all(),
        right=MANAGE,
    ),
    NavigationEntry(
        key="duties",
        label=_("Duties"),
        icon="checklist",
        url_name="duties:duty-list",
        order=2,
        right="records.view",
        badge=activities_late,
    ),
    Command(
        key="duties.new",
        label=_("Plan a duty activity"),
        icon="checklist",
        url_name="duties:activity-create",
        right=MANAGE,
        also=_("new activity duty recurring task create add"),
        order=430,
    ),
    Command(
        key="duties.year",
        label=_("Year planner"),
        icon="calendar-stats",
        url_name="duties:year-planner",
        right="records.view",
        also=_("plan months duties overview workload"),
        order=429,
    ),
    SampleSet(key="duties", order=22, load=sample_duties),
    SampleSet(key="duties.measures", order=95, load=sample_measures),
    Command(
        key="duties.starter",
        label=_("Starter plan of the duties"),
        icon="list-check",
        url_name="duties:starter-plan",
        right=MANAGE,
        also=_("begin first plan template activities"),
        order=431,
    ),
    *(
        TrailVerb(action=f"duties.activity.{name}", sentence=sentence, icon=icon)
        for name, (sentence, icon) in VERBS.items()
    ),
    *(
        TrailVerb(action=f"duties.series.{name}", sentence=sentence, icon=icon)
        for name, (sentence, icon) in SERIES_VERBS.items()
    ),
    TrailVerb(action="duties.pack.requested", sentence=_("asked for the evidence pack"), icon="archive"),
    TrailVerb(action="duties.pack.made", sentence=_("made the evidence pack"), icon="archive"),
    TrailVerb(action="duties.pack.downloaded", sentence=_("took away the evidence pack"), icon="download"),
    NoticeKind(
        key=PACK,
        label=_("Evidence packs that I asked for"),
        reason=_("You asked for it."),
        may_be_silenced=True,
        icon="archive",
    ),
    Command(
        key="duties.packs",
        label=_("Make an evidence pack"),
        icon="archive",
        url_name="duties:pack-list",
        right=EVIDENCE,
        also=_("evidence proof zip export period auditor download"),
        order=432,
    ),
    FieldWords(key="pack", label=_("Evidence pack")),
    FieldWords(key="starts_on", label=_("From")),
    FieldWords(key="ends_on", label=_("Until")),
    FieldWords(key="manifest_sha256", label=_("SHA-256 of the manifest")),
    TrailVerb(action="duties.list.exported", sentence=_("exported the list"), icon="file-export"),
    TrailVerb(action="duties.post.changed", sentence=_("named who answers for the duty"), icon="user-check"),
    FieldWords(key="responsible", label=_("Responsible")),
    FieldWords(key="deputies", label=_("Deputies")),
    FieldWords(key="duty", label=_("Duty"), words=_duty_words),
    FieldWords(key="task", label=_("What is to be done")),
    FieldWords(key="evidence_wanted", label=_("What counts as evidence")),
    FieldWords(key="outcome", label=_("Outcome")),
    FieldWords(key="checklist", label=_("Checklist")),
    FieldWords(key="item", label=_("Item")),
    FieldWords(key="skip_reason", label=_("Why it was skipped")),
    FieldWords(key="writers", is_told=lambda value: False),
)
