"""What a manifest would bring, row by row: read against the archive, the people, the units, and the documents that are there."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts.access import access_of
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.archives import ArchiveRefused
from foundation.documents.extraction import NotExtracted, document_text
from foundation.files.inspection import FileRefused
from foundation.files.inspection.inspect import inspect_file
from foundation.records.imports import CellError, cells
from foundation.records.imports.preview import PlannedRow
from foundation.records.imports.rows import Reading
from foundation.records.imports.tables import Cell, Table, plain_name
from foundation.signs import plain_line
from policies.choices import DocumentState
from policies.imports.columns import BY_KEY
from policies.imports.package import TEXTS, Package, fault_words, spelled
from policies.models import Document, DocumentVersion
from policies.models.versions import MOST_TEXT
from policies.permissions import WRITE
from policies.prose import pictures_named

EVERYONE = "everyone"
ROLE = "role"


@dataclass
class DocumentRow(PlannedRow):
    """A row of a manifest: the document that it begins, or that is there already and says the same.

    `body` is the text of its file; of a DOCX or PDF `content` are its bytes, and `sha256` what proves them.
    """

    columns = BY_KEY

    document: Document | None = None
    name: str = ""
    body: str = ""
    content: bytes = b""
    sha256: str = ""

    @property
    def is_new(self) -> bool:
        """Tell whether the row begins a document."""
        return self.document is None

    @property
    def identity(self) -> tuple[str, int] | None:
        """Return what makes a document the same as another: title and unit; None when one of them is missing."""
        title, unit = self.values.get("title"), self.values.get("unit")
        return (title.casefold(), unit.pk) if title and unit else None

    def history(self) -> str:
        """Return in words what the document was before: its version, since when it held, who approved it."""
        values = self.values
        parts = []
        if values.get("version"):
            parts.append(_("version %(version)s") % values)
        if values.get("effective_on"):
            parts.append(_("in force from %(effective_on)s") % values)
        if values.get("approved_by"):
            parts.append(_("approved by %(approved_by)s") % values)
        if values.get("approved_on"):
            parts.append(_("approved on %(approved_on)s") % values)
        return _("Before it was imported: %(what)s.") % {"what": ", ".join(parts)} if parts else ""


class DocumentReading(Reading[DocumentRow]):
    """The reading of one package. About ten queries, whatever the number of rows; each file is looked into, and none is run."""

    row_class = DocumentRow
    package: Package

    read_unit = Reading.unit
    read_owner = Reading.person

    def __init__(self, actor: User, now: datetime, on_read: Callable[[int, int], None] | None = None) -> None:
        super().__init__(actor, now)
        self._access = access_of(actor, now)
        self._on_read = on_read or (lambda done, total: None)

    def read_package(self, package: Package, table: Table) -> list[DocumentRow]:
        """Return all rows with their problems."""
        self.package = package
        return self.read(table)

    def read_audience(self, cell: Cell) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Return the units and the roles that a cell names."""
        roles = {
            plain_name(f"{ROLE} {name}"): role for role in Role for name in (role.value, str(role.label))
        }
        units, held = [], []
        for name in cells.text(cell, most=5_000, lines=True).replace("\n", ";").split(";"):
            said = name.strip()
            if not said or plain_name(said) in (EVERYONE, plain_name(_("Everyone"))):
                continue
            if role := roles.get(plain_name(said)):
                held.append(role.value)
            elif plain_name(said).startswith(ROLE):
                known = ", ".join(str(role.label) for role in Role)
                raise CellError(
                    _("“%(name)s” is no role. Known are: %(roles)s.") % {"name": said[:60], "roles": known}
                )
            else:
                units.append(self.units.find(said).pk)
        return tuple(sorted(set(units))), tuple(sorted(set(held)))

    def judge(self, rows: list[DocumentRow]) -> None:
        """Look into each file, and refuse what is there twice, what may not be, and what no row names."""
        for row in rows:
            row.values["title"] = plain_line(row.values.get("title", ""))
            self._find_file(row)
            unit = row.values.get("unit")
            if unit and not self._access.has(WRITE, unit.pk):
                row.complain("unit", _("You may not write documents of %(unit)s.") % {"unit": unit})
            row.values.setdefault("owner", self.actor)
        _refuse_repeated(rows)
        self._find_known([row for row in rows if row.identity and not row.problems])
        for done, row in enumerate(rows):
            self._on_read(done, len(rows))
            self._read_file(row)

    def _find_file(self, row: DocumentRow) -> None:
        path = row.values.get("file", "")
        name = self.package.find(path) if path else None
        if name is None:
            if path:
                row.complain("file", _("There is no such file in the ZIP."))
            return
        row.name = PurePosixPath(spelled(name)).name
        try:
            content = self.package.read(name, settings.FILES_MAX_BYTES)
            if PurePosixPath(name).suffix.casefold() in TEXTS:
                row.body = text_of(content)
            else:
                row.sha256 = inspect_file(
                    io.BytesIO(content), row.name, most_bytes=settings.FILES_MAX_BYTES
                ).sha256
                row.content = content
        except ArchiveRefused as refused:
            row.complain("file", fault_words(refused))
        except (FileRefused, CellError) as refused:
            row.complain("file", str(refused))

    def _read_file(self, row: DocumentRow) -> None:
        """Read a DOCX or PDF that is new as it will be when it is imported; refuse one that does more than being read."""
        if not row.content or not row.is_new:
            return
        try:
            row.body = document_text(io.BytesIO(row.content), row.name.rpartition(".")[2].casefold())
        except NotExtracted as refused:
            row.complain("file", str(refused))

    def _find_known(self, rows: list[DocumentRow]) -> None:
        """Find documents that are there under the same title and unit: the same ones change nothing, others are refused."""
        units = {row.values["unit"].pk for row in rows}
        visible = Document.objects.visible_to(self.actor).values("pk")
        # What somebody brought before, and is restricted since, must not come twice.
        known_to = Q(pk__in=visible) | Q(created_by=self.actor)
        there = Document.objects.filter(known_to, unit__in=units).exclude(state=DocumentState.RETIRED)
        wanted = {row.identity for row in rows}
        found = {key: one for one in there if (key := (one.title.casefold(), one.unit_id)) in wanted}
        said = _said_by(found.values())
        for row in rows:
            known = found.get(row.identity)  # type: ignore[arg-type]
            if known is None:
                continue
            row.document = known
            if (row.sha256 or row.body) not in said.get(known.pk, ()):
                row.complain(
                    "title",
                    _(
                        "%(reference)s has this title and unit, and says something else. Write its next version there."
                    )
                    % {"reference": known.reference},
                )


