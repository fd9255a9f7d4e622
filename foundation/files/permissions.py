"""Who may do what with the files of a record that they see: by right, and as far as what is kept of them allows."""

from datetime import datetime

from django.utils.translation import gettext as _

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.files.models import File
from foundation.records.models import Participant, Record
from foundation.records.selectors import stands_in_for_owner
from foundation.registry import FileGuard, registry


def has_adding_right(user: User, record: Record) -> bool:
    """Tell whether the person may add files, and newer versions: by right, as the record's owner or in the owner's place, or as named in it."""
    return (
        access_of(user).has("files.add", record.unit_id)
        or record.owner_id == user.pk
        or Participant.objects.filter(record_id=record.pk, user=user).exists()
        or stands_in_for_owner(user, record)
    )


def can_manage_files(user: User, record: Record) -> bool:
    """Tell whether the person may withdraw what others added, and read what was withdrawn."""
    return access_of(user).has("files.manage", record.unit_id) or record.owner_id == user.pk


def has_changing_right(user: User, file: File) -> bool:
    """Tell whether the person may say in other words what a file shows, or withdraw it: of their own, or of any by right."""
    return file.added_by_id == user.pk or can_manage_files(user, file.record)


def adding_refusal(user: User, record: Record, now: datetime) -> str | None:
    """Return why nobody, or not this person, adds files to a record as it stands, or None. The right is another matter."""
    if record.archived_at is not None:
        return _("This record was archived; nothing is added to it any more.")
    guard = registry.find(FileGuard, record.kind)
    return guard.adding(record=record, user=user, now=now) if guard and guard.adding else None


def changing_refusal(user: User, file: File, now: datetime, *, by_withdrawing: bool = False) -> str | None:
    """Return why nobody, or not this person, changes a file as its record stands, or None. The right is another matter.

    A change is a newer version, other words for what it shows, or its withdrawal: that an archived record allows, and of
    what the portal made itself, unless its guard says otherwise.
    """
    guard = registry.find(FileGuard, file.record.kind)
    if guard and guard.changing and (refusal := guard.changing(file=file, user=user, now=now)):
        return refusal
    if by_withdrawing:
        return None
    if file.is_fixed:
        return _("The portal made this file, so it stays as it is. Add yours as a file of its own.")
    if file.record.archived_at is not None:
        return _("This record was archived; nothing of it is changed any more.")
    return None


def can_add_files(user: User, record: Record, now: datetime) -> bool:
    """Tell whether the person may add files to a record as it stands."""
    return has_adding_right(user, record) and adding_refusal(user, record, now) is None
