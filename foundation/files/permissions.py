"""Who may do what with the files of a record that they see."""

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.files.models import File
from foundation.records.models import Participant, Record


def can_add_files(user: User, record: Record) -> bool:
    """Tell whether the person may add files: by right, as the record's owner, or as somebody named in it."""
    if record.archived_at is not None:
        return False
    return (
        access_of(user).has("files.add", record.unit_id)
        or record.owner_id == user.pk
        or Participant.objects.filter(record_id=record.pk, user=user).exists()
    )


def can_add_version(user: User, file: File) -> bool:
    """Tell whether the person may add a newer version of a file: of what the portal made itself, nobody."""
    return not (file.is_withdrawn or file.is_fixed) and can_add_files(user, file.record)


def can_manage_files(user: User, record: Record) -> bool:
    """Tell whether the person may withdraw what others added, and read what was withdrawn."""
    return access_of(user).has("files.manage", record.unit_id) or record.owner_id == user.pk


def can_edit_file(user: User, file: File) -> bool:
    """Tell whether the person may say in other words what a file shows: of their own, or of any by right."""
    if file.is_withdrawn or file.is_fixed or file.record.archived_at is not None:
        return False
    return file.added_by_id == user.pk or can_manage_files(user, file.record)


def can_withdraw_file(user: User, file: File) -> bool:
    """Tell whether the person may withdraw a file: their own, or any by right."""
    return not file.is_withdrawn and (file.added_by_id == user.pk or can_manage_files(user, file.record))
