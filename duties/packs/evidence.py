"""The files of records on their way into an archive: those that stand, and why others can't be taken in."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Any

import structlog
from django.db.models import Q
from django.utils.translation import gettext as _

from duties.packs.archive import PIECE, PackArchive
from duties.packs.naming import path_of
from duties.packs.scope import Scope
from foundation.files.models import FileVersion
from foundation.files.querysets import FileVersionQuerySet
from foundation.files.storage import content_open
from foundation.records.models import Record
from foundation.ui.dates import day_words

logger = structlog.get_logger(__name__)

DIGEST = re.compile(r"[0-9a-f]{64}")


class Fate(StrEnum):
    """What became of a file: it is in the pack, or why not."""

    INCLUDED = "included"
    WITHDRAWN = "withdrawn"
    HARMFUL = "harmful"
    MISSING = "missing"
    ALTERED = "altered"


@dataclass
class Evidence:
    """A version of a file of a record, and what became of it."""

    version: FileVersion
    fate: Fate = Fate.INCLUDED
    path: str = ""
    is_signed: bool = False

    @property
    def reason(self) -> str:
        """Return why it is not in the pack, in words."""
        file = self.version.file
        match self.fate:
            case Fate.WITHDRAWN:
                return _("withdrawn on %(when)s by %(person)s: %(reason)s") % {
                    "when": day_words(file.withdrawn_at) if file.withdrawn_at else "",
                    "person": file.withdrawn_by.full_name if file.withdrawn_by else "",
                    "reason": file.withdrawal_reason,
                }
            case Fate.HARMFUL:
                return _("a virus was found in it: %(name)s") % {"name": self.version.virus}
            case Fate.MISSING:
                return _("its content is missing in the storage")
            case Fate.ALTERED:
                return _("its content in the storage is not the one that was added: the SHA-256 differs")
            case _:
                return ""


@dataclass
class Found:
    """The files of some records, by record; how many are kept from the reader."""

    by_record: dict[int, list[Evidence]] = field(default_factory=lambda: defaultdict(list))
    left_out: int = 0


def digests_in(value: Any) -> set[str]:
    """Return what reads like a SHA-256 in plain values: the contents of files that somebody decided on."""
    if isinstance(value, str):
        return {value} if DIGEST.fullmatch(value) else set()
    if isinstance(value, dict):
        return digests_in(list(value.values()))
    return set().union(*map(digests_in, value)) if isinstance(value, list) else set()


def evidence_of(
    scope: Scope, keys: Sequence[int], signed: dict[int, set[str]], *, are_activities: bool
) -> Found:
    """Return the files that are evidence of some records.

    Of activities the newest version of each file, of other records the versions that were added in the period; of both, besides, what
    somebody decided on (`signed`: digests by record). Three queries.
    """
    digests = set().union(*signed.values()) if signed else set()
    wanted = Q(sha256__in=digests)
    if are_activities:
        newest = FileVersion.objects.newest().filter(file__record__in=keys)
        wanted |= Q(pk__in=newest.values("pk"))
    else:
        begins, over = scope.instants
        wanted |= Q(uploaded_at__gte=begins, uploaded_at__lt=over)
    rows: FileVersionQuerySet = FileVersion.objects.filter(wanted, file__record__in=keys).order_by(
        "file__record", "file", "number"
    )
    found = Found()
    readable = set(rows.unkept(scope.reader).values_list("pk", flat=True))
    for version in rows.select_related("file__withdrawn_by", "uploaded_by").defer("words"):
        record = version.file.record_id
        is_signed = version.sha256 in signed.get(record, ())
        if not is_signed and not _counts(scope, version, are_activities=are_activities):
            continue  # the same content, signed on another record
        if version.pk in readable:
            found.by_record[record].append(Evidence(version, is_signed=is_signed))
        else:
            found.left_out += 1
    return found


def _counts(scope: Scope, version: FileVersion, *, are_activities: bool) -> bool:
    if are_activities:
        return version.number == version.file.latest
    begins, over = scope.instants
    return begins <= version.uploaded_at < over


def evidence_write(archive: PackArchive, record: Record, files: Iterable[Evidence]) -> None:
    """Write the files of a record into the archive, and note what became of each.

    A content is read twice: what is missing, or is not what was added, is told before anything of it is in the archive.
    Raises OSError where a content can't be read that was there a moment ago.
    """
    for number, evidence in enumerate(files, start=1):
        version = evidence.version
        if version.file.is_withdrawn:
            evidence.fate = Fate.WITHDRAWN
        elif version.is_harmful:
            evidence.fate = Fate.HARMFUL
        else:
            _write(archive, record, evidence, path_of(record.reference, number, version.name))


def _write(archive: PackArchive, record: Record, evidence: Evidence, path: str) -> None:
    version = evidence.version
    try:
        content = content_open(version.storage_key)
    except FileNotFoundError:
        logger.warning("packs.content_missing", storage_key=version.storage_key)
        evidence.fate = Fate.MISSING
        return
    with content:
        if _digest_of(content) != version.sha256:
            logger.warning("packs.content_altered", storage_key=version.storage_key)
            evidence.fate = Fate.ALTERED
            return
        content.seek(0)
        said = {
            "record": record.reference,
            "name": version.name,
            "version": version.number,
            "added_by": version.uploaded_by.full_name,
            "added_at": version.uploaded_at.isoformat(),
        }
        with archive.member(path, packed=False, size=version.size, **said) as member:
            while piece := content.read(PIECE):
                member.write(piece)
    if member.sha256 != version.sha256:
        raise OSError(f"The content of {version.storage_key} changed while it was read.")
    evidence.path = path


def _digest_of(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := content.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()
