"""Writing an edition, and accepting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from compliance.catalogues import Catalogue, Difference, Kind, Node, compare, match
from compliance.catalogues.values import LABEL_LENGTH
from compliance.choices import Source
from compliance.models import Edition, Framework, Requirement, RequirementText
from compliance.selectors.nodes import draft_digest, nodes_of
from compliance.services.frameworks import framework_lock, retired_refusal
from foundation.accounts.models import User
from foundation.records.services import FieldsRefused
from foundation.registry import registry
from foundation.trail.services import entry_write

AT_ONCE = 500
ROOM = 100_000  # between the positions of lines that are written by hand
SETTLE = """
    UPDATE compliance_requirementtext AS line SET position = settled.position, requirement_id = settled.requirement_id
    FROM (
        SELECT said.id, row_number() OVER (ORDER BY said.position) - 1 AS position, required.id AS requirement_id
        FROM compliance_requirementtext AS said
        LEFT JOIN compliance_requirement AS required
            ON required.framework_id = %s AND required.key = said.key AND said.kind <> %s
        WHERE said.edition_id = %s
    ) AS settled
    WHERE line.id = settled.id
        AND (line.position, line.requirement_id) IS DISTINCT FROM (settled.position, settled.requirement_id)
"""
NAMED = 50  # of each change, in the trail
SAID_OF_REQUIREMENT = ("key", "identifier", "is_withdrawn")


class EditionRefused(FieldsRefused):
    """An edition can't be written or accepted now; the message says why."""


class EditionStale(EditionRefused):
    """Another edition counts by now than the one that somebody looked at."""

    def __init__(self) -> None:
        super().__init__(_("Somebody accepted another version meanwhile: look again."))


