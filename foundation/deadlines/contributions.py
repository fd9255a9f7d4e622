"""What deadlines give to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.deadlines.models import Ladder
from foundation.deadlines.selectors import deadlines_held
from foundation.deadlines.services import deadlines_hand_over, deadlines_scan
from foundation.deadlines.wording import snoozed_day
from foundation.registry import (
    FieldWords,
    FirstStep,
    HandOver,
    NavigationEntry,
    NoticeKind,
    NoticeSource,
    TrailVerb,
    registry,
)

registry.register(
    NavigationEntry(
        key="ladders",
        label=_("Reminder ladders"),
        icon="bell-ringing",
        url_name="deadlines:ladder-list",
        group="manage",
        order=910,
        right="ladders.manage",
        whole_organisation=True,
    ),
    HandOver(
        key="deadlines",
        label=_("Dates to see to"),
        order=700,
        held=deadlines_held,
        hand_over=deadlines_hand_over,
    ),
    FirstStep(
        key="deadlines.ladders",
        label=_("Decide when people are reminded"),
        text=_("Look through the reminder ladders, and change or add one."),
        icon="bell-ringing",
        url_name="deadlines:ladder-list",
        order=60,
        done=lambda now: Ladder.objects.exclude(key="standard", version=1),
        right="ladders.manage",
    ),
    NoticeSource(key="deadlines", write=deadlines_scan),
    NoticeKind(
        key="deadlines.reminder",
        label=_("Dates of what is assigned to me, or what I take part in"),
        icon="clock",
        reason=_("A date is assigned to you, or you take part in what it belongs to."),
    ),
    NoticeKind(
        key="deadlines.escalation",
        label=_("Dates of others that are late"),
        icon="clock-exclamation",
        reason=_("It is late, and you are the manager of whom it is assigned to, or the CISO."),
        may_be_digested=False,
    ),
    FieldWords(key="date", label=_("Date")),
    FieldWords(key="snoozed_until", label=_("Snoozed until"), words=snoozed_day),
    TrailVerb(
        action="deadlines.deadline.snoozed", sentence=_("put off the reminders of a date"), icon="hourglass"
    ),
    TrailVerb(
        action="deadlines.deadline.woken", sentence=_("let a date be reminded of again"), icon="bell-ringing"
    ),
    TrailVerb(action="deadlines.ladder.created", sentence=_("made a reminder ladder"), icon="bell"),
    TrailVerb(
        action="deadlines.ladder.changed", sentence=_("changed a reminder ladder"), icon="bell-ringing"
    ),
)
