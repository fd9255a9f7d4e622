"""Following a record, and not."""

from datetime import datetime

from foundation.accounts.models import User
from foundation.conversation.models import Follow
from foundation.records.models import Record


def follow_from_now_on(*, record: Record, user: User, now: datetime) -> None:
    """Let a person who said something follow the record, unless they once said that they do not want to."""
    Follow.objects.bulk_create([Follow(record=record, user=user, changed_at=now)], ignore_conflicts=True)


def follow_set(*, record: Record, user: User, follows: bool, now: datetime) -> None:
    """Keep a person's own wish to follow a record, or not to. It is theirs alone, so the trail does not keep it."""
    Follow.objects.update_or_create(
        record=record, user=user, defaults={"is_following": follows, "changed_at": now}
    )
