"""What pages show of files."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime

from foundation.accounts.models import User
from foundation.files.inspection import KINDS
from foundation.files.inspection.names import extension_of
from foundation.files.models import File, FileVersion
from foundation.records.lexemes import question_of
from foundation.records.models import Record
from foundation.registry import SearchHit


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


def files_present(record: Record) -> QuerySet[File]:
    """Return the files of a record that were not withdrawn."""
    present: QuerySet[File] = File.objects.present().filter(record_id=record.pk)
    return present


def files_matching(*, user: User, text: str, now: datetime, limit: int) -> list[SearchHit]:
    """Return files whose name or description holds all words of a text, the latest first, of records that the person sees."""
    versions = (
        FileVersion.objects.newest().present().visible_to(user).filter(words__matches=question_of(text))
    )
    lines = versions.select_related("file__record", "uploaded_by").defer("words", "file__record__words")
    return [
        SearchHit(
            title=version.name,
            url=version.file.get_absolute_url(),
            record=version.file.record,
            text=version.file.description,
            note=f"{version.uploaded_by.full_name}, {date_format(localtime(version.uploaded_at))}",
        )
        for version in lines.order_by("-pk")[:limit]
    ]


def kind_of(version: FileVersion) -> str:
    """Return the name of a version's kind of file."""
    kind = KINDS.get(extension_of(version.name))
    return kind.label if kind else extension_of(version.name).upper()


def icon_of(version: FileVersion) -> str:
    """Return the icon of a version's kind of file."""
    kind = KINDS.get(extension_of(version.name))
    return kind.icon if kind else "file"