def text_of(content: bytes) -> str:
    """Return the text of a Markdown file; raise CellError, which says where it is wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CellError(
            _("Line %(line)d of it is not in UTF-8. Save it again as UTF-8.") % {"line": line}
        ) from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise CellError(_("Line %(line)d of it holds a null character.") % {"line": line})
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MOST_TEXT:
        raise CellError(
            _("It has %(count)s characters, and may have %(most)s.") % {"count": len(text), "most": MOST_TEXT}
        )
    if not text.strip():
        raise CellError(_("It is empty."))
    if shown := pictures_named(text):
        raise CellError(
            _(
                "It shows pictures (%(names)s). Take them out, and add them to the document afterwards: as its files."
            )
            % {"names": ", ".join(name[:60] for name in shown[:3])}
        )
    return text


def _said_by(documents: Iterable[Document]) -> dict[int, set[str]]:
    """Return what all versions of some documents say: their texts, and what proves their files. One query."""
    keys = [one.pk for one in documents]
    versions = DocumentVersion.objects.filter(document__in=keys).values_list(
        "document_id", "body", "file__sha256"
    )
    said: dict[int, set[str]] = {}
    for key, body, sha256 in versions if keys else ():
        said.setdefault(key, set()).add(sha256 or body)
    return said


def _refuse_repeated(rows: Iterable[DocumentRow]) -> None:
    first: dict[Any, int] = {}
    for row in rows:
        path = row.values.get("file", "").casefold()
        for key, column, message in (
            (path, "file", _("Row %(row)s names the same file.")),
            (row.identity, "title", _("Row %(row)s has the same title and unit.")),
        ):
            if key and first.setdefault(key, row.number) != row.number:
                row.complain(column, message % {"row": first[key]})


def day_to_come(row: DocumentRow, now: datetime) -> Any:
    """Return the day from which the draft is to hold; None for one that is over, which is history."""
    day = row.values.get("effective_on")
    return day if day and day > organisation_day(now) else None
