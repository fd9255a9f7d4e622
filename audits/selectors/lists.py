"""Reads for the lists of audits and for the side bar."""

from datetime import datetime

from django.core.cache import cache
from django.db.models import Exists, OuterRef

from audits.models import AuditListing
from audits.querysets import AuditListingQuerySet
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.records.choices import Confidentiality

KEPT_LEADS = "audits.lead-choices"
KEPT_SECONDS = 60


def late_audits(user: User, now: datetime) -> AuditListingQuerySet:
    """Return the audits that the person leads or owns and that wait for a step which is late."""
    today = now.astimezone(organisation_zone()).date()
    rows: AuditListingQuerySet = AuditListing.objects.unarchived().late(today).run_by(user)
    return rows


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
