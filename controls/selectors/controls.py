"""Controls with the versions, evidence and ratings that pages show of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from controls.choices import COMING, VersionState
from controls.models import (
    Control,
    ControlEvidence,
    ControlEvidenceFile,
    ControlListing,
    ControlRating,
    ControlVersion,
)
from controls.querysets import ControlListingQuerySet, ControlQuerySet
from foundation.accounts.organisation import organisation_day

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def controls_visible(user: "AnyUser") -> "ControlQuerySet":
    """Return the controls that a person may know of, each with the version that comes; two queries."""
    found: ControlQuerySet = (
        Control.objects.visible_to(user).select_related("unit", "owner").prefetch_related(_coming())
    )
    return found


def coming_read(controls: Sequence[Control]) -> None:
    """Read for many controls at once the version that comes (`coming`, a list of one or none). One query."""
    prefetch_related_objects(list(controls), _coming())


def _coming() -> "Prefetch[Any]":
    versions = ControlVersion.objects.filter(state__in=COMING).select_related("written_by")
    return Prefetch("versions", versions, to_attr="coming")


def coming_of(control: Control) -> ControlVersion | None:
    """Return the version of a control that is written or looked at, if there is one. One query."""
    found: ControlVersion | None = (
        ControlVersion.objects.filter(control=control, state__in=COMING).select_related("written_by").first()
    )
    return found


def versions_of(control: Control) -> "QuerySet[ControlVersion]":
    """Return all versions of a control, the newest first. One query."""
    found: QuerySet[ControlVersion] = (
        ControlVersion.objects.filter(control=control)
        .select_related("written_by", "approval__requested_by")
        .defer("approval__content")
        .order_by("-number")
    )
    return found


def version_of(control: Control, number: int) -> tuple[ControlVersion | None, ControlVersion | None]:
    """Return a version of a control by its number, and what was in force before it; None for what there is not. One query."""
    earlier = Q(number__lt=number) & ~Q(state=VersionState.DISCARDED)
    found = list(versions_of(control).filter(Q(number=number) | earlier)[:2])
    version = next((one for one in found if one.number == number), None)
    before = next((one for one in found if one.number < number), None)
    return version, before


def evidence_of(control: Control) -> "QuerySet[ControlEvidence]":
    """Return what was given of a control, the latest first, each with its files. Two queries."""
    shown = ControlEvidenceFile.objects.select_related("file__file")
    found: QuerySet[ControlEvidence] = (
        ControlEvidence.objects.filter(control=control)
        .select_related("given_by", "version")
        .prefetch_related(Prefetch("shown", shown))
    )
    return found


def ratings_of(control: Control) -> "QuerySet[ControlRating]":
    """Return how the control was rated, the latest first. One query."""
    found: QuerySet[ControlRating] = ControlRating.objects.filter(control=control).select_related(
        "rated_by", "owner", "version"
    )
    return found


def evidence_overdue(user: "AnyUser", now: datetime) -> ControlListingQuerySet:
    """Return the controls that a person may know of whose evidence is late."""
    found: ControlListingQuerySet = ControlListing.objects.visible_to(user).unarchived()
    return found.evidence_overdue(organisation_day(now))
