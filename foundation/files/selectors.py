"""What pages show of files."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from foundation.accounts.models import User
from foundation.files.inspection import KINDS
from foundation.files.inspection.names import extension_of
from foundation.files.models import File, FileVersion
from foundation.records.lexemes import question_of
from foundation.records.models import Record
from foundation.records.names import RecordName, known_kinds
from foundation.records.querysets import kept_sql, visible_sql
from foundation.registry import SearchHit

# By hand, since the palette asks with every letter that is typed.
MATCHING = """
    SELECT version.name, file.key, file.description, uploader.full_name, version.uploaded_at,
        record.id, record.kind, record.reference, record.title
    FROM files_fileversion AS version
    JOIN files_file AS file ON file.id = version.file_id AND file.latest = version.number
    JOIN records_record AS record ON record.id = file.record_id
    JOIN accounts_user AS uploader ON uploader.id = version.uploaded_by_id
    WHERE version.words @@ %s::tsquery AND file.withdrawn_at IS NULL AND record.kind IN %s AND {known}
        AND (file.kept_from = '' OR NOT {kept})
    ORDER BY version.id DESC LIMIT %s
"""


@dataclass(frozen=True)
class FileLine:
    """A file as a list shows it, by its newest version, or by the one that was judged: then a newer one may be there."""

    file: File
    version: FileVersion

    @property
    def url(self) -> str:
        """Return the address of the file's page, with this version shown."""
        return version_url(self.version)

    @property
    def newer(self) -> int:
        """Return the number of the newest version where this is an older one, else 0."""
        return newer_than(self.version)

    @property
    def icon(self) -> str:
        """Return the icon of its kind."""
        return icon_of(self.version)

    @property
    def kind(self) -> str:
        """Return the name of its kind."""
        return kind_of(self.version)


def version_url(version: FileVersion) -> str:
    """Return the address of the page of a version's file, with this version shown."""
    url = version.file.get_absolute_url()
    return f"{url}?version={version.number}" if newer_than(version) else url


def newer_than(version: FileVersion) -> int:
    """Return the number of the newest version of the file where it is not this one, else 0."""
    latest = version.file.latest
    return latest if latest > version.number else 0


def files_of(record: Record, user: User) -> list[FileLine]:
    """Return the files of a record that the person sees, the newest first, and those that were withdrawn at the end. One query.

    What is kept from the person is not among them.
    """
    versions: QuerySet[FileVersion] = (
        FileVersion.objects.of(record, user)
        .newest()
        .select_related("file__withdrawn_by", "uploaded_by")
        .order_by("-uploaded_at", "-pk")
    )
    lines = [FileLine(version.file, version) for version in versions]
    return sorted(lines, key=lambda line: line.file.is_withdrawn)


def files_present(record: Record, user: User) -> QuerySet[File]:
    """Return the files of a record that the person sees and that were not withdrawn."""
    present: QuerySet[File] = File.objects.of(record, user).present()
    return present


def files_matching(*, user: User, text: str, now: datetime, limit: int) -> list[SearchHit]:
    """Return files whose name or description holds all words of a text, the latest first, of records that the person sees."""
    question = question_of(text)
    if not question:
        return []
    known, values = visible_sql(user, "record")
    kept, kept_values = kept_sql(user, role="file.kept_from", record="record.id")
    with connection.cursor() as cursor:
        asked = (question.literal(), known_kinds(), *values, *kept_values, limit)
        cursor.execute(MATCHING.format(known=known, kept=kept), asked)
        rows = cursor.fetchall()
    return [
        SearchHit(
            title=file_name,
            url=reverse("files:file-detail", args=[key]),
            record=RecordName(*name),
            text=description,
            note=f"{uploader}, {date_format(localtime(at))}",
        )
        for file_name, key, description, uploader, at, *name in rows
    ]


def kind_of(version: FileVersion) -> str:
    """Return the name of a version's kind of file."""
    kind = KINDS.get(extension_of(version.name))
    return kind.label if kind else extension_of(version.name).upper()


def icon_of(version: FileVersion) -> str:
    """Return the icon of a version's kind of file."""
    kind = KINDS.get(extension_of(version.name))
    return kind.icon if kind else "file"
