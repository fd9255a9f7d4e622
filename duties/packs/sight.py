"""Whose packs, and whether one still shows no more than its reader may see."""

from typing import Any

from django.db.models import BigIntegerField, F, Func, Q

from duties.models.packs import EvidencePack
from duties.permissions import EVIDENCE
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.files.models import File
from foundation.records.models import Participant, Record
from foundation.records.querysets import visible_records

LISTED = 50


def packs_of(person: User) -> list[EvidencePack]:
    """Return the packs that a person asked for, the newest first."""
    return list(EvidencePack.objects.filter(requested_by=person).order_by("-requested_at", "pk")[:LISTED])


def is_outdated(pack: EvidencePack, reader: User) -> bool:
    """Tell whether a pack holds what its reader may not know of any more.

    With other roles or units than when it was made it counts as such, whatever it holds. Else its records and files, and the records that it names
    as linked, are asked for: of one that was restricted meanwhile, moved to another unit, or is kept from a part that the reader plays since
    it was begun. Three counts at most.
    """
    access = access_of(reader)
    if access.digest != pack.access or not access.has_anywhere(EVIDENCE):
        return True
    records, files = _shown(pack, "records"), _shown(pack, "files")
    unseen = Record.objects.filter(pk__in=records).exclude(pk__in=_seen(records, reader))
    if unseen.exists():
        return True
    since = pack.begun_at or pack.requested_at
    parts = Participant.objects.filter(user=reader, record__in=records, created_at__gte=since)
    if parts.exists():
        return True
    return (
        File.objects.filter(pk__in=files).count() != File.objects.filter(pk__in=files).unkept(reader).count()
    )


def _seen(records: Any, reader: User) -> Any:
    return Record.objects.filter(visible_records(reader) & Q(pk__in=records)).values("pk")


def _shown(pack: EvidencePack, name: str) -> Any:
    each = Func(F(name), function="unnest", output_field=BigIntegerField())
    return pack.shown.annotate(key=each).values("key")
