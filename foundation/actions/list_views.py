"""The list of actions, its files, and what is done to many of them at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.organisation import organisation_day
from foundation.actions.choices import ACTION_TONES, JUDGED_STATES, ActionNature, ActionState
from foundation.actions.filters import ActionFilters
from foundation.actions.models import Action, ActionListing
from foundation.actions.querysets import ActionListingQuerySet
from foundation.actions.services import AWAITED, DUE, action_change, owner_refusal
from foundation.deadlines.bulk_move import BulkDateMove
from foundation.deadlines.wording import record_path
from foundation.lists.bulk import Chosen, StepRefused
from foundation.lists.pages import WorkingList
from foundation.records.bulk import OwnerForm, RecordBulkPage
from foundation.records.pages import RecordRows
from foundation.records.querysets import visibility_grounds
from foundation.records.services import StaleRecord
from foundation.ui.columns import Column, QuickFilter
from foundation.ui.components import Badge, Due, Link, Listing, Noted, Person, Reference, Tone, When
from foundation.ui.filters import ANY
from foundation.ui.navigation import also_count
from foundation.ui.structure import Action as Button
from foundation.ui.structure import EmptyState

MANAGE = "actions.manage"
# What is read along with the rows, by the columns that show it.
JOINED = {"unit": ("unit",), "owner": ("owner",), "verifier": ("state", "verifier")}
UNSETTLED_FIRST = {"state": "unsettled"}


class ActionList(RecordRows, WorkingList):
    """All actions that the reader may know of, whatever they follow from."""

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

    def get_rows(self) -> ActionListingQuerySet:
        """Return the narrow rows, with the names that their cells show."""
        rows: ActionListingQuerySet = ActionListing.objects.visible_to(self.request.user).unarchived()
        return rows.select_related(
            *(name for name, columns in JOINED.items() if any(self.holds(column) for column in columns))
        )

    def get_written(self, rows: Any) -> QuerySet[Any]:
        """Add what they follow from, where the reader may know of that."""
        return rows.with_sources_for(self.request.user) if self.holds("source") else rows

    def get_shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Add the versions that a step for many is taken at, for who may take one."""
        named = self.get_written(rows)
        return named.annotate(version=F("action__version")) if self.may_change_many else named

    def keys_shown(self, rows: list[Any]) -> set[int]:
        """Return the keys of the actions, and of what they follow from where that is named."""
        named = {row.source_id for row in rows if row.source_reference} if self.holds("source") else set()
        return super().keys_shown(rows) | named

    def get_grounds(self) -> Sequence[Q]:
        """Return the grounds on which the reader may know of actions."""
        return visibility_grounds(self.request.user)

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return _("What has to be done about records, by whom and until when")

    def get_extra_context(self) -> Mapping[str, Any]:
        """Count what is in which state, whatever the list is narrowed by: with the numbers of the side bar."""
        seen = ActionListing.objects.visible_to(self.request.user).unarchived()
        counted = {
            "open": seen.in_state(ActionState.OPEN),
            "to_verify": seen.in_state(ActionState.TO_VERIFY),
            "verified": seen.in_state(ActionState.VERIFIED),
            "late": seen.late(organisation_day(self.now)),
            "nobody": seen.unverified(),
        }
        also_count(self.request, counted)
        return {}

    @property
    def may_change_many(self) -> bool:
        """Tell whether there are actions that the reader may change."""
        return bool(self.request.access.has_anywhere(MANAGE))  # type: ignore[attr-defined]

    def get_bulk_actions(self) -> Sequence[Button]:
        """Offer what is done to many at once, to those who may."""
        if not self.may_change_many:
            return ()
        return (
            Button(_("Assign"), reverse("actions:actions-assign"), icon="user-check"),
            Button(_("Move dates"), reverse("actions:actions-move"), icon="calendar-due"),
        )

    def get_empty_state(self) -> EmptyState:
        """Say where actions come from."""
        text = _("They are agreed on from the page of a record that they follow from, such as an audit.")
        return EmptyState(_("No actions yet"), text, "checkbox")

    def cell_reference(self, row: ActionListing) -> Reference:
        """Link the reference."""
        return Reference(row.reference, row.get_absolute_url())

    def cell_title(self, row: ActionListing) -> Any:
        """Link the title; say what is restricted."""
        link = Link(row.title, row.get_absolute_url())
        return (
            Listing((link, Badge(_("Restricted"), Tone.ATTENTION, "lock")), " ")
            if row.is_restricted
            else link
        )

    def export_title(self, row: ActionListing) -> str:
        """Return the title alone."""
        return row.title

    def cell_source(self, row: Any) -> Any:
        """Name what it follows from, where the reader may know of that."""
        if not row.source_reference:
            return ""
        return Reference(row.source_reference, record_path(row.source_kind, row.source_reference))

    def cell_state(self, row: ActionListing) -> Any:
        """Name the state, and who takes the next step where that is not the owner."""
        if row.state not in JUDGED_STATES or not row.verifier:
            return _state(row)
        words = (
            _("by %(person)s") if row.state == ActionState.TO_VERIFY else _("%(person)s checks the effect")
        )
        return Noted(_state(row), words % {"person": row.verifier.full_name})

    def cell_nature(self, row: ActionListing) -> str:
        """Name the nature."""
        return row.get_nature_display()

    def cell_owner(self, row: ActionListing) -> Person:
        """Name the owner."""
        return Person(row.owner.full_name)

    def cell_verifier(self, row: ActionListing) -> Any:
        """Name who verifies it, of a corrective action; say where nobody can until somebody is named."""
        if row.verifier:
            return Person(row.verifier.full_name)
        is_missing = row.nature == ActionNature.CORRECTIVE and not row.is_settled
        return Badge(_("Nobody"), Tone.ATTENTION, "alert-triangle") if is_missing else ""

    def cell_due_on(self, row: ActionListing) -> Due:
        """Show by when the next step is to be taken, and how far off that is until it is settled."""
        return Due(row.due_on, self.now, done=row.is_settled)

    def cell_done_at(self, row: ActionListing) -> Any:
        """Show when it was done."""
        return When(row.done_at, self.now) if row.done_at else ""

    def cell_confidentiality(self, row: ActionListing) -> str:
        """Name the confidentiality."""
        return row.get_confidentiality_display()


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
        return list(rows.select_related("owner", "unit", "verifier").order_by("due_on", "pk"))

    def cells_of(self, row: Action) -> list[Any]:
        """Show what tells one action from another, and what the step may change."""
        return [
            Reference(row.reference, row.get_absolute_url()),
            row.title,
            _state(row),
            Person(row.owner.full_name),
            Person(row.verifier.full_name) if row.verifier else "",
            When(row.next_due_on, self.now),
        ]


