"""The time zones of the IANA database, read from the machine once a process."""

from functools import cache
from zoneinfo import available_timezones

# Names that are no place, kept by the database for old programs.
NO_PLACES = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all zones."""
    return frozenset(available_timezones())


@cache
def places() -> tuple[str, ...]:
    """Return the zones that people choose from, by continent and place."""
    return tuple(sorted(name for name in zone_names() if "/" in name and not name.startswith(NO_PLACES)))
