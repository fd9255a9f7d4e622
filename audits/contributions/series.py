"""What recurring audits give to the whole."""

from django.utils.translation import gettext_lazy as _

from audits.selectors import REMINDED_EARLY, decisions_of_series, series_held, series_latest
from audits.services import series_hand_over
from foundation.registry import (
    HandOver,
    NoticeKind,
    PlannedAhead,
    TrailVerb,
    registry,
)

registry.register(
    HandOver(
        key="audits.series",
        label=_("Recurring audits: who owns and leads the next ones"),
        order=110,
        held=series_held,
        hand_over=series_hand_over,
    ),
    PlannedAhead(
        key="audits.start",
        rows=series_latest,
        rule="series__rrule",
        starts_on="series__starts_on",
        since="series__next_on",
        exceptions=decisions_of_series(),
        lead="series__preparation_days",
        kinds=REMINDED_EARLY,
    ),
    TrailVerb(
        action="audits.series.handed_over",
        sentence=_("handed on who owns and leads the next ones of the series"),
        icon="users",
    ),
    NoticeKind(
        key="audits.occurrence_planned",
        label=_("Audits that the portal planned because they recur"),
        icon="calendar-repeat",
        may_be_silenced=True,
        reason=_("You own this recurring audit, or lead it."),
    ),
    TrailVerb(action="audits.series.started", sentence=_("let it recur: {after[recurrence]}"), icon="repeat"),
    TrailVerb(
        action="audits.series.changed",
        sentence=_("let it recur by another rule: {after[recurrence]}"),
        icon="repeat",
    ),
    TrailVerb(
        action="audits.series.resumed",
        sentence=_("let it recur again: {after[recurrence]}"),
        icon="repeat",
    ),
    TrailVerb(action="audits.series.ended", sentence=_("ended the series"), icon="ban"),
    TrailVerb(
        action="audits.series.followed",
        sentence=_("let the next audits of the series start from this one"),
        icon="repeat",
    ),
    TrailVerb(
        action="audits.series.skipped",
        sentence=_("skipped the occurrence of {before[occurrence]}"),
        icon="player-skip-forward",
    ),
    TrailVerb(
        action="audits.series.moved",
        sentence=_("moved the occurrence of {before[occurrence]} to {after[occurrence]}"),
        icon="calendar-event",
    ),
    TrailVerb(
        action="audits.series.restored",
        sentence=_("put the occurrence of {after[occurrence]} back in its place"),
        icon="arrow-back-up",
    ),
)
