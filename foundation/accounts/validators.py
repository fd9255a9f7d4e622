"""Checks on values of people and the organisation."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.accounts.time_zones import zone_names


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless the value names a zone of the IANA database."""
    if value not in zone_names():
        raise ValidationError(
            _("“%(value)s” is not a time zone such as Europe/Lisbon."), params={"value": value}
        )


def validate_base_url(value: str) -> None:
    """Raise ValidationError unless the value is a scheme and a host (with a port, if need be) and nothing more.

    A host without dots is fine: many portals have one inside their network.
    """
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - raises ValueError when it is no port
    except ValueError:
        parts = urlsplit("")
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.username is not None
        or parts.path not in {"", "/"}
        or parts.query
        or parts.fragment
        or any(character.isspace() or not character.isprintable() for character in value)
    ):
        raise ValidationError(
            _("Write the address as https:// and the host, such as https://portal.example.com.")
        )
