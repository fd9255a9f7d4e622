"""Reads for the lists of audits and for the side bar."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Exists, OuterRef

from audits.models import AuditListing
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.organisation import organisation_zone
from foundation.records.choices import Confidentiality

T = TypeVar("T")
CHOICES_KEPT_SECONDS = 60
BADGE_CAP = 99


@dataclass(frozen=True)
class UnitChoice:
    """A unit as a filter offers it, with the units below it."""

    pk: int
    name: str
    depth: int
    with_below: tuple[int, ...]


def late_audits_count(user: User, now: datetime) -> int:
    """Return how many audits that the person leads or owns wait for a step that is late; at most BADGE_CAP."""
    today = now.astimezone(organisation_zone()).date()
    mine = AuditListing.objects.unarchived().late(today).run_by(user)
    count: int = mine[:BADGE_CAP].count()
    return count


def unit_choices() -> list[UnitChoice]:
    """Return all units in the order of the tree, at most a minute old: every list asks for them."""
    return _kept("audits.unit-choices", _units_read)


def lead_choices() -> list[tuple[int, str]]:
    """Return everyone who leads an audit that is not restricted, at most a minute old."""
    return _kept("audits.lead-choices", _leads_read)


def _kept(key: str, read: Callable[[], list[T]]) -> list[T]:
    found: list[T] | None = cache.get(key)
    if found is None:
        found = read()
        cache.set(key, found, CHOICES_KEPT_SECONDS)
    return found


def _units_read() -> list[UnitChoice]:
    units = list(BusinessUnit.objects.values_list("pk", "name", "path").order_by("path"))
    return [
        UnitChoice(
            pk=pk,
            name=name,
            depth=path.count("/") - 1,
            with_below=tuple(other for other, _name, below in units if below.startswith(path)),
        )
        for pk, name, path in units
    ]


def _leads_read() -> list[tuple[int, str]]:
    leads = AuditListing.objects.filter(lead_auditor=OuterRef("pk"), confidentiality=Confidentiality.INTERNAL)
    return list(User.objects.filter(Exists(leads)).values_list("pk", "full_name"))