class StaleDraft(EditionRefused):
    """A draft, or what counts, is no longer what was looked at."""


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
    locked = _lock_in_use(framework)
    _check_no_draft(locked)
    editions = Edition.objects.filter(framework=locked)
    number = (editions.aggregate(last=Max("number"))["last"] or 0) + 1
    edition = Edition.objects.create(
        framework=locked,
        number=number,
        label=catalogue.label[:LABEL_LENGTH],
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
    texts_write(edition=edition, nodes=catalogue.nodes, room=ROOM if source == Source.HAND else 1)
    return edition


def texts_write(*, edition: Edition, nodes: Sequence[Node], room: int) -> None:
    """Write the lines of a draft, level by level, since each names the one that it stands in; `room` is left before each."""
    written: list[RequirementText] = [
        text_of(edition, node, place * room + room - 1) for place, node in enumerate(nodes)
    ]
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
def edition_accept(*, edition: Edition, actor: User, now: datetime, seen: str | None = None) -> Difference:
    """Let a draft be the edition that counts, and fix it for good; return what it changes against the one before.

    `seen` is the `draft_digest` of what was looked at. Raises StaleDraft when that changed meanwhile, EditionRefused when the
    framework was retired, the draft was accepted meanwhile, or says nothing.
    """
    framework = _lock_in_use(edition.framework)
    draft = Edition.objects.select_for_update().filter(pk=edition.pk).first()
    if draft is None or not draft.is_draft:
        raise EditionRefused(_("This version is no draft any more."))
    if seen is not None and seen != draft_digest(draft, framework):
        raise StaleDraft(_("The draft was changed meanwhile: look again."))
    nodes = nodes_of(draft)
    if not any(node.kind != Kind.GROUP for node in nodes):
        raise EditionRefused(_("There is no requirement in it yet."))
    before = framework.current
    difference = compare(nodes_of(before) if before else (), nodes)
    _requirements_write(framework, draft, nodes)
    # What was written by hand was counted when it began; a file's count has the parameters of the whole catalogue, too.
    if draft.source == Source.HAND:
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
    registry.words_changed(actor=actor, now=now)
    edition.refresh_from_db()
    return difference


@transaction.atomic
def edition_restore(*, edition: Edition, against: int | None, actor: User, now: datetime) -> Difference:
    """Let an edition that was accepted earlier be the one that counts again; return what that changes.

    `against` is the edition that counted when somebody looked. Raises EditionStale when it is another by now, and EditionRefused
    when it counts already, was never accepted, or a draft is being written.
    """
    framework = _lock_in_use(edition.framework)
    check_against(framework, against)
    _check_no_draft(framework)
    before = framework.current
    accepted = framework.editions.accepted().filter(pk=edition.pk).first()
    if accepted is None or before is None:
        raise EditionRefused(_("This version was never accepted."))
    if accepted == before:
        raise EditionRefused(_("Version %(label)s is the current one already.") % {"label": before.label})
    difference = compare(nodes_of(before), nodes_of(accepted))
    texts = accepted.texts.exclude(kind=Kind.GROUP.value).select_related("requirement").order_by("position")
    _requirements_say(
        list(framework.requirements.order_by("pk")),
        [(text.requirement, text.key, text.identifier, text.is_withdrawn) for text in texts],
    )
    Framework.objects.filter(pk=framework.pk).update(current=accepted)
    entry_write(
        action="compliance.edition.restored",
        actor=actor,
        record=framework,
        before={"edition": before.label},
        after={"edition": accepted.label, **_provenance(accepted), **_changes(difference)},
    )
    registry.words_changed(actor=actor, now=now)
    return difference


def check_against(framework: Framework, against: int | None) -> None:
    """Raise EditionStale where another edition counts than the one with this key; the framework is locked by now."""
    if framework.current_id != against:
        raise EditionStale


def _check_no_draft(framework: Framework) -> None:
    if draft := framework.editions.filter(accepted_at__isnull=True).first():
        raise EditionRefused(
            _("There is a draft, “%(label)s”, already. Accept it or drop it first.") % {"label": draft.label}
        )


def _lock_in_use(framework: Framework) -> Framework:
    locked = framework_lock(framework)
    if refusal := retired_refusal(locked):
        raise EditionRefused(refusal)
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
    """Say of each line which requirement it is, and number the lines from 0; what is new gets a requirement, and what is gone is marked."""
    kept = list(framework.requirements.order_by("pk"))
    required = [node for node in nodes if node.kind != Kind.GROUP]
    lines = list(zip(required, match(kept, required), strict=True))
    _requirements_say(
        kept,
        [
            (kept[place], node.key, node.identifier, node.is_withdrawn)
            for node, place in lines
            if place is not None
        ],
        new=[
            Requirement(
                framework=framework, key=node.key, identifier=node.identifier, is_withdrawn=node.is_withdrawn
            )
            for node, place in lines
            if place is None
        ],
    )
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [framework.pk, Kind.GROUP.value, edition.pk])


def _requirements_say(
    kept: Sequence[Requirement],
    said: Sequence[tuple[Requirement, str, str, bool]],
    *,
    new: Sequence[Requirement] = (),
) -> None:
    """Let requirements of old have these keys and identifiers, and write new ones; what is left over of the old ones is withdrawn."""
    changed = [
        requirement
        for requirement, key, identifier, is_withdrawn in said
        if _says(requirement, key, identifier, is_withdrawn=is_withdrawn)
    ]
    keys = {one[1] for one in said} | {one.key for one in new}
    printed = {one[2] for one in said} | {one.identifier for one in new}
    there = {one[0].pk for one in said}
    for gone in kept:
        if gone.pk in there:
            continue
        # Its number may be printed for another one now, or its key name one.
        key = f"{gone.key[:80]} #{gone.pk}" if gone.key in keys else gone.key
        identifier = f"{gone.identifier[:80]} #{gone.pk}" if gone.identifier in printed else gone.identifier
        if _says(gone, key, identifier, is_withdrawn=True):
            changed.append(gone)
    Requirement.objects.bulk_update(changed, SAID_OF_REQUIREMENT, batch_size=AT_ONCE)
    Requirement.objects.bulk_create(new, batch_size=AT_ONCE)


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
