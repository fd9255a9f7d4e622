"""The list of exceptions, and its file."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from exceptions.choices import ExceptionState
from exceptions.filters import ExceptionFilters
from exceptions.models import ExceptionListing
from exceptions.parts import document_named, end_shown, risk_badge, state_shown
from exceptions.permissions import REQUEST
from foundation.accounts.organisation import organisation_day
from foundation.lists.pages import OPEN_FIRST
from foundation.records.choices import Confidentiality
from foundation.records.pages import LongRecordList
from foundation.ui.addresses import address_of
from foundation.ui.columns import Column, QuickFilter
from foundation.ui.components import When
from foundation.ui.filters import ANY
from foundation.ui.structure import Action, EmptyState

# The columns that are read from the exception itself.
OF_EXCEPTIONS = ("section", "systems", "version", "reason", "compensation", "risk_words")


class ExceptionList(LongRecordList):
    """All exceptions that the reader may know of, as they stand today."""

    listing = ExceptionListing
    title = lazy("Exceptions")
    rows_label = lazy("Exceptions")
    filterset_class = ExceptionFilters
    default_filters = OPEN_FIRST
    primary_filters = ("q", "state", "risk", "unit")
    quick_filters = (
        QuickFilter(lazy("Open"), OPEN_FIRST),
        QuickFilter(lazy("Over within 30 days"), {"state": "ending"}),
        QuickFilter(lazy("To decide again"), {"state": "overtaken"}),
        QuickFilter(lazy("Expired"), {"state": ExceptionState.EXPIRED.value}),
        QuickFilter(lazy("Mine"), {"mine": "on", "state": ANY}),
        QuickFilter(lazy("All"), {"state": ANY}),
    )
    columns = (
        Column("reference", lazy("Reference"), order=("pk",)),
        Column("title", lazy("Title"), order=("title",), is_title=True),
        Column("document", lazy("Document"), order=("document_title",)),
        Column("unit", lazy("Business unit")),
        Column("risk", lazy("Risk")),
        Column("expires_on", lazy("In force until"), order=("expires_on",)),
        Column("state", lazy("State")),
        Column("owner", lazy("Owner")),
        Column("section", lazy("Section"), is_extra=True),
        Column("systems", lazy("Systems"), is_extra=True),
        Column("starts_on", lazy("In force from"), order=("starts_on",), is_extra=True),
        Column("version", lazy("Version"), is_extra=True),
        Column("confidentiality", lazy("Confidentiality"), is_extra=True),
        Column("reason", lazy("Why"), exports_only=True),
        Column("compensation", lazy("Compensating controls"), exports_only=True),
        Column("risk_words", lazy("Risk in words"), exports_only=True),
    )
    default_sort = "expires_on"
    file_name = "exceptions"
    trail_action = "exceptions.list.exported"

    @cached_property
    def today(self) -> date:
        """Return the organisation's day."""
        return organisation_day(self.now)

    def get_written(self, rows: Any) -> "QuerySet[ExceptionListing]":
        """Add the documents, where the reader may know of them, and the exceptions themselves where a column says more of them."""
        written = rows.with_documents_for(self.request.user) if self.holds("document") else rows
        if not any(self.holds(name) for name in OF_EXCEPTIONS):
            return written
        told = written.select_related("exception__version_in_force")
        return told.defer("exception__version_in_force__body")

    def keys_shown(self, rows: list[Any]) -> set[int]:
        """Return the keys of the rows, and of the documents that are linked."""
        named = (
            {row.document_id for row in rows if row.document_reference} if self.holds("document") else set()
        )
        return super().keys_shown(rows) | named

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return _("Who need not follow which policy, why, what is done instead, and until when")

    def get_actions(self) -> Sequence[Action]:
        """Offer what the reader may do."""
        if not self.may(REQUEST):
            return ()
        url = reverse("exceptions:exception-begin")
        return (Action(_("Ask for an exception"), url, icon="plus", primary=True),)

    def get_empty_state(self) -> EmptyState:
        """Say what to do first, to those who may."""
        return EmptyState(
            _("No exceptions"),
            _("Whoever can't follow a policy for a while asks for an exception; it ends on its day."),
            "shield-check",
            self.get_actions(),
        )

    def cell_document(self, row: Any) -> Any:
        """Name the document."""
        reference = row.document_reference
        url = address_of("policies:document-detail", reference) if reference else ""
        is_restricted = row.document_kept == Confidentiality.RESTRICTED
        return document_named(row.document_title, url, is_restricted=is_restricted)

    def cell_risk(self, row: ExceptionListing) -> Any:
        """Name the risk."""
        return risk_badge(row.risk)

    def cell_state(self, row: ExceptionListing) -> Any:
        """Name the state in which it stands today."""
        return state_shown(row, self.today)

    def cell_expires_on(self, row: ExceptionListing) -> Any:
        """Show until when it holds."""
        return end_shown(row, self.now, self.today)

    def export_expires_on(self, row: ExceptionListing) -> date:
        """Return the day."""
        return row.expires_on

    def cell_starts_on(self, row: ExceptionListing) -> When:
        """Show from when it holds."""
        return When(row.starts_on, self.now)

    def export_starts_on(self, row: ExceptionListing) -> date:
        """Return the day."""
        return row.starts_on

    def cell_section(self, row: ExceptionListing) -> str:
        """Name the section."""
        return row.exception.section_title or "–"

    def cell_version(self, row: ExceptionListing) -> str:
        """Name the version from which it was asked for."""
        return row.exception.version_in_force.label

    def cell_systems(self, row: ExceptionListing) -> str:
        """Name the systems."""
        return row.exception.systems

    def cell_reason(self, row: ExceptionListing) -> str:
        """Say why."""
        return row.exception.reason

    def cell_compensation(self, row: ExceptionListing) -> str:
        """Say what is done instead."""
        return row.exception.compensation

    def cell_risk_words(self, row: ExceptionListing) -> str:
        """Say what may go wrong."""
        return row.exception.risk_words
