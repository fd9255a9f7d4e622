"""Which actions: adjectives that chain."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db.models import JSONField

from foundation.actions.choices import NOT_STANDING, PROPOSALS, SETTLED, ActionNature, ActionState
from foundation.records.querysets import ListingQuerySet, RecordQuerySet, known_value
from foundation.records.written import Written

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

# The references of what follows from a record, directly or over other actions, and is still to be done or verified. Inside,
# no table may bear the name that the query around it has for its own.
BELOW = """COALESCE((
    WITH RECURSIVE below(id) AS (
        SELECT first.record_ptr_id FROM actions_action AS first WHERE first.source_id = {key}
        UNION ALL
        SELECT further.record_ptr_id FROM below JOIN actions_action AS further ON further.source_id = below.id
    )
    SELECT jsonb_agg(listed.reference ORDER BY listed.id)
    FROM below JOIN records_record AS listed ON listed.id = below.id WHERE listed.state IN ('open', 'to_verify')
), '[]')"""
DAYS_AGREED = """COALESCE((
    SELECT jsonb_agg(been.due_on ORDER BY been.pgh_id)
    FROM actions_actionevent AS been WHERE been.pgh_obj_id = {key} AND been.agreed_at IS NOT NULL
), '[]')"""


class ActionQuerySet(RecordQuerySet):
    """Actions of all sources."""

    def locked(self) -> Self:
        """Lock them until the transaction ends, with the part that holds their state: hold first what they follow from (`source_held_first()`)."""
        return self.select_for_update(of=("self", "record_ptr"))

    def open(self) -> Self:
        """Keep what is still to be done."""
        return self.filter(state=ActionState.OPEN)

    def agreed(self) -> Self:
        """Keep what was agreed on and not cancelled: neither what is only proposed, nor what was withdrawn."""
        return self.exclude(state__in=NOT_STANDING)

    def with_unfinished_below(self) -> Self:
        """Add what `Action.unfinished_below` reads, so that a page needs no query for it."""
        return self.annotate(below_read=Written(BELOW, {"key": "pk"}, output_field=JSONField()))

    def with_agreed_days(self) -> Self:
        """Add the days until which each was to be done (`days_agreed`, in ISO 8601), version by version since it was agreed on."""
        return self.annotate(days_agreed=Written(DAYS_AGREED, {"key": "pk"}, output_field=JSONField()))


class ActionListingQuerySet(ListingQuerySet):
    """Actions as lists show them: the same adjectives, on the narrow copies."""

    def in_state(self, *states: str) -> Self:
        """Keep what is in one of some states, of which all are settled or none is."""
        (is_settled,) = {state in SETTLED for state in states}
        return self.filter(is_settled=is_settled, state__in=states)

    def unsettled(self) -> Self:
        """Keep what is still to be done, to be verified, or to be seen to work."""
        return self.filter(is_settled=False)

    def late(self, today: date) -> Self:
        """Keep what is agreed on and not settled although the day of its next step is over; `today` is the organisation's."""
        return self.unsettled().filter(due_on__lt=today).exclude(state__in=PROPOSALS)

    def unverified(self) -> Self:
        """Keep the corrective actions that are agreed on, not settled, and that nobody is named to verify."""
        return self.judged_some_day().filter(verifier=None)

    def judged_some_day(self) -> Self:
        """Keep the corrective actions that are agreed on and not settled."""
        return self.unsettled().filter(nature=ActionNature.CORRECTIVE).exclude(state__in=PROPOSALS)

    def with_sources_for(self, user: AnyUser) -> Self:
        """Name what each follows from (`source_kind`, `source_reference`), where the person may know of that."""
        return self.annotate(
            source_kind=known_value(user, "source__", "kind"),
            source_reference=known_value(user, "source__", "reference"),
        )
