"""Importing documents: every row or none. Each comes as a draft, to be approved here."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.files.services import Upload
from foundation.records.choices import Confidentiality
from foundation.records.imports.kinds import ImportOutcome, TableImport
from foundation.records.imports.preview import Preview, RowAction
from foundation.records.imports.reading import read_table
from foundation.records.imports.tables import Table, TableRefused
from policies.imports.columns import COLUMNS, LIMITS
from policies.imports.keeping import rows_again, rows_kept
from policies.imports.package import TEXTS, Package, package_of, spelled
from policies.imports.preview import DocumentReading, DocumentRow, day_to_come
from policies.models import Document
from policies.models.documents import USUAL_CADENCE
from policies.services import DocumentRefused, document_create, draft_upload

MOST_AT_ONCE, MOST_READ_AT_ONCE = (
    40,
    4,
)  # documents, and files to be read among them, that are imported while one waits


class DocumentImport(TableImport[DocumentRow]):
    """A set of documents in a ZIP; its outcome names them by their references."""

    purpose = "policies"
    right = "policies.write"
    trail_action = "policies.import.done"
    columns = COLUMNS
    limits = LIMITS
    reading = DocumentReading

    def is_long(self, content: bytes) -> bool:
        """Tell whether it takes more than some seconds: each DOCX and PDF is read by a program of its own."""
        names = package_of(content).names
        return (
            len(names) > MOST_AT_ONCE or sum(not name.endswith(TEXTS) for name in names) > MOST_READ_AT_ONCE
        )

    def preview(
        self,
        *,
        content: bytes,
        actor: User,
        now: datetime,
        sheet: str = "",
        on_read: Callable[[int, int], None] | None = None,
    ) -> Preview[DocumentRow]:
        """Read a ZIP and return what its import by this person would do; writes nothing, and runs nothing of it."""
        package, table = manifest_of(content)
        reading = DocumentReading(actor, now, on_read)
        rows = reading.read_package(package, table)
        _refuse_unnamed(package, rows)
        return Preview(rows)

    def rows_kept(self, rows: Sequence[DocumentRow]) -> list[Any]:
        """Return of rows what the page shows of them; never what the files say."""
        return rows_kept(rows)

    def rows_again(self, kept: Sequence[Any]) -> list[DocumentRow]:
        """Return rows as they were kept. Three queries, whatever their number."""
        return rows_again(kept)

    def write(
        self, preview: Preview[DocumentRow], *, actor: User, now: datetime, **options: Any
    ) -> ImportOutcome:
        """Begin the documents of the rows."""
        created = []
        for row in preview.rows_to(RowAction.CREATE):
            with preview.refused_by(row, DocumentRefused):
                created.append(_begin(row, actor, now).reference)
        return ImportOutcome(tuple(created), (), preview.counts[RowAction.UNCHANGED])


def manifest_of(content: bytes) -> tuple[Package, Table]:
    """Return a ZIP and the rows of its manifest; raise TableRefused."""
    package = package_of(content)
    try:
        return package, read_table(package.manifest, columns=COLUMNS, limits=LIMITS)
    except TableRefused as refused:
        raise TableRefused(_("The manifest: %(reason)s") % {"reason": refused}) from refused


def _refuse_unnamed(package: Package, rows: list[DocumentRow]) -> None:
    """Refuse a package with documents that no row names: somebody would believe that they were imported."""
    named = {package.find(row.values.get("file", "")) for row in rows}
    if missing := sorted(set(package.names.values()) - named):
        raise TableRefused(
            _("The manifest does not name %(names)s. Add a row for each, or take them out.")
            % {"names": ", ".join(f"“{spelled(name)[:80]}”" for name in missing[:5])}
        )


def _begin(row: DocumentRow, actor: User, now: datetime) -> Document:
    values = row.values
    units, roles = values.get("audience", ((), ()))
    document = document_create(
        actor=actor,
        now=now,
        type=values["type"],
        title=values["title"],
        unit=values["unit"],
        owner=values["owner"],
        body=row.body,
        summary=row.history(),
        effective_on=day_to_come(row, now),
        audience=units,
        audience_roles=roles,
        cadence_months=values.get("cadence_months", USUAL_CADENCE),
        confidentiality=values.get("confidentiality", Confidentiality.INTERNAL),
    )
    if row.content:
        upload = Upload(row.name, io.BytesIO(row.content))
        draft_upload(document=document, upload=upload, actor=actor, now=now, revision=1, text=row.body)
    return document


DOCUMENT_IMPORT = DocumentImport()
