"""From the bytes that a person brings to a catalogue, whatever format they are in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.catalogues import Catalogue, CatalogueError, Kind, standard_key
from compliance.choices import Source
from compliance.imports.columns import COLUMNS, LIMITS
from compliance.imports.table import nodes_of_table
from compliance.oscal import read_catalogue
from foundation.records.imports import Problem, TableRefused, read_table

ZIP = b"PK"


class TableProblems(CatalogueError):
    """Rows of a table can't be read; `problems` says what is wrong with each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        count = len({problem.row for problem in problems})
        super().__init__(
            ngettext(
                "%(count)d row can't be read, so nothing is.",
                "%(count)d rows can't be read, so nothing is.",
                count,
            )
            % {"count": count}
        )
        self.problems = tuple(problems)

    @property
    def lines(self) -> list[str]:
        """Return each problem as a sentence with its place."""
        return [
            (_("Row %(row)s, %(column)s: %(message)s") if problem.column else _("Row %(row)s: %(message)s"))
            % {"row": problem.row, "column": problem.column, "message": problem.message}
            for problem in self.problems
        ]


@dataclass(frozen=True)
class Brought:
    """A catalogue with what is known of the file that it came in."""

    catalogue: Catalogue
    source: Source
    file_name: str
    sha256: str


def is_json(content: bytes) -> bool:
    """Tell whether a file is to be read as OSCAL: it begins as JSON does, or as XML, which is told to be that."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[", b"<")


def read_brought(
    content: bytes, *, file_name: str, title: str = "", label: str = "", publisher: str = "", sheet: str = ""
) -> Brought:
    """Return what a file says; `title`, `label` and `publisher` say of a table what it can't say itself.

    Raises CatalogueError, with the place of whatever is wrong; TableProblems, where rows are.
    """
    digest = sha256(content).hexdigest()
    if is_json(content) or file_name.lower().endswith(".json"):
        return Brought(read_catalogue(content), Source.OSCAL, file_name, digest)
    return Brought(
        _catalogue_of_table(content, title=title, label=label, publisher=publisher, sheet=sheet),
        Source.TABLE,
        file_name,
        digest,
    )


def _catalogue_of_table(content: bytes, *, title: str, label: str, publisher: str, sheet: str) -> Catalogue:
    try:
        table = read_table(content, columns=COLUMNS, limits=LIMITS, sheet=sheet)
    except TableRefused as refused:
        raise CatalogueError(str(refused)) from refused
    if not title or not label:
        raise CatalogueError(
            _("A table does not say which framework it is of, and in which version: fill in both.")
        )
    nodes, problems = nodes_of_table(table)
    if problems:
        raise TableProblems(problems)
    if all(node.kind == Kind.GROUP for node in nodes):
        raise CatalogueError(_("There is no requirement in the file, only groups."))
    return Catalogue(
        title=title, key=standard_key(title=title, label=label), label=label, nodes=nodes, publisher=publisher
    )