class ActionsAssign(ActionBulkPage):
    """Gives actions another owner."""

    form_class = OwnerForm
    title = lazy("Assign actions")
    submit_label = lazy("Assign")

    def refusal_for(self, row: Action) -> str:
        """Return what keeps an action from being given to anybody."""
        return self.right_refusal(row) or owner_refusal(row) or ""

    def take(self, chosen: Chosen, form: OwnerForm) -> None:
        """Change one action, as its form would."""
        try:
            action_change(
                action=chosen.row,
                changes={"owner": form.cleaned_data["owner"]},
                actor=self.actor,
                now=self.now,
                version=chosen.version,
            )
        except StaleRecord as stale:
            raise StepRefused(str(stale)) from stale


class ActionsMove(BulkDateMove, ActionBulkPage):
    """Lets what actions wait for be due some days later or earlier, as the calendar does."""

    title = lazy("Move the dates of actions")
    date_kind = DUE

    def date_kind_of(self, row: Action) -> str:
        """Return the kind of the date that it waits for."""
        return AWAITED[row.state][0] if row.state in AWAITED else DUE

    def date_of(self, row: Action) -> date:
        """Return when its next step is due."""
        return row.next_due_on


def _state(row: Action | ActionListing) -> Badge:
    return Badge(ActionState(row.state).label, ACTION_TONES[row.state], dot=True)
