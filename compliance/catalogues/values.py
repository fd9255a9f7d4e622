"""A catalogue and its lines, frozen: what is read, compared and written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

MOST_NODES = 10_000
MOST_DEPTH = 20
KEY_LENGTH = 100
TITLE_LENGTH = 500
TEXT_LENGTH = 100_000  # of one text of a line
TEXTS_LENGTH = 64_000_000  # of all texts together
METHODS = ("examine", "interview", "test")
INCORPORATED, MOVED = "incorporated", "moved"


class CatalogueError(Exception):
    """A catalogue can't be read; `where` names the place in the file, and the message is for people."""

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.message = message
        self.where = where


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
        """Return how many characters its long texts have."""
        return len(self.statement) + len(self.guidance) + len(self.objectives)


@dataclass(frozen=True)
class Catalogue:
    """A standard in one version: `key` tells which standard, `label` which version; lines in reading order."""

    title: str
    key: str
    label: str
    nodes: tuple[Node, ...]
    publisher: str = ""
    description: str = ""
    oscal_version: str = ""
    uuid: UUID | None = None
    last_modified: datetime | None = None
    parameter_count: int = field(default=0)

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


def parent_keys(nodes: Sequence[Node]) -> list[str]:
    """Return the key of what each line stands in, empty at the top."""
    return ["" if node.parent is None else nodes[node.parent].key for node in nodes]
