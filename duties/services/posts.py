"""Who answers for a duty, and who stands beside that person."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from duties.board.posts import Posts, posts_of
from duties.choices import Duty, DutyPart
from duties.models import DutyPost
from foundation.accounts.models import User
from foundation.accounts.versions import StaleEdit
from foundation.trail.services import entry_write

# Under which the posts of a duty are written one after another; the second number is the duty's.
LOCK = 7_013


@transaction.atomic
def posts_set(
    *,
    duty: Duty,
    responsible: User | None,
    deputies: Iterable[User],
    actor: User,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Name who answers for a duty and who its deputies are; who answers for it is no deputy of it.

    Raises StaleEdit where they are not those any more whose version was `seen`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCK, duty.value))
    before = posts_of(duty)
    if seen is not None and seen != before.version:
        raise StaleEdit(before)
    after = Posts(duty, responsible, tuple(one for one in dict.fromkeys(deputies) if one != responsible))
    if after.version == before.version:
        return
    DutyPost.objects.filter(duty=duty.value).delete()
    posts = [DutyPost(duty=duty.value, person=one, part=DutyPart.DEPUTY) for one in after.deputies]
    if responsible:
        posts.insert(0, DutyPost(duty=duty.value, person=responsible, part=DutyPart.RESPONSIBLE))
    DutyPost.objects.bulk_create(posts)
    entry_write(
        action="duties.post.changed",
        actor=actor,
        subject=duty.title,
        before=_told(before),
        after=_told(after),
    )


def posts_hand_over(*, person: User, to: User | None, actor: User, now: datetime) -> int:
    """Let another answer for the duties of a person who leaves, take the person from the deputies, and return of how many duties.

    Must be called inside a transaction. Where there is nobody, a duty is left without.
    """
    held = list(DutyPost.objects.filter(person=person).order_by("duty"))
    for post in held:
        posts = posts_of(Duty(post.duty))
        posts_set(
            duty=posts.duty,
            responsible=to if posts.responsible == person else posts.responsible,
            deputies=[one for one in posts.deputies if one != person],
            actor=actor,
            now=now,
        )
    return len(held)


def _told(posts: Posts) -> dict[str, str]:
    return {
        "responsible": posts.responsible.full_name if posts.responsible else "",
        "deputies": ", ".join(one.full_name for one in posts.deputies),
    }
