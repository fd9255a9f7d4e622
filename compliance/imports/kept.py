"""The plan of a file as it was read once: its pages show what is kept, and read the file again only when something else counts by now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import get_language

from compliance.catalogues import Catalogue, Change, ChangedNode, Difference, LeftOut, Node
from compliance.choices import Source
from compliance.imports.plans import ImportPlan, framework_of, refusal_of
from compliance.imports.reading import Brought
from compliance.models import Framework, ReadCatalogue, ReadChange, RequirementText
from compliance.selectors.nodes import node_of
from compliance.services.reading import reading_keep
from foundation.accounts.models import User
from foundation.records.models import ImportFile

SHOWN = ("pk", "change", "kind", "key", "identifier", "title", "old_text", "is_gone")


class KeptLine(NamedTuple):
    """A line that a file would change, by its name alone."""

    pk: int
    change: str
    kind: str
    key: str
    identifier: str
    title: str
    old_text: int | None
    is_gone: bool


def plan_keep(file: ImportFile, plan: ImportPlan) -> None:
    """Keep a plan beside the file that it is of."""
    catalogue = plan.catalogue
    reading_keep(
        file=file,
        against=_against(plan.framework),
        said={
            "title": catalogue.title,
            "key": catalogue.key,
            "label": catalogue.label,
            "publisher": catalogue.publisher,
            "uuid": str(catalogue.uuid) if catalogue.uuid else "",
            "last_modified": catalogue.last_modified.isoformat() if catalogue.last_modified else "",
            "source": plan.brought.source.value,
            "left_out": [one.report() for one in catalogue.left_out],
            "counts": plan.counts,
            "notes": list(plan.notes),
            "same": plan.difference.same,
        },
        edition=plan.same or plan.earlier,
        changes=_changes(plan),
    )


def plan_kept(file: ImportFile, *, actor: User) -> ImportPlan | None:
    """Return the plan that is kept of a file, with what stands against it now; None where it is to be read again.

    Its lines have no texts (`kept_lines_read` reads those of a page), and it can't be accepted: what is written is read from the file.
    """
    kept = ReadCatalogue.objects.select_related("edition").filter(file=file.pk).first()
    if kept is None:
        return None
    said = kept.said
    catalogue = Catalogue(
        title=said["title"],
        key=said["key"],
        label=said["label"],
        nodes=(),
        publisher=said["publisher"],
        uuid=UUID(said["uuid"]) if said["uuid"] else None,
        last_modified=datetime.fromisoformat(said["last_modified"]) if said["last_modified"] else None,
        left_out=tuple(LeftOut(one["what"], one["count"], tuple(one["places"])) for one in said["left_out"]),
    )
    chosen = file.asked.get("framework", "")
    try:
        framework = framework_of(catalogue, chosen, actor)
    except Framework.DoesNotExist:
        return None
    if kept.against != _against(framework):
        return None
    is_current = (
        kept.edition is not None and framework is not None and kept.edition_id == framework.current_id
    )
    return ImportPlan(
        Brought(catalogue, Source(said["source"]), file.file_name, file.digest),
        framework,
        Difference(tuple(_lines(kept)), said["same"]),
        counts=said["counts"],
        same=kept.edition if is_current else None,
        earlier=None if is_current else kept.edition,
        refusal=refusal_of(catalogue, framework, actor, chosen),
        notes=tuple(said["notes"]),
    )


def kept_lines_read(lines: Sequence[ChangedNode]) -> list[ChangedNode]:
    """Return kept lines with all that they say now and would say; two queries. Lines of a plan that was made just now say it already."""
    if not all(isinstance(line.node, KeptLine) for line in lines):
        return list(lines)
    rows: list[KeptLine] = [line.node for line in lines]
    said = dict(ReadChange.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "said"))
    old_texts = RequirementText.objects.defer("words").in_bulk([row.old_text for row in rows if row.old_text])
    return [
        ChangedNode(
            Change(row.change),
            node_of_text(old_texts[row.old_text]) if row.old_text in old_texts else None,
            None if row.is_gone else _node(said[row.pk], row),
        )
        for row in rows
    ]


def node_of_text(text: RequirementText) -> Node:
    """Return a line by itself."""
    return node_of(text, {text.parent_id: 0} if text.parent_id else {})


def _node(said: dict[str, Any] | None, row: KeptLine) -> Any:
    return row if said is None else node_of_text(RequirementText(**said))


def _lines(kept: ReadCatalogue) -> Iterator[ChangedNode]:
    for row in map(KeptLine._make, kept.changes.order_by("place").values_list(*SHOWN)):
        yield ChangedNode(Change(row.change), row if row.old_text else None, None if row.is_gone else row)


def _changes(plan: ImportPlan) -> Iterator[ReadChange]:
    """Yield the lines to keep; of a first version, where everything is new, by their names alone."""
    current = plan.framework.current if plan.framework else None
    texts = dict(current.texts.values_list("key", "pk")) if current else {}
    for line in plan.difference.lines:
        node: Node = line.node
        said = None
        if current and line.new is not None:
            said = {**asdict(line.new), "digest": line.new.digest}
            del said["parent"]
        yield ReadChange(
            change=line.change.value,
            kind=node.kind.value,
            key=node.key,
            identifier=node.identifier,
            title=node.title,
            old_text=texts[line.old.key] if line.old else None,
            is_gone=line.is_gone,
            said=said,
        )


def _against(framework: Framework | None) -> str:
    """Return what the plan depends on besides the file: what it was compared with, and the language of its notes."""
    what = f"{framework.pk}/{framework.current_id or 0}" if framework else "new"
    return f"{what}/{get_language()}"
