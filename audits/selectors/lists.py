"""Reads for the lists of audits and for the side bar."""

from datetime import datetime

from django.core.cache import cache
from django.db.models import Exists, OuterRef

from audits.models import AuditListing
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.records.choices import Confidentiality

KEPT_LEADS = "audits.lead-choices"
KEPT_SECONDS = 60
BADGE_CAP = 99


def late_audits_count(user: User, now: datetime) -> int:
    """Return how many audits that the person leads or owns wait for a step that is late; at most BADGE_CAP."""
    today = now.astimezone(organisation_zone()).date()
    mine = AuditListing.objects.unarchived().late(today).run_by(user)
    count: int = mine[:BADGE_CAP].count()
    return count


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
