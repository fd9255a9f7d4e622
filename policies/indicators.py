"""The numbers that tell how the duty of policies stands, as far as documents go."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from foundation.accounts.organisation import organisation_day
from foundation.registry import Better, DutyIndicator, Standing
from foundation.registry.measuring import asked_soon, days_soon
from policies.choices import DECIDING, IN_FORCE
from policies.models import DocumentListing

DOCUMENTS = ngettext_lazy("document", "documents", "count")


def reviews_late(area: str, now: datetime) -> Any:
    """Return the documents whose review was due before today."""
    return DocumentListing.objects.unarchived().open().review_overdue(organisation_day(now))


def reviews_soon(area: str, now: datetime) -> Any:
    """Return the documents whose review is due soon."""
    return (
        DocumentListing.objects.unarchived().open().filter(review_on__range=days_soon(organisation_day(now)))
    )


def documents_deciding(area: str, now: datetime) -> Any:
    """Return the documents that wait for approval."""
    return DocumentListing.objects.unarchived().filter(state__in=DECIDING)


def documents_in_force(area: str, now: datetime) -> Any:
    """Return the documents in force."""
    return DocumentListing.objects.unarchived().filter(state__in=IN_FORCE)


INDICATORS = (
    DutyIndicator(
        key="policies.reviews_late",
        area="policies",
        label=_("Reviews of documents overdue"),
        unit_label=DOCUMENTS,
        said=ngettext_lazy("%(count)s review overdue", "%(count)s reviews overdue", "count"),
        rows=reviews_late,
        url_name="policies:document-list",
        asked=lambda area, now: {"review": "late"},
        means=Standing.OVERDUE,
        order=10,
    ),
    DutyIndicator(
        key="policies.deciding",
        area="policies",
        label=_("Documents waiting for approval"),
        unit_label=DOCUMENTS,
        said=ngettext_lazy("%(count)s approval waiting", "%(count)s approvals waiting", "count"),
        rows=documents_deciding,
        url_name="policies:document-list",
        asked=lambda area, now: {"state": "deciding"},
        means=Standing.ATTENTION,
        order=20,
    ),
    DutyIndicator(
        key="policies.reviews_soon",
        area="policies",
        label=_("Reviews of documents due within 7 days"),
        unit_label=DOCUMENTS,
        said=ngettext_lazy(
            "%(count)s review due within 7 days", "%(count)s reviews due within 7 days", "count"
        ),
        rows=reviews_soon,
        url_name="policies:document-list",
        asked=lambda area, now: asked_soon(organisation_day(now), "review"),
        means=Standing.ATTENTION,
        better=Better.NEITHER,
        order=30,
    ),
    DutyIndicator(
        key="policies.in_force",
        area="policies",
        label=_("Documents in force"),
        unit_label=DOCUMENTS,
        said=ngettext_lazy("%(count)s document in force", "%(count)s documents in force", "count"),
        rows=documents_in_force,
        url_name="policies:document-list",
        asked=lambda area, now: {"state": "in_force"},
        means=Standing.PLANNED,
        better=Better.MORE,
        order=40,
    ),
)
