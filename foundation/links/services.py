"""Linking records, and removing links."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.links.models import Link
from foundation.links.relations import BACK, Direction
from foundation.records.models import Record
from foundation.trail.services import EntryDraft, entries_write

ADDED = "links.link.added"
REMOVED = "links.link.removed"


@transaction.atomic
def link_add(*, record: Record, other: Record, direction: Direction, actor: User, now: datetime) -> Link:
    """Link a record with another, as the direction says it of the first; both of their histories tell of it.

    Raises ValidationError for a link to itself, and for one that is there already, in whichever direction.
    """
    if record.pk == other.pk:
        raise ValidationError({"other": _("A record is not linked with itself.")})
    source, target = (other, record) if direction.is_back else (record, other)
    try:
        with transaction.atomic():
            link = Link.objects.create(
                source_id=source.pk,
                target_id=target.pk,
                relation=direction.kind.key,
                created_by=actor,
                created_at=now,
            )
    except IntegrityError as error:
        if "link_once" not in str(error):
            raise
        raise ValidationError(
            {"other": _("%(reference)s is linked so already.") % {"reference": other.reference}}
        ) from error
    _entries(ADDED, link, source, target, actor)
    return link


@transaction.atomic
def link_remove(*, link: Link, actor: User, now: datetime) -> None:
    """Remove a link; both histories tell of it. Of two people who remove it at once, one does."""
    removed = Link.objects.filter(pk=link.pk, removed_at__isnull=True).update(
        removed_at=now, removed_by=actor
    )
    if removed:
        _entries(REMOVED, link, link.source, link.target, actor)


def _entries(action: str, link: Link, source: Record, target: Record, actor: User) -> None:
    """Write an entry on each side. None names the other record, which may be hidden from whoever reads the first."""
    drafts = []
    for record, relation in ((source, link.relation), (target, f"{BACK}{link.relation}")):
        fact = {"link": link.pk, "relation": relation}
        before, after = (fact, {}) if action == REMOVED else ({}, fact)
        drafts.append(EntryDraft(action=action, actor=actor, record=record, before=before, after=after))
    entries_write(drafts=drafts)
