"""Words, times and days as a person reads them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.ui.dates import whole_days_in

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


@contextmanager
def reading_as(user: "AnyUser") -> Iterator[None]:
    """Use the person's language and time zone, or the organisation's. Whole days are those of the organisation."""
    person = user if isinstance(user, User) else None
    zone = organisation_zone()
    own_zone = ZoneInfo(person.time_zone) if person and person.time_zone else zone
    known = person is not None and translation.check_for_language(person.language)
    language = person.language if person and known else translation.get_language()
    with translation.override(language), timezone.override(own_zone), whole_days_in(zone):
        yield
