"""What pages show of files."""

from dataclasses import dataclass

from django.db.models import QuerySet

from foundation.files.inspection import KINDS
from foundation.files.inspection.names import extension_of
from foundation.files.models import File, FileVersion
from foundation.records.models import Record


@dataclass(frozen=True)
class FileLine:
    """A file as a list shows it, by its newest version."""

    file: File
    version: FileVersion

    @property
    def icon(self) -> str:
        """Return the icon of its kind."""
        return icon_of(self.version)

    @property
    def kind(self) -> str:
        """Return the name of its kind."""
        return kind_of(self.version)


def files_of(record: Record) -> list[FileLine]:
    """Return the files of a record, the newest first, and those that were withdrawn at the end. One query."""
    versions: QuerySet[FileVersion] = (
        FileVersion.objects.newest()
        .filter(file__record_id=record.pk)
        .select_related("file__withdrawn_by", "uploaded_by")
        .order_by("-uploaded_at", "-pk")
    )
    lines = [FileLine(version.file, version) for version in versions]
    return sorted(lines, key=lambda line: line.file.is_withdrawn)


def files_count(record: Record) -> int:
    """Return how many files of a record were not withdrawn."""
    count: int = File.objects.present().filter(record_id=record.pk).count()
    return count


def kind_of(version: FileVersion) -> str:
    """Return the name of a version's kind of file."""
    kind = KINDS.get(extension_of(version.name))
    return kind.label if kind else extension_of(version.name).upper()


def icon_of(version: FileVersion) -> str:
    """Return the icon of a version's kind of file."""
    kind = KINDS.get(extension_of(version.name))
    return kind.icon if kind else "file"
