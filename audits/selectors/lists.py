"""Reads for the lists of audits and for the side bar."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef

from audits.models import AuditListing
from audits.querysets import AuditListingQuerySet
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.actions.selectors import late_actions_of_duty
from foundation.records.choices import Confidentiality
from foundation.records.querysets import ListingQuerySet
from foundation.ui.counts import Statement

DUTY = "audits"  # the key of its navigation entry
KEPT_LEADS = "audits.lead-choices"
KEPT_SECONDS = 60


def late_audits(user: User, now: datetime) -> AuditListingQuerySet:
    """Return the audits that the person leads or owns and that wait for a step which is late."""
    today = now.astimezone(organisation_zone()).date()
    rows: AuditListingQuerySet = AuditListing.objects.unarchived().late(today).run_by(user)
    return rows


def late_of_audits(user: User, now: datetime) -> Statement:
    """Return what of the duty is late, to be counted in the side bar: audits, see `late_audits()`, and actions.

    Of the actions that follow from audits and findings, all that the person may know of: they stay here until they are done.
    """
    sql, values = late_audits(user, now).order_by().values("pk").query.sql_with_params()
    actions = late_actions_of_duty(DUTY, user, now)
    return Statement(f"({sql}) UNION ALL ({actions.sql})", (*values, *actions.values))


def counts_by(rows: ListingQuerySet, *names: str) -> Counter[tuple[Any, ...]]:
    """Return how many rows there are of each combination of these fields; one query."""
    counted = rows.order_by().values_list(*names).annotate(count=Count("pk"))
    return Counter({tuple(values): count for *values, count in counted})


def lead_choices() -> list[tuple[int, str]]:
    """Return everyone who leads an audit that is not restricted, at most a minute old."""
    found: list[tuple[int, str]] | None = cache.get(KEPT_LEADS)
    if found is None:
        found = _leads_read()
        cache.set(KEPT_LEADS, found, KEPT_SECONDS)
    return found


def _leads_read() -> list[tuple[int, str]]:
    leads = AuditListing.objects.filter(lead_auditor=OuterRef("pk"), confidentiality=Confidentiality.INTERNAL)
    return list(User.objects.filter(Exists(leads)).values_list("pk", "full_name"))
