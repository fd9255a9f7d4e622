"""Writing an edition, and accepting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils.translation import gettext as _

from compliance.catalogues import Catalogue, Difference, Kind, Node, compare, match
from compliance.choices import FrameworkState
from compliance.models import Edition, Framework, Requirement, RequirementText
from compliance.selectors.nodes import nodes_of
from foundation.accounts.models import User
from foundation.trail.services import entry_write

AT_ONCE = 500
NAMED = 50  # of each change, in the trail
SAID_OF_REQUIREMENT = ("key", "identifier", "is_withdrawn")


class EditionRefused(Exception):
    """An edition can't be written or accepted now; the message says why."""


@transaction.atomic
def edition_write(
    *,
    framework: Framework,
    catalogue: Catalogue,
    source: str,
    actor: User,
    now: datetime,
    source_name: str = "",
    source_sha256: str = "",
) -> Edition:
    """Write a catalogue as a draft edition of a framework; raise EditionRefused while there is another draft."""
    locked = framework_lock(framework)
    _check_in_use(locked)
    editions = Edition.objects.filter(framework=locked)
    if draft := editions.filter(accepted_at__isnull=True).first():
        raise EditionRefused(
            _("There is a draft, “%(label)s”, already. Accept it or drop it first.") % {"label": draft.label}
        )
    if source_sha256 and (same := editions.filter(source_sha256=source_sha256).first()):
        raise EditionRefused(
            _("This very file was brought before, as version “%(label)s”.") % {"label": same.label}
        )
    number = (editions.aggregate(last=Max("number"))["last"] or 0) + 1
    edition = Edition.objects.create(
        framework=locked,
        number=number,
        label=catalogue.label[:100],
        source=source,
        oscal_version=catalogue.oscal_version,
        catalogue_uuid=catalogue.uuid,
        last_modified=catalogue.last_modified,
        source_name=source_name[-200:],
        source_sha256=source_sha256,
        imported_by=actor,
        imported_at=now,
        **counts_of(catalogue.nodes, parameter_count=catalogue.parameter_count),
    )
    texts_write(edition=edition, nodes=catalogue.nodes)
    return edition


def texts_write(*, edition: Edition, nodes: Sequence[Node]) -> None:
    """Write the lines of a draft, level by level, since each names the one that it stands in."""
    written: list[RequirementText] = [text_of(edition, node, place) for place, node in enumerate(nodes)]
    for depth in range(max((node.depth for node in nodes), default=-1) + 1):
        level = [place for place, node in enumerate(nodes) if node.depth == depth]
        for place in level:
            parent = nodes[place].parent
            written[place].parent = None if parent is None else written[parent]
        RequirementText.objects.bulk_create([written[place] for place in level], batch_size=AT_ONCE)


def text_of(edition: Edition, node: Node, position: int) -> RequirementText:
    """Return a line as it is stored, but for what it stands in."""
    said: dict[str, Any] = asdict(node)
    del said["parent"]
    return RequirementText(edition=edition, position=position, digest=node.digest, **said)


@transaction.atomic
def edition_accept(*, edition: Edition, actor: User, now: datetime) -> Difference:
    """Let a draft be the edition that counts, and fix it for good; return what it changes against the one before.

    Raises EditionRefused when it was accepted meanwhile, or says nothing.
    """
    framework = framework_lock(edition.framework)
    _check_in_use(framework)
    draft = Edition.objects.select_for_update().filter(pk=edition.pk).first()
    if draft is None or not draft.is_draft:
        raise EditionRefused(_("This edition is no draft any more."))
    nodes = nodes_of(draft)
    if not any(node.kind != Kind.GROUP for node in nodes):
        raise EditionRefused(_("There is no requirement in it yet."))
    before = framework.current
    difference = compare(nodes_of(before) if before else (), nodes)
    _requirements_write(framework, draft, nodes)
    for name, value in counts_of(nodes).items():
        setattr(draft, name, value)
    draft.accepted_by, draft.accepted_at = actor, now
    draft.save()
    Framework.objects.filter(pk=framework.pk).update(current=draft)
    entry_write(
        action="compliance.edition.accepted",
        actor=actor,
        record=framework,
        before={"edition": before.label} if before else {},
        after={"edition": draft.label, **_provenance(draft), **_changes(difference)},
    )
    edition.refresh_from_db()
    return difference


