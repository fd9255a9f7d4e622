"""The columns of a table of requirements, as the template explains them; the files of an edition have the same."""

from functools import partial

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance.catalogues.values import KEY_LENGTH, METHODS, MOST_NODES, TEXT_LENGTH, TITLE_LENGTH
from compliance.choices import Method, NodeKind, Withdrawal
from foundation.accounts.models import User
from foundation.records.imports import CellError, Column, Limits, cells
from foundation.records.imports.rows import by_key
from foundation.records.imports.tables import Cell, plain_name
from foundation.ui.exports import looks_like_formula

LIMITS = Limits(file_bytes=10 * 1024 * 1024, rows=MOST_NODES, cell_characters=TEXT_LENGTH)
YES = ("yes", "true", "x", "1", "withdrawn")
NO = ("no", "false", "0", "")


def plain_text(cell: Cell, *, most: int, lines: bool = False) -> str:
    """Return a cell as text; the sign by which our own files keep a text from being a formula is taken off."""
    value = cells.text(cell, most=most, lines=lines)
    return value[1:].lstrip() if value.startswith("'") and looks_like_formula(value[1:]) else value


def _methods(cell: Cell) -> tuple[str, ...]:
    asked = {
        plain_name(name) for name in plain_text(cell, most=200).replace(";", ",").split(",") if name.strip()
    }
    known = {plain_name(name): value for value, label in Method.choices for name in (value, str(label))}
    if unknown := sorted(asked - known.keys()):
        raise CellError(
            gettext("“%(name)s” is no method: there are examine, interview and test.")
            % {"name": unknown[0][:40]}
        )
    found = {known[name] for name in asked}
    return tuple(method for method in METHODS if method in found)


def _names(cell: Cell) -> tuple[str, ...]:
    names = plain_text(cell, most=10_000, lines=True).replace("\n", ";").split(";")
    return tuple(dict.fromkeys(" ".join(name.split())[:KEY_LENGTH] for name in names if name.strip()))


def _references(cell: Cell) -> tuple[str, ...]:
    lines = plain_text(cell, most=20_000, lines=True).split("\n")
    return tuple(dict.fromkeys(line.strip()[:2_000] for line in lines if line.strip()))


def _is_withdrawn(cell: Cell) -> bool:
    value = plain_text(cell, most=40).casefold()
    if value in YES or value == str(_("yes")).casefold():
        return True
    if value in NO or value == str(_("no")).casefold():
        return False
    raise CellError(gettext("“%(value)s” is neither yes nor no.") % {"value": value})


def _kind(cell: Cell) -> str:
    return cells.choice(cell, choices=dict(NodeKind.choices))


def _kinds(_person: User) -> list[str]:
    return [str(label) for label in NodeKind.labels]


def _yes_no(_person: User) -> list[str]:
    return [gettext("yes"), gettext("no")]


LINE = partial(plain_text, most=KEY_LENGTH)
TEXT = partial(plain_text, most=LIMITS.cell_characters, lines=True)

COLUMNS = (
    Column(
        key="identifier",
        label=_("Identifier"),
        aliases=("ID", "Number", "No", "Reference", "Ref", "Control"),
        help=_("As the standard prints it. Only a group may have none."),
        example="A.5.1",
        width=14,
        read=LINE,
    ),
    Column(
        key="kind",
        label=_("Kind"),
        help=_("Group, Requirement or Enhancement; empty: a requirement."),
        example="Requirement",
        width=14,
        read=_kind,
        choices=_kinds,
    ),
    Column(
        key="parent",
        label=_("Stands in"),
        aliases=("Group", "Parent", "Section", "Chapter"),
        help=_(
            "The group or requirement that it belongs to, by identifier or title. One that is not in the file becomes a group."
        ),
        example="Organisational controls",
        width=24,
        read=partial(plain_text, most=TITLE_LENGTH),
    ),
    Column(
        key="title",
        label=_("Title"),
        aliases=("Name",),
        help=_("In at most 500 characters; empty: the beginning of the text."),
        example="Policies for information security",
        width=36,
        read=partial(plain_text, most=TITLE_LENGTH),
    ),
    Column(
        key="statement",
        label=_("Text"),
        aliases=("Statement", "Requirement", "Description"),
        help=_("What is required. Markdown is read: lists, bold, links."),
        example="Policies are defined, approved and made known.",
        width=60,
        read=TEXT,
    ),
    Column(
        key="guidance",
        label=_("Guidance"),
        aliases=("Discussion", "Implementation guidance"),
        help=_("How it is meant."),
        example="Say in the policy who answers for it.",
        width=40,
        read=TEXT,
    ),
    Column(
        key="objectives",
        label=_("Assessment objectives"),
        aliases=("Objectives",),
        help=_("What an auditor has to find out."),
        example="A policy is there and was approved.",
        width=40,
        read=TEXT,
    ),
    Column(
        key="methods",
        label=_("Methods"),
        help=_("How it is found out: examine, interview, test; with commas between."),
        example="examine, interview",
        width=20,
        read=_methods,
    ),
    Column(
        key="related",
        label=_("Related"),
        help=_("Identifiers of other requirements, with semicolons between."),
        example="A.5.2; A.6.3",
        width=20,
        read=_names,
    ),
    Column(
        key="references",
        label=_("References"),
        help=_("Publications, one a line; an address at the end of a line becomes a link."),
        example="Harbour act, 1911 https://example.com/act",
        width=30,
        read=_references,
    ),
    Column(
        key="is_withdrawn",
        label=_("Withdrawn"),
        help=_("yes, where the standard no longer requires it; empty: no."),
        example="no",
        width=12,
        read=_is_withdrawn,
        choices=_yes_no,
    ),
    Column(
        key="withdrawn_to",
        label=_("Incorporated into"),
        aliases=("Moved to",),
        help=_(
            "Of what was withdrawn: identifiers of the requirements that took it up, with semicolons between."
        ),
        example="A.5.3",
        width=18,
        read=_names,
    ),
)
COLUMN_OF = by_key(COLUMNS)
WITHDRAWAL_WORDS = dict(Withdrawal.choices)
