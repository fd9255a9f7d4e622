"""Frameworks for tests."""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime

from compliance.choices import FrameworkState, NodeKind, Source
from compliance.models import Edition, Framework, Requirement, RequirementText
from foundation.records.services import record_create
from foundation.testing.cast import Cast

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def framework_make(cast: Cast, *, title: str = "Harbour baseline", requirements: int = 3) -> Framework:
    """Make a framework of the whole organisation with one accepted edition: a group, and requirements HB-1, HB-2, …"""
    key = title.lower().replace(" ", "-")
    framework = Framework(
        title=title, owner=cast.ciso, unit=cast.units.root, key=key, name_key=title.casefold()
    )
    record_create(record=framework, kind="framework", actor=cast.ciso, state=FrameworkState.ACTIVE)
    return edition_make(cast, framework, requirements=requirements).framework


def edition_make(
    cast: Cast,
    framework: Framework,
    *,
    requirements: int = 3,
    says: str = "Keep watch over",
    at: datetime = NOW,
    withdrawn: Collection[str] = (),
) -> Edition:
    """Accept one more edition of a framework, which counts from then on; it says of these requirements that they are withdrawn."""
    number = framework.editions.count() + 1
    edition = Edition.objects.create(
        framework=framework,
        number=number,
        label=f"{number}.0",
        source=Source.HAND,
        imported_by=cast.ciso,
        imported_at=NOW,
        group_count=1,
        requirement_count=requirements,
    )
    group = _text(edition, None, 0, kind=NodeKind.GROUP, key="hb", identifier="HB", title="Harbour")
    for place in range(1, requirements + 1):
        requirement, _made = Requirement.objects.get_or_create(
            framework=framework, key=f"hb-{place}", identifier=f"HB-{place}"
        )
        text = _text(
            edition,
            group,
            place,
            key=requirement.key,
            identifier=requirement.identifier,
            title=f"Duty {place}",
            says=says,
        )
        RequirementText.objects.filter(pk=text.pk).update(
            requirement=requirement, is_withdrawn=requirement.identifier in withdrawn
        )
    Edition.objects.filter(pk=edition.pk).update(accepted_by=cast.ciso, accepted_at=at)
    framework.current = edition
    Framework.objects.filter(pk=framework.pk).update(current=edition)
    edition.refresh_from_db()
    return edition


def _text(
    edition: Edition,
    parent: RequirementText | None,
    position: int,
    *,
    key: str,
    identifier: str,
    title: str,
    kind: str = NodeKind.REQUIREMENT,
    says: str = "",
) -> RequirementText:
    statement = "" if kind == NodeKind.GROUP else f"{says} {title.lower()}."
    return RequirementText.objects.create(
        edition=edition,
        parent=parent,
        position=position,
        depth=0 if parent is None else parent.depth + 1,
        kind=kind,
        key=key,
        identifier=identifier,
        title=title,
        statement=statement,
        digest=hashlib.sha256(f"{title}{statement}".encode()).hexdigest(),
    )
