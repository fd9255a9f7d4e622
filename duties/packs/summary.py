"""What a pack says of itself: what it is of, what went into it, and what did not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duties.packs.chain import Stretch
from duties.packs.evidence import Fate
from duties.packs.facts import LeftOut, Standing, Told
from duties.packs.scope import Scope

DIGIT_GROUP = 8


@dataclass(frozen=True)
class PackFacts:
    """What a pack is, once its trail is known."""

    key: str
    title: str
    scope: Scope
    organisation: str
    made_at: datetime
    made_for: str
    fingerprint: str
    stretch: Stretch


def _nothing() -> dict[str, int]:
    return dict.fromkeys((*Standing, "records", "files", "bytes"), 0)


@dataclass
class Tally:
    """What went into a pack, and what did not."""

    counts: dict[str, int] = field(default_factory=_nothing)
    missing: list[dict[str, str]] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=LeftOut)

    def add(self, told: Told) -> None:
        """Count a record and its files."""
        self.counts[told.standing or "records"] += 1
        for file in told.files:
            if file.fate == Fate.INCLUDED:
                self.counts["files"] += 1
                self.counts["bytes"] += file.version.size
            else:
                self.missing.append(
                    {
                        "record": told.record.reference,
                        "name": file.version.name,
                        "sha256": file.version.sha256,
                        "fate": file.fate.value,
                        "reason": file.reason,
                    }
                )

    @property
    def activities(self) -> int:
        """Return how many activities there are."""
        return sum(self.counts[standing] for standing in Standing)


def manifest_of(facts: PackFacts, tally: Tally) -> dict[str, Any]:
    """Return what the manifest says besides the files."""
    scope, stretch = facts.scope, facts.stretch
    return {
        "format": 1,
        "pack": {
            "key": facts.key,
            "title": facts.title,
            "organisation": facts.organisation,
            "duty": scope.duty.value if scope.duty else None,
            "starts_on": scope.starts_on.isoformat(),
            "ends_on": scope.ends_on.isoformat(),
            "made_at": facts.made_at.isoformat(timespec="seconds"),
            "made_for": facts.made_for,
        },
        "key_fingerprint": facts.fingerprint,
        "counts": {str(name): count for name, count in tally.counts.items()},
        "left_out": asdict(tally.left_out),
        "missing": tally.missing,
        "trail": {
            "entries": stretch.entries,
            "links": stretch.links,
            "start_position": stretch.start_position,
            "start_digest": stretch.start_digest,
            "end_position": stretch.end.position,
            "end_digest": stretch.end.chain_digest,
        },
    }


def left_out_words(left_out: LeftOut) -> Iterator[str]:
    """Yield in sentences what was left out, and why; nothing of what it is."""
    told: tuple[tuple[int, str, str], ...] = (
        (
            left_out.activities,
            ngettext(
                "%(count)d activity is left out", "%(count)d activities are left out", left_out.activities
            ),
            _("whoever made the pack may not see them: they are restricted, withheld, or of other units"),
        ),
        (
            left_out.records,
            ngettext(
                "%(count)d other record is left out", "%(count)d other records are left out", left_out.records
            ),
            _("whoever made the pack may not see them: they are restricted, withheld, or of other units"),
        ),
        (
            left_out.links,
            ngettext(
                "%(count)d link to another record is left out",
                "%(count)d links to other records are left out",
                left_out.links,
            ),
            _("whoever made the pack may not see the other record"),
        ),
        (
            left_out.files,
            ngettext("%(count)d file is left out", "%(count)d files are left out", left_out.files),
            _("they are kept from the part that whoever made the pack plays in the record"),
        ),
        (
            left_out.entries,
            ngettext(
                "%(count)d entry of the trail is left out, and its seal is there",
                "%(count)d entries of the trail are left out, and their seals are there",
                left_out.entries,
            ),
            _("they are kept from the part that whoever made the pack plays in the record"),
        ),
    )
    for count, what, why in told:
        if count:
            yield f"{what % {'count': count}}: {why}."


def grouped(digest: str) -> str:
    """Return a digest in groups, so that people can compare it and lines can break."""
    return " ".join(digest[start : start + DIGIT_GROUP] for start in range(0, len(digest), DIGIT_GROUP))
