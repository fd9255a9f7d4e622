"""A catalogue and its lines, frozen: what is read, compared and written."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

MOST_NODES = 10_000
MOST_DEPTH = 20
LABEL_LENGTH = 100  # of a version
KEY_LENGTH = 100  # of a line: its key, and what is printed
TITLE_LENGTH = 500
TEXT_LENGTH = 100_000  # of one text of a line
TEXTS_LENGTH = 64_000_000  # of all texts together
METHODS = ("examine", "interview", "test")
INCORPORATED, MOVED = "incorporated", "moved"
WHERE_LENGTH = 400
# NUL and halves of a pair stand for no letter: no page shows them, and no database takes them.
IMPOSSIBLE = re.compile("[\x00\ud800-\udfff]")


class CatalogueError(Exception):
    """A catalogue can't be read; `where` names the place in the file, and the message is for people."""

    def __init__(self, message: str, where: str = "") -> None:
        where = showable(where, most=WHERE_LENGTH)
        message = showable(message, most=len(message))
        super().__init__(f"{where}: {message}" if where else message)
        self.message = message
        self.where = where


def showable(text: str, *, most: int) -> str:
    """Return a text of a file as a message may hold it: without what stands for no letter, and cut."""
    text = IMPOSSIBLE.sub("\N{REPLACEMENT CHARACTER}", text[: most + 1])
    return text if len(text) <= most else f"{text[: most - 1]}…"


class Kind(StrEnum):
    """What a line is; the values are those of `choices.NodeKind`."""

    GROUP = "group"
    REQUIREMENT = "requirement"
    ENHANCEMENT = "enhancement"


@dataclass(frozen=True)
class Parameter:
    """A value that whoever follows the standard sets: `text` is how it reads in the prose."""

    key: str
    text: str
    guidance: str = ""


@dataclass(frozen=True)
class MethodNote:
    """A way to tell whether a requirement is met (one of METHODS), and what is looked at, asked or tried."""

    method: str
    objects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Related:
    """Another requirement, perhaps of another catalogue, by its key and as it is printed."""

    key: str
    identifier: str


@dataclass(frozen=True)
class Destination:
    """Where a withdrawn requirement went; `how` is INCORPORATED or MOVED."""

    how: str
    key: str
    identifier: str


@dataclass(frozen=True)
class Reference:
    """A publication that a requirement points to."""

    title: str
    citation: str = ""
    url: str = ""


@dataclass(frozen=True)
class Node:
    """A line of a catalogue; `parent` is the place of the line that it stands in. Texts are Markdown, ready to be read."""

    key: str
    identifier: str
    kind: Kind
    title: str
    parent: int | None = None
    depth: int = 0
    statement: str = ""
    guidance: str = ""
    objectives: str = ""
    methods: tuple[MethodNote, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    related: tuple[Related, ...] = ()
    references: tuple[Reference, ...] = ()
    is_withdrawn: bool = False
    withdrawn_to: tuple[Destination, ...] = ()

    def contents(self) -> dict[str, Any]:
        """Return all that it says, without where it stands."""
        said = asdict(self)
        for name in ("key", "kind", "parent", "depth"):
            del said[name]
        return said

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of what it says."""
        text = json.dumps(self.contents(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def length(self) -> int:
        """Return how many characters its texts have."""
        said = len(self.statement) + len(self.guidance) + len(self.objectives)
        said += sum(len(one) for note in self.methods for one in note.objects)
        return said + sum(len(one.text) + len(one.guidance) for one in self.parameters)


@dataclass(frozen=True)
class LeftOut:
    """What a file says and a catalogue has no place for: what it is, how often it is there, and where the first of it stand."""

    what: str
    count: int
    places: tuple[str, ...]

    def report(self) -> dict[str, object]:
        """Return it in plain values."""
        return {"what": self.what, "count": self.count, "places": list(self.places)}


@dataclass(frozen=True)
class Catalogue:
    """A standard in one version: `key` tells which standard, `label` which version; lines in reading order.

    `notes` are what whoever accepts it should know, and `left_out` what its file says beyond the lines.
    """

    title: str
    key: str
    label: str
    nodes: tuple[Node, ...]
    publisher: str = ""
    description: str = ""
    oscal_version: str = ""
    uuid: UUID | None = None
    last_modified: datetime | None = None
    parameter_count: int = 0
    notes: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def count(self, kind: Kind) -> int:
        """Return how many lines are of a kind, withdrawn ones among them."""
        return sum(node.kind == kind for node in self.nodes)

    @property
    def withdrawn_count(self) -> int:
        """Return how many requirements and enhancements were withdrawn."""
        return sum(node.is_withdrawn and node.kind != Kind.GROUP for node in self.nodes)

    def counts(self) -> dict[str, int]:
        """Return the numbers that reports print."""
        return {
            "groups": self.count(Kind.GROUP),
            "controls": self.count(Kind.REQUIREMENT),
            "enhancements": self.count(Kind.ENHANCEMENT),
            "parameters": self.parameter_count,
            "withdrawn": self.withdrawn_count,
        }


def parent_keys(nodes: Sequence[Any]) -> list[str]:
    """Return the key of what each line stands in, empty at the top."""
    return ["" if node.parent is None else nodes[node.parent].key for node in nodes]
