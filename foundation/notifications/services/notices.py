"""Writing to the outbox and calling off what is in it."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.functional import Promise, lazy

from foundation.accounts.models import User
from foundation.notifications.choices import NoticeReason, NoticeState
from foundation.notifications.models import Notice

INSERT = """
    INSERT INTO notifications_notice AS notice
        (recipient_id, kind, record_id, dedupe_key, thread, payload, send_after, created_at, state, reason, detail)
    SELECT *, %s, %s, '', ''
    FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::jsonb[], %s::timestamptz[])
    ON CONFLICT (dedupe_key) DO UPDATE
        SET state = EXCLUDED.state, reason = '', payload = EXCLUDED.payload, thread = EXCLUDED.thread,
            send_after = EXCLUDED.send_after, record_id = EXCLUDED.record_id
        WHERE notice.state = %s AND notice.reason = %s
"""


@dataclass(frozen=True, kw_only=True)
class NoticeDraft:
    """One thing to tell one person, not yet written.

    `dedupe_key` (at most 200 characters) says what it is once and for all: a deadline's carries the deadline, its date,
    the rung and the recipient. Notices of one `thread` tell of one matter, the later one replacing the earlier.
    `payload` holds plain values, all but the title optional:

    - `title`: the name of what it is about; `reference`: its number, such as AUD-0016;
    - `sentence`: what is to be done or what happened, without a date;
    - `due_at` (ISO 8601 with offset), or `due_on` (ISO date) for a whole day; the mail says how far off it is;
    - `path`: of the page, from its slash on, without host;
    - `reason`: why this person gets it, where the kind of notice can't say.

    Words of the portal's own are given as `told()`, so that each reads them in their own language.

    `send_after` (now, if empty) is when it became due, not when it was noticed: a digest of the same hour takes it in.
    """

    recipient_id: int
    kind: str
    dedupe_key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    record_id: int | None = None
    send_after: datetime | None = None
    thread: str = ""


def told(words: Callable[[], str]) -> str:
    """Return words for a payload that are found when they are written for somebody, in that person's language."""
    said: str = lazy(words, str)()
    return said


def notices_write(*, notices: Iterable[NoticeDraft], now: datetime) -> int:
    """Write notices to the outbox in the transaction of the fact, and return how many were new.

    A key that is known already writes nothing, but one that was called off is pending again. One statement whatever
    their number; sorted, so that two writers of the same keys can't block each other.
    """
    drafts = sorted(
        {draft.dedupe_key: draft for draft in notices}.values(), key=lambda draft: draft.dedupe_key
    )
    if not drafts:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            [
                now,
                NoticeState.PENDING.value,
                [draft.recipient_id for draft in drafts],
                [draft.kind for draft in drafts],
                [draft.record_id for draft in drafts],
                [draft.dedupe_key for draft in drafts],
                [draft.thread for draft in drafts],
                _payloads(drafts),
                [draft.send_after or now for draft in drafts],
                NoticeState.CANCELLED.value,
                NoticeReason.CALLED_OFF.value,
            ],
        )
        return int(cursor.rowcount)


def _payloads(drafts: Sequence[NoticeDraft]) -> list[str]:
    """Return the payloads as JSON, each in its reader's language. One query where words of the portal are in them, and else none."""
    to_say = {draft.recipient_id for draft in drafts if _is_to_say(draft)}
    languages = dict(User.objects.filter(pk__in=to_say).values_list("pk", "language")) if to_say else {}
    payloads = []
    for draft in drafts:
        language = languages.get(draft.recipient_id, "")
        known = language if translation.check_for_language(language) else settings.LANGUAGE_CODE
        with translation.override(known) if _is_to_say(draft) else nullcontext():
            payloads.append(
                json.dumps({k: str(v) if isinstance(v, Promise) else v for k, v in draft.payload.items()})
            )
    return payloads


def _is_to_say(draft: NoticeDraft) -> bool:
    return any(isinstance(value, Promise) for value in draft.payload.values())


@transaction.atomic
def notices_cancel(
    *, record_id: int, kind_prefix: str = "", key_prefix: str = "", recipient_id: int | None = None
) -> int:
    """Call off a record's notices that are in no mail yet, by the start of their kind and key, of all or one; return how many.

    A start is of whole parts: `deadline:5` is no start of `deadline:51`. Waits for a mail that is being composed from them: then they have gone out and are not counted.
    """
    pending = Notice.objects.filter(record_id=record_id, state=NoticeState.PENDING)
    if kind_prefix:
        pending = pending.filter(_begins("kind", kind_prefix, "."))
    if key_prefix:
        pending = pending.filter(_begins("dedupe_key", key_prefix, ":"))
    if recipient_id is not None:
        pending = pending.filter(recipient_id=recipient_id)
    # In one order of locking, whoever cancels.
    locked = pending.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)
    return Notice.objects.filter(pk__in=list(locked)).update(
        state=NoticeState.CANCELLED, reason=NoticeReason.CALLED_OFF
    )


@transaction.atomic
def notices_call_off(*, kind: str, key_prefix: str) -> int:
    """Call off notices of a kind that hang on no record, by the start of their key: those to come, and those that are shown.

    What was mailed has gone. Reads all notices of the kind: for what happens seldom. Returns how many there were.
    """
    told = Notice.objects.filter(_begins("dedupe_key", key_prefix, ":"), kind=kind, record=None)
    live = told.exclude(state__in=(NoticeState.CANCELLED, NoticeState.PARKED))
    locked = live.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)
    return Notice.objects.filter(pk__in=list(locked)).update(
        state=NoticeState.CANCELLED, reason=NoticeReason.CALLED_OFF
    )


def _begins(field: str, start: str, between: str) -> Q:
    """Return what holds of a field that begins with these parts, and not of one whose last part only begins alike."""
    parts = start.removesuffix(between)
    return Q((field, parts)) | Q((f"{field}__startswith", f"{parts}{between}"))
