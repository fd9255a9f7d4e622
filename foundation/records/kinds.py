"""The kinds of records and their duties, as they are offered in filters."""

from foundation.registry import DutyEntry, NavigationEntry, RecordKind, registry


def kind_options() -> list[tuple[str, str]]:
    """Return the kinds of records for a select, in the order of the alphabet."""
    kinds = [(kind.key, str(kind.label_plural)) for kind in registry.all(RecordKind)]
    return sorted(kinds, key=lambda kind: kind[1])


def duty_options() -> list[tuple[str, str]]:
    """Return the duties that have records for a select, in the order of the alphabet."""
    keys = {kind.duty for kind in registry.all(RecordKind) if kind.duty}
    duties = [(key, str(registry.get(NavigationEntry, key).label)) for key in keys]
    return sorted(duties, key=lambda duty: duty[1])


def kinds_of_duty(duty: str) -> tuple[str, ...]:
    """Return the kinds of records that belong to a duty."""
    return tuple(kind.key for kind in registry.all(RecordKind) if kind.duty == duty)


def numbered_duties() -> list[tuple[str, str]]:
    """Return the duties of the office for a select, by their numbers."""
    entries = sorted(registry.all(DutyEntry), key=lambda entry: entry.number)
    return [(entry.key, str(entry.label)) for entry in entries]


def kinds_of_areas(duty: DutyEntry) -> tuple[str, ...]:
    """Return the kinds of records that belong to a duty of the office as a whole."""
    return tuple(kind.key for kind in registry.all(RecordKind) if kind.duty and kind.duty in duty.areas)
