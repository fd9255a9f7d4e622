"""What a record is called and where it stands: all that a line about it needs."""

from dataclasses import dataclass

from foundation.registry import RecordKind, registry
from foundation.ui.addresses import address_of


@dataclass(frozen=True)
class RecordName:
    """A record by its key, kind, reference and title, as statements written by hand read them. Its kind is a registered one."""

    pk: int
    kind: str
    reference: str
    title: str

    def get_absolute_url(self) -> str:
        """Return the path of the record's page."""
        return address_of(self.kind_entry.detail_url_name, self.reference)

    @property
    def kind_entry(self) -> RecordKind:
        """Return what the registry knows of the record's kind."""
        return registry.get(RecordKind, self.kind)


def known_kinds() -> tuple[str, ...]:
    """Return the kinds that are registered, as a value of `IN`: a record of another has no page."""
    return tuple(kind.key for kind in registry.all(RecordKind)) or ("",)
