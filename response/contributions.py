"""What incident response gives to the whole."""

from django.db.models import DateField
from django.utils.translation import gettext_lazy as _

from foundation.actions.choices import ActionNature
from foundation.actions.sources import ActionSource
from foundation.records.written import Written
from foundation.registry import (
    DeadlineKind,
    FieldWords,
    NavigationEntry,
    NoticeKind,
    OwnerChange,
    ParticipantRole,
    PlannedAhead,
    RecordFollowed,
    RecordKind,
    RecordTab,
    SampleSet,
    TrailVerb,
    registry,
)
from response.choices import SETTLED
from response.indicators import INDICATORS
from response.lifecycle import EXERCISE_LIFECYCLE
from response.permissions import TEAM, is_plan
from response.sample import sample_response
from response.search import exercise_search_text
from response.selectors import contacts_counted, exercises_counted, exercises_late, exercises_recurring
from response.services import (
    AGAIN,
    CONFIRMATION,
    HOLD,
    LEFT,
    REPORT,
    exercise_give,
    exercises_follow,
)
from response.tabs import contacts_context, exercises_context

VERBS = {
    "added": (_("put a contact on the sheet"), "user-plus"),
    "changed": (_("changed a contact"), "pencil"),
    "confirmed": (_("confirmed a contact"), "user-check"),
    "removed": (_("took a contact off the sheet"), "trash"),
    "left": (_("noted that somebody on the sheet has left"), "ban"),
    "exported": (_("took the sheet of contacts along"), "file-export"),
}

EXERCISE_VERBS = {
    "created": (_("planned the exercise"), "plus"),
    "changed": (_("changed the exercise"), "pencil"),
    "objectives": (_("changed what the exercise is to show"), "target"),
    "judged": (_("wrote down what came of the objectives"), "checks"),
    "version": (_("noted which version of the plan was exercised"), "file-text"),
    "hold": (_("held the exercise"), "player-play"),
    "close": (_("closed the exercise"), "circle-check"),
    "cancel": (_("called the exercise off"), "ban"),
}

registry.register(
    RecordKind(
        key="exercise",
        model="response.Exercise",
        prefix="EXR",
        label=_("Exercise"),
        label_plural=_("Exercises"),
        icon="users-group",
        detail_url_name="response:exercise-detail",
        search_text=exercise_search_text,
        final_states=frozenset(SETTLED),
        duty="policies",
    ),
    EXERCISE_LIFECYCLE,
    *INDICATORS,
    ActionSource(key="exercise", nature=ActionNature.TASK),
    ParticipantRole(key=TEAM, label=_("Takes part in the exercise")),
    OwnerChange(key="exercise", give=exercise_give),
    RecordFollowed(key="exercises", kind="document", react=exercises_follow),
    DeadlineKind(key=HOLD, label=_("Exercise"), audience=(TEAM,)),
    PlannedAhead(
        key=HOLD,
        rows=exercises_recurring,
        rule="rrule",
        starts_on="planned_on",
        since=Written("{day} + 1", {"day": "planned_on"}, output_field=DateField()),
    ),
    DeadlineKind(key=REPORT, label=_("Write the exercise up")),
    DeadlineKind(key=AGAIN, label=_("Exercise the plan as it is now")),
    NavigationEntry(
        key="response",
        label=_("Exercises"),
        icon="users-group",
        url_name="response:exercise-list",
        group="govern",
        order=296,
        right="records.view",
        badge=exercises_late,
    ),
    RecordTab(
        key="exercises",
        label=_("Exercises"),
        icon="users-group",
        template="response/tab_exercises.html",
        context=exercises_context,
        rows=exercises_counted,
        order=34,
        kinds=frozenset({"document"}),
        applies=is_plan,
    ),
    RecordTab(
        key="contacts",
        label=_("Contacts"),
        icon="users",
        template="response/tab_contacts.html",
        context=contacts_context,
        rows=contacts_counted,
        order=32,
        kinds=frozenset({"document"}),
        applies=is_plan,
    ),
    DeadlineKind(key=CONFIRMATION, label=_("Confirm the plan’s contacts")),
    NoticeKind(
        key=LEFT,
        label=_("People on the contact sheets of my plans who left"),
        icon="users",
        reason=_("You own this plan."),
    ),
    SampleSet(key="response", order=18, load=sample_response),
    *(
        TrailVerb(action=f"response.contact.{name}", sentence=sentence, icon=icon)
        for name, (sentence, icon) in VERBS.items()
    ),
    *(
        TrailVerb(action=f"response.exercise.{name}", sentence=sentence, icon=icon)
        for name, (sentence, icon) in EXERCISE_VERBS.items()
    ),
    TrailVerb(action="response.list.exported", sentence=_("exported the list"), icon="file-export"),
    FieldWords(key="after_hours", label=_("Out of hours")),
    FieldWords(key="deputy", label=_("Deputy")),
    FieldWords(key="outside", label=_("Somebody outside")),
    FieldWords(key="contact", label=_("Contact")),
    FieldWords(key="position", label=_("Order of calling")),
)
