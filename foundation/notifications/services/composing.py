"""From notices to mails: one mail a person, of all that is due for them at that moment."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone, translation

from foundation.accounts.models import User
from foundation.accounts.organisation import (
    organisation_day,
)
from foundation.notifications.choices import MailState, NoticeReason, NoticeState
from foundation.notifications.content import Item, Setting, content_of, item_of
from foundation.notifications.digests import Rhythms, zone_of
from foundation.notifications.identity import message_id_of
from foundation.notifications.links import absolute_link
from foundation.notifications.models import Mail, Notice
from foundation.notifications.unsubscribing import silenceable, unsubscribe_token
from foundation.records.selectors import pairs_that_see

log = logging.getLogger(__name__)
T = TypeVar("T")
PEOPLE_AT_ONCE = 500
SETTLE = """
    UPDATE notifications_notice AS notice
    SET state = outcome.state, reason = outcome.reason, detail = outcome.detail, mail_id = outcome.mail_id
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[])
        AS outcome (id, state, reason, detail, mail_id)
    WHERE notice.id = outcome.id
"""


def mails_compose(*, now: datetime, batch: int = 50) -> int:
    """Write a mail for every person for whom something is due, and return how many.

    `batch` people make a transaction: their mails and the state of their notices change together. Whoever is being
    changed or composed for elsewhere is left to the next run. Without a mail server the mails are kept, not queued.
    """
    composed = 0
    for people in _people_waiting(now):
        ready = _with_something_due(people, now)
        for start in range(0, len(ready), batch):
            composed += _compose_for(ready[start : start + batch], now)
    return composed


def _people_waiting(now: datetime) -> Iterator[list[int]]:
    """Yield, some hundreds at once, the people with notices that may be due."""
    last = 0
    while people := list(
        Notice.objects.filter(state=NoticeState.PENDING, send_after__lte=now, recipient_id__gt=last)
        .order_by("recipient_id")
        .values_list("recipient_id", flat=True)
        .distinct()[:PEOPLE_AT_ONCE]
    ):
        yield people
        last = people[-1]


def _with_something_due(people: Sequence[int], now: datetime) -> list[int]:
    """Return those for whom it is time: the others wait for their digest."""
    rhythms = Rhythms.of(people, now=now)
    waiting = (
        Notice.objects.filter(state=NoticeState.PENDING, send_after__lte=now, recipient_id__in=people)
        .values_list("recipient_id", "kind")
        .annotate(first=Min("send_after"))
    )
    return sorted({pk for pk, kind, first in waiting if first <= rhythms.due_until(pk, kind)})


@dataclass
class _Outcome:
    """What a batch changes, written at its end."""

    mails: list[Mail] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def settle(
        self,
        notices: Sequence[Notice],
        state: NoticeState,
        *,
        reason: NoticeReason | None = None,
        detail: str = "",
        mail: Mail | None = None,
    ) -> None:
        for notice in notices:
            notice.state, notice.reason, notice.detail = state, reason or "", detail
            notice.mail = mail
            self.notices.append(notice)

    def write(self) -> int:
        Mail.objects.bulk_create(self.mails)
        rows = [
            (notice.pk, notice.state, notice.reason, notice.detail, notice.mail and notice.mail.pk)
            for notice in self.notices
        ]
        with connection.cursor() as cursor:
            cursor.execute(SETTLE, [list(column) for column in zip(*rows, strict=True)] or [[]] * 5)
        return len(self.mails)


@transaction.atomic
def _compose_for(people: Sequence[int], now: datetime) -> int:
    """Compose for these people in one transaction.

    Their rows stay locked, so that nobody is deactivated, and no second composer serves them, in between. Nothing here
    waits for a lock, so nobody who waits for ours can block us.
    """
    users = User.objects.select_for_update(skip_locked=True, no_key=True).in_bulk(people)
    rhythms = Rhythms.of(list(users), now=now)
    pending = (
        Notice.objects.filter(state=NoticeState.PENDING, send_after__lte=now, recipient_id__in=list(users))
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("record")
        .order_by("recipient_id", "send_after", "pk")
    )
    due = [
        notice
        for notice in pending
        if notice.send_after <= rhythms.due_until(notice.recipient_id, notice.kind)
    ]
    seen = pairs_that_see(
        {(notice.record_id, notice.recipient_id) for notice in due if notice.record_id is not None},
        on=organisation_day(now),
    )
    setting = Setting.current()
    outcome = _Outcome()
    for recipient_id, group in groupby(due, key=lambda notice: notice.recipient_id):
        user, notices = users[recipient_id], list(group)
        if not user.is_active:
            outcome.settle(notices, NoticeState.CANCELLED, reason=NoticeReason.RECIPIENT_GONE)
            continue
        told: list[Notice] = []
        hidden: list[Notice] = []
        unwanted: list[Notice] = []
        for notice in notices:
            if notice.record_id is not None and (notice.record_id, recipient_id) not in seen:
                hidden.append(notice)
            elif rhythms.are_unwanted(recipient_id, notice.kind):
                unwanted.append(notice)
            else:
                told.append(notice)
        outcome.settle(hidden, NoticeState.CANCELLED, reason=NoticeReason.NOT_VISIBLE)
        outcome.settle(unwanted, NoticeState.SHOWN)
        language = user.language if translation.check_for_language(user.language) else settings.LANGUAGE_CODE
        with translation.override(language), timezone.override(zone_of(user.time_zone)):
            _compose_one(user, told, setting=setting, now=now, outcome=outcome)
    return outcome.write()


def _compose_one(
    user: User, notices: Sequence[Notice], *, setting: Setting, now: datetime, outcome: _Outcome
) -> None:
    """Write a person's mail in the language and zone that are active."""
    told: list[Notice] = []
    items: list[Item] = []
    latest = {notice.thread: notice for notice in notices if notice.thread}
    for notice in notices:
        if notice.thread and latest[notice.thread] is not notice:
            continue
        item = _attempt([notice], outcome, partial(item_of, notice, setting=setting, now=now))
        if item is not None:
            told.append(notice)
            items.append(item)
    if not items:
        return
    unsubscribe_url = _unsubscribe_url(user, told, setting)
    write = partial(
        content_of,
        items,
        reader=user.full_name,
        setting=setting,
        unsubscribe_url=unsubscribe_url,
        now=now,
    )
    content = _attempt(told, outcome, write)
    if content is None:
        return
    threads = {notice.thread for notice in told if notice.thread}
    replaced = [
        notice for notice in notices if notice.thread in threads and latest[notice.thread] is not notice
    ]
    mail = Mail(
        recipient=user,
        address=user.email,
        message_id=message_id_of([*told, *replaced]),
        subject=content.subject,
        text=content.text,
        html=content.html,
        restricted=content.restricted,
        unsubscribe_url=unsubscribe_url,
        state=MailState.QUEUED if settings.EMAIL_URL else MailState.KEPT,
        next_attempt_at=now,
        created_at=now,
    )
    outcome.mails.append(mail)
    outcome.settle(told, NoticeState.MAILED, mail=mail)
    outcome.settle(replaced, NoticeState.CANCELLED, reason=NoticeReason.SUPERSEDED, mail=mail)


def _unsubscribe_url(user: User, notices: Sequence[Notice], setting: Setting) -> str:
    """Return the link that ends mails of those kinds that may be ended; empty where there are none, or no address."""
    kinds = silenceable({notice.kind for notice in notices})
    if not kinds or not setting.base_url:
        return ""
    path = reverse("notifications:unsubscribe", args=[unsubscribe_token(user=user, kinds=kinds)])
    return absolute_link(setting.base_url, path)


def _attempt(notices: Sequence[Notice], outcome: _Outcome, write: Callable[[], T]) -> T | None:
    """Return what `write` returns; park the notices with what it raised, so that they stand in nobody's way.

    Only for pure functions: an error of the database must end the transaction.
    """
    try:
        return write()
    except Exception as error:
        log.exception("Notices %s can't be composed.", [notice.pk for notice in notices])
        outcome.settle(
            notices,
            NoticeState.PARKED,
            reason=NoticeReason.FAILED,
            detail=f"{type(error).__name__}: {error}",
        )
        return None
