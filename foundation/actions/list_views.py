"""The list of actions, its files, and what is done to many of them at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.organisation import organisation_day
from foundation.actions.choices import ACTION_TONES, JUDGED_STATES, PROPOSALS, ActionNature, ActionState
from foundation.actions.filters import ActionFilters
from foundation.actions.models import Action, ActionListing
from foundation.actions.services import AWAITED, DUE, action_change, owner_refusal
from foundation.actions.sources import agreeing_shared
from foundation.deadlines.bulk_move import BulkDateMove
from foundation.deadlines.wording import record_path
from foundation.records.bulk import BulkAssign, RecordBulkPage
from foundation.records.pages import LongRecordList
from foundation.ui.columns import Column, QuickFilter
from foundation.ui.components import Badge, Due, Noted, Person, Reference, Tone, When
from foundation.ui.filters import ANY
from foundation.ui.navigation import also_count
from foundation.ui.structure import EmptyState

MANAGE = "actions.manage"
UNSETTLED_FIRST = {"state": "unsettled"}


@cache
def action_badge(state: str) -> Badge:
    """Return a state of actions as it is shown; the same badge each time, so that a list draws it once."""
    return Badge(ActionState(state).label, ACTION_TONES[state], dot=True)


class ActionList(LongRecordList):
    """All actions that the reader may know of, whatever they follow from."""

    listing = ActionListing
    joined = ("unit", "owner", "verifier")
    right_for_many = MANAGE
    assign_page, move_page = "actions:actions-assign", "actions:actions-move"
    title = lazy("Actions")
    rows_label = lazy("Actions")
    filterset_class = ActionFilters
    primary_filters = ("q", "state", "unit", "owner")
    default_filters = UNSETTLED_FIRST
    quick_filters = (
        QuickFilter(lazy("Not settled"), UNSETTLED_FIRST),
        QuickFilter(lazy("Late"), {"late": "on"}),
        QuickFilter(lazy("Mine"), {"mine": "on"}),
        QuickFilter(lazy("Mine to verify"), {"to_judge": "on"}),
        QuickFilter(lazy("All"), {"state": ANY}),
    )
    template_name = "actions/action_list.html"
    columns = (
        Column("reference", lazy("Reference"), order=("pk",)),
        Column("title", lazy("Title"), order=("title",), is_title=True),
        Column("source", lazy("Follows from"), order=("source_id",)),
        Column("nature", lazy("Nature"), is_extra=True),
        Column("state", lazy("State")),
        Column("unit", lazy("Business unit")),
        Column("owner", lazy("Owner")),
        Column("verifier", lazy("Verifier"), is_extra=True),
        Column("due_on", lazy("Next due"), order=("due_on",)),
        Column("done_at", lazy("Done"), is_extra=True),
        Column("confidentiality", lazy("Confidentiality"), is_extra=True),
    )
    default_sort = "due_on"
    file_name = "actions"
    trail_action = "actions.list.exported"

    def get_written(self, rows: Any) -> QuerySet[Any]:
        """Add what they follow from, where the reader may know of that."""
        return rows.with_sources_for(self.request.user) if self.holds("source") else rows

    def keys_shown(self, rows: list[Any]) -> set[int]:
        """Return the keys of the actions, and of what they follow from where that is named."""
        named = {row.source_id for row in rows if row.source_reference} if self.holds("source") else set()
        return super().keys_shown(rows) | named

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return _("What has to be done about records, by whom and until when")

    def get_extra_context(self) -> Mapping[str, Any]:
        """Count what is in which state, whatever the list is narrowed by: with the numbers of the side bar."""
        seen = ActionListing.objects.visible_to(self.request.user).unarchived()
        counted = {
            "proposed": seen.in_state(ActionState.PROPOSED),
            "open": seen.in_state(ActionState.OPEN),
            "to_verify": seen.in_state(ActionState.TO_VERIFY),
            "verified": seen.in_state(ActionState.VERIFIED),
            "late": seen.late(organisation_day(self.now)),
            "nobody": seen.unverified(),
        }
        also_count(self.request, counted)
        return {}

    def get_empty_state(self) -> EmptyState:
        """Say where actions come from."""
        text = _("They are agreed on from the page of a record that they follow from, such as an audit.")
        return EmptyState(_("No actions yet"), text, "checkbox")

    def cell_source(self, row: Any) -> Any:
        """Name what it follows from, where the reader may know of that."""
        if not row.source_reference:
            return ""
        return Reference(row.source_reference, record_path(row.source_kind, row.source_reference))

    def joins(self, name: str) -> bool:
        """Tell that the verifier is named beside the state, too."""
        return super().joins(name) or (name == "verifier" and self.holds("state"))

    def cell_state(self, row: ActionListing) -> Any:
        """Name the state, and who takes the next step where that is not the owner."""
        state = action_badge(row.state)
        if row.state not in JUDGED_STATES or not row.verifier:
            return state
        words = (
            _("by %(person)s") if row.state == ActionState.TO_VERIFY else _("%(person)s checks the effect")
        )
        return Noted(state, words % {"person": row.verifier.full_name})

    def cell_nature(self, row: ActionListing) -> str:
        """Name the nature."""
        return row.get_nature_display()

    def cell_verifier(self, row: ActionListing) -> Any:
        """Name who verifies it, of a corrective action; say where nobody can until somebody is named."""
        if row.verifier:
            return Person(row.verifier.full_name)
        is_missing = row.nature == ActionNature.CORRECTIVE and not (row.is_settled or row.state in PROPOSALS)
        return Badge(_("Nobody"), Tone.ATTENTION, "alert-triangle") if is_missing else ""

    def cell_due_on(self, row: ActionListing) -> Due:
        """Show by when the next step is to be taken, and how far off that is until it is settled."""
        return Due(row.due_on, self.now, done=row.is_settled)

    def cell_done_at(self, row: ActionListing) -> Any:
        """Show when it was done."""
        return When(row.done_at, self.now) if row.done_at else ""


class ActionBulkPage(RecordBulkPage):
    """What assigning and moving have in common."""

    list_key = "actions:action-list"
    right = MANAGE
    rows_label = lazy("Actions")
    columns = (
        Column("reference", lazy("Reference")),
        Column("title", lazy("Title"), is_title=True),
        Column("state", lazy("State")),
        Column("owner", lazy("Owner")),
        Column("verifier", lazy("Verifier")),
        Column("due_on", lazy("Next due")),
    )

    def get_rows_of(self, keys: Sequence[int]) -> Sequence[Action]:
        """Return the actions, in the order of their dates."""
        rows = Action.objects.visible_to(self.actor).filter(pk__in=keys)
        found = list(rows.select_related("owner", "unit", "verifier", "source").order_by("due_on", "pk"))
        agreeing_shared(found)
        return found

    def cell_state(self, row: Action) -> Badge:
        """Name the state."""
        return action_badge(row.state)

    def cell_verifier(self, row: Action) -> Person | None:
        """Name who verifies it."""
        return Person(row.verifier.full_name) if row.verifier else None

    def cell_due_on(self, row: Action) -> When:
        """Show by when the next step is to be taken."""
        return When(row.next_due_on, self.now)


class ActionsAssign(BulkAssign, ActionBulkPage):
    """Gives actions another owner."""

    title = lazy("Assign actions")

    def change_refusal(self, row: Action) -> str | None:
        """Return what keeps an action from being given to anybody."""
        return owner_refusal(action=row, person=self.actor)

    def change_record(self, row: Action, changes: dict[str, Any], **given: Any) -> None:
        """Give an action to the owner chosen."""
        action_change(action=row, changes=changes, **given)


class ActionsMove(BulkDateMove, ActionBulkPage):
    """Lets what actions wait for be due some days later or earlier, as the calendar does."""

    title = lazy("Move the dates of actions")
    date_kind = DUE

    def date_kind_of(self, row: Action) -> str:
        """Return the kind of the date that it waits for; that of a proposal is nobody's to move."""
        movable = row.state in AWAITED and not row.is_proposal
        return AWAITED[row.state][0] if movable else DUE

    def date_of(self, row: Action) -> date:
        """Return when its next step is due."""
        return row.next_due_on
