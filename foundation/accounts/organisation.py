"""The organisation's settings, kept for some seconds in each process since every page needs them."""

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from foundation.accounts.models import Organisation

KEPT_SECONDS = 10.0
_kept: tuple[float, Organisation] | None = None


def current_organisation() -> Organisation | None:
    """Return the organisation, or None before it was set up. At most ten seconds old; None is never kept."""
    global _kept  # noqa: PLW0603 - one value a process
    if _kept and time.monotonic() - _kept[0] < KEPT_SECONDS:
        return _kept[1]
    organisation = Organisation.objects.first()
    _kept = (time.monotonic(), organisation) if organisation else None
    return organisation


def forget_organisation() -> None:
    """Let the next reader in this process see the database's row: call after a change."""
    global _kept  # noqa: PLW0603
    _kept = None


def organisation_zone() -> ZoneInfo:
    """Return the time zone that dates are meant in; UTC before the organisation was set up."""
    organisation = current_organisation()
    return ZoneInfo(organisation.time_zone if organisation else "UTC")


def organisation_day(now: datetime) -> date:
    """Return the date in the organisation's time zone: what starts or ends on a day does so by it, for everyone."""
    return timezone.localdate(now, organisation_zone())


def base_url() -> str:
    """Return the address that links in mails start with, without a slash at its end.

    The organisation's setting comes before BASE_URL of the environment. Never made from a request's Host header, which
    a stranger may choose; empty when neither is set.
    """
    organisation = current_organisation()
    return ((organisation.base_url if organisation else "") or settings.BASE_URL).rstrip("/")


def absolute_url(path: str) -> str:
    """Return a page's whole address for a mail; the path alone when no base URL is known."""
    return f"{base_url()}{path}"
