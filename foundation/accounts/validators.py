"""Checks on values of people and the organisation."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless the value names a zone of the IANA database."""
    if value not in available_timezones():
        raise ValidationError(
            _("“%(value)s” is not a time zone such as Europe/Lisbon."), params={"value": value}
        )