def _check_in_use(framework: Framework) -> None:
    if framework.state == FrameworkState.RETIRED:
        raise EditionRefused(
            _("%(reference)s is retired: take it into use again first.") % {"reference": framework.reference}
        )


def framework_lock(framework: Framework) -> Framework:
    """Return the framework, locked until the transaction ends, so that one edition at a time is written."""
    locked: Framework = Framework.objects.select_for_update(of=("self",)).get(pk=framework.pk)
    return locked


def counts_of(nodes: Sequence[Node], *, parameter_count: int | None = None) -> dict[str, int]:
    """Return the figures that an edition keeps of its lines."""
    kinds = [node.kind for node in nodes]
    parameters = sum(len(node.parameters) for node in nodes)
    return {
        "group_count": kinds.count(Kind.GROUP),
        "requirement_count": kinds.count(Kind.REQUIREMENT),
        "enhancement_count": kinds.count(Kind.ENHANCEMENT),
        "parameter_count": parameters if parameter_count is None else parameter_count,
        "withdrawn_count": sum(node.is_withdrawn and node.kind != Kind.GROUP for node in nodes),
    }


def _requirements_write(framework: Framework, edition: Edition, nodes: Sequence[Node]) -> None:
    """Say of each line which requirement it is; what is new gets one, and what is gone is marked."""
    kept = list(framework.requirements.order_by("pk"))
    required = [node for node in nodes if node.kind != Kind.GROUP]
    places = match(kept, required)
    printed = {node.identifier for node in required}
    new: list[Requirement] = []
    changed: list[Requirement] = []
    for node, place in zip(required, places, strict=True):
        requirement = kept[place] if place is not None else Requirement(framework=framework)
        if _says(requirement, node.key, node.identifier, is_withdrawn=node.is_withdrawn):
            (new if place is None else changed).append(requirement)
    for place in set(range(len(kept))) - set(places):
        gone = kept[place]
        # Its number may be printed for another one now.
        identifier = f"{gone.identifier[:80]} #{gone.pk}" if gone.identifier in printed else gone.identifier
        if _says(gone, gone.key, identifier, is_withdrawn=True):
            changed.append(gone)
    Requirement.objects.bulk_update(changed, SAID_OF_REQUIREMENT, batch_size=AT_ONCE)
    Requirement.objects.bulk_create(new, batch_size=AT_ONCE)
    named = Requirement.objects.filter(framework=framework, key=OuterRef("key"))
    edition.texts.exclude(kind=Kind.GROUP.value).update(requirement=Subquery(named.values("pk")[:1]))


def _says(requirement: Requirement, key: str, identifier: str, *, is_withdrawn: bool) -> bool:
    """Let a requirement say this, and tell whether it said something else before."""
    said = (key, identifier, is_withdrawn)
    if tuple(getattr(requirement, name) for name in SAID_OF_REQUIREMENT) == said:
        return False
    requirement.key, requirement.identifier, requirement.is_withdrawn = said
    return True


def _provenance(edition: Edition) -> dict[str, str]:
    said = {"edition_source": edition.source, "file": edition.source_name, "sha256": edition.source_sha256}
    return {name: value for name, value in said.items() if value}


def _changes(difference: Difference) -> dict[str, Any]:
    """Return what was added, changed and withdrawn, by name; of many, the first."""
    said: dict[str, Any] = {}
    for change, count in difference.counts.items():
        if count:
            names = [line.node.identifier or line.node.title for line in difference.only(change)[:NAMED]]
            more = [f"+ {count - NAMED}"] if count > NAMED else []
            said[f"lines_{change.value}"] = ", ".join([*names, *more])
    return said
