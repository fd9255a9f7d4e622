"""The portal's clock, read by views and tasks; everything below them is told what time it is.

`PORTAL_CLOCK_OFFSET` (seconds) sets it ahead for tests that live through days; production refuses the setting.
"""

from datetime import datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """Return what time it is (UTC)."""
    return timezone.now() + settings.CLOCK_OFFSET
