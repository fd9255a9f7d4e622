"""What a person has read. It is the person's own, and no evidence: the trail keeps none of it."""

from datetime import datetime

from foundation.accounts.models import User
from foundation.notifications.models import Notice
from foundation.records.models import Record


def notice_read(*, notice: Notice, now: datetime) -> None:
    """Mark a notice read; one that is read already keeps its moment."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=now)


def notices_read_all(*, user: User, up_to: int, now: datetime) -> int:
    """Mark read what a person was told up to the notice of this number, and return how many: what came later stays unread."""
    unread = Notice.objects.filter(recipient=user, pk__lte=up_to, send_after__lte=now, read_at__isnull=True)
    return unread.update(read_at=now)


def record_notices_read(*, record: Record, user: User, now: datetime) -> None:
    """Mark read what a person was told of a record, since they look at it. One statement, served by an index."""
    Notice.objects.filter(
        recipient_id=user.pk, record_id=record.pk, send_after__lte=now, read_at__isnull=True
    ).update(read_at=now)
