"""From the outbox to the mail server: claimed by a lease, recorded one by one."""

import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from foundation.accounts.organisation import organisation_zone
from foundation.notifications.choices import MailState, NoticeState, ParkReason
from foundation.notifications.cleaning import clean_line, shorten
from foundation.notifications.identity import Sender
from foundation.notifications.mime import message_of
from foundation.notifications.models import Mail, Notice, ParkedAddress
from foundation.notifications.servers import MailServer, mail_server
from foundation.notifications.smtp import Answer, SmtpSession, Verdict
from foundation.records.selectors import pairs_that_see
from foundation.trail.services import entry_write

log = logging.getLogger(__name__)
T = TypeVar("T")

LONGEST_RETRY = timedelta(hours=6)
MAX_ATTEMPTS = 20  # doubling from a minute up to six hours: given up after about three days
UNCLEAR_IN_A_ROW = 3
# A mail that waited for so long is looked at again before it goes: may the reader still see what it tells?
CHECK_AGAIN_AFTER = timedelta(minutes=10)
# An answer waits for a database that is away for nearly as long as a lease, in seconds.
DATABASE_RETRIES = (0.1, 0.2, 0.5, *(1.0,) * 280)


@dataclass
class Tally:
    """What a delivery came to, in mails."""

    sent: int = 0
    deferred: int = 0
    parked: int = 0
    server_fault: str = ""


def retry_delay(attempts: int) -> timedelta:
    """Return how long a mail waits after so many attempts: doubled each time, up to the longest."""
    return min(timedelta(seconds=settings.MAIL_RETRY_SECONDS) * 2 ** min(attempts - 1, 20), LONGEST_RETRY)


def mails_deliver(
    *,
    now: datetime,
    batch: int = 100,
    budget: timedelta = timedelta(seconds=50),
    stopping: Callable[[], bool] = lambda: False,
) -> Tally:
    """Send what is due, batch by batch, until nothing is left, the budget is spent or the server fails.

    Ends as soon as `stopping` says so, with what is left queued again: a worker that is asked to end need not be killed.

    Safe beside other workers: each mail is leased to one. Every answer is recorded as soon as it came, so a worker
    that is killed leaves at most one mail of which it is not known whether it was sent; that one is sent again under
    the same Message-ID when the lease ends. Does nothing without a mail server. Must not run inside a transaction.
    """
    tally = Tally()
    server = mail_server()
    if server is None:
        return tally
    watch = _Watch(now)
    while watch.elapsed < budget and not tally.server_fault and not stopping():
        delivery = _Delivery(server, watch, tally, stopping)
        if not delivery.claim(batch):
            break
        delivery.run()
    return tally


class _Watch:
    """What time it is while we work, reckoned from the instant that we were given."""

    def __init__(self, started: datetime) -> None:
        self._started = started
        self._monotonic = time.monotonic()

    @property
    def elapsed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._monotonic)

    @property
    def now(self) -> datetime:
        return self._started + self.elapsed


class _Delivery:
    """One batch: mails leased under one token, sent over one connection."""

    def __init__(self, server: MailServer, watch: _Watch, tally: Tally, stopping: Callable[[], bool]) -> None:
        self._server = server
        self._stopping = stopping
        self._watch = watch
        self._tally = tally
        self._token = uuid4()
        self._lease = timedelta(seconds=settings.MAIL_LEASE_SECONDS)
        self._renew_at = watch.now
        self._mails: dict[int, Mail] = {}
        self._refused: set[str] = set()
        self._withdrawn: set[int] = set()
        self._unclear = 0

    @transaction.atomic
    def claim(self, limit: int) -> bool:
        """Lease mails that are due, those of a worker whose lease has ended among them; tell whether there are any."""
        now = self._watch.now
        due = (
            Mail.objects.filter(state__in=[MailState.QUEUED, MailState.SENDING], next_attempt_at__lte=now)
            .order_by("next_attempt_at", "pk")
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("recipient")
        )
        self._mails = {mail.pk: mail for mail in due[:limit]}
        taken_over = [mail for mail in self._mails.values() if mail.state == MailState.SENDING]
        if taken_over:  # their worker ended while it had them
            for mail in taken_over:
                mail.attempts += 1
            Mail.objects.bulk_update(taken_over, ["attempts"])
        Mail.objects.filter(pk__in=self._mails).update(
            state=MailState.SENDING,
            lease_token=self._token,
            **self._lease_from(now),
        )
        return bool(self._mails)

    def run(self) -> None:
        """Send all of the batch, or put back what the server could not take."""
        origin = Sender.configured()
        self._refused = _refused_before(mail.address for mail in self._mails.values())
        self._withdrawn = self._no_longer_visible()
        with (
            SmtpSession(self._server, greeting=origin.domain, timeout=settings.EMAIL_TIMEOUT) as session,
            ThreadPoolExecutor(max_workers=1, thread_name_prefix="smtp") as helper,
        ):

            def begin(mail: Mail | None) -> "Future[Answer | None] | None":
                return helper.submit(_begin, session, mail, origin) if mail else None

            mail = self._next()
            begun = begin(mail)
            while mail and begun:
                answer = begun.result()
                if answer is None and self._may_finish(mail):
                    answer = session.finish()
                elif answer is None:
                    session.abandon()
                following = self._next(mail) if self._goes_on(mail, answer) else None
                # Handed over but for its end while the database writes the answer to the one before: a worker that is
                # killed now leaves one mail unclear and not two.
                begun = begin(following)
                if answer is not None:
                    self._settle(mail, answer)
                mail = following

    def _next(self, busy: Mail | None = None) -> Mail | None:
        """Return the next mail to send, after parking those that must not be sent."""
        for mail in list(self._mails.values()):
            if mail is not busy and not self._park_beforehand(mail):
                return mail
        return None

    def _may_finish(self, mail: Mail) -> bool:
        """Tell whether the mail is still ours to send."""
        if self._stopping():
            self._queue_left(self._watch.now)
            return False
        self._keep_lease()
        return mail.pk in self._mails

    def _goes_on(self, mail: Mail, answer: Answer | None) -> bool:
        """Tell whether the server can be given another mail after this answer (None: the mail was given up)."""
        if answer is None:
            return True
        if answer.verdict is Verdict.ADDRESS_REFUSED:
            self._refused.add(mail.address.lower())
        self._unclear = self._unclear + 1 if answer.verdict is Verdict.UNCLEAR else 0
        return answer.verdict is not Verdict.SERVER_FAULT and self._unclear < UNCLEAR_IN_A_ROW

    def _settle(self, mail: Mail, answer: Answer) -> None:
        """Write down what the answer means for the mail."""
        match answer.verdict:
            case Verdict.ACCEPTED:
                self._tally.sent += 1
                self._record(
                    mail,
                    state=MailState.SENT,
                    sent_at=self._watch.now,
                    attempts=mail.attempts + 1,
                    last_error="",
                )
            case Verdict.DEFERRED | Verdict.UNCLEAR:
                self._retry(mail, answer.text)
            case Verdict.ADDRESS_REFUSED:
                self._park_address(mail, answer.text)
            case Verdict.CONTENT_REFUSED:
                self._park(mail, ParkReason.CONTENT_REFUSED, answer.text, attempts=mail.attempts + 1)
            case Verdict.UNBUILDABLE:
                self._park(mail, ParkReason.UNBUILDABLE, answer.text)
            case Verdict.SERVER_FAULT:
                self._put_back(mail, answer)
        if self._unclear == UNCLEAR_IN_A_ROW:
            self._put_back(None, answer)

    def _park_beforehand(self, mail: Mail) -> bool:
        """Park what must not be sent, and tell whether it was so."""
        if mail.attempts >= MAX_ATTEMPTS:
            self._park(mail, ParkReason.TOO_MANY_TRIES, mail.last_error)
        elif not mail.recipient.is_active:
            self._park(mail, ParkReason.RECIPIENT_GONE)
        elif mail.address.lower() in self._refused:
            self._park(mail, ParkReason.ADDRESS_PARKED)
        elif mail.pk in self._withdrawn:
            self._withdraw(mail)
        else:
            return False
        return True

    def _retry(self, mail: Mail, words: str) -> None:
        attempts = mail.attempts + 1
        if attempts >= MAX_ATTEMPTS:
            self._park(mail, ParkReason.TOO_MANY_TRIES, words, attempts=attempts)
            return
        self._tally.deferred += 1
        self._record(
            mail,
            state=MailState.QUEUED,
            attempts=attempts,
            next_attempt_at=self._watch.now + retry_delay(attempts),
            last_error=_kept(words),
        )

    def _park(self, mail: Mail, reason: ParkReason, words: str = "", **changes: Any) -> None:
        self._tally.parked += 1
        self._record(mail, state=MailState.PARKED, park_reason=reason, last_error=_kept(words), **changes)

    def _park_address(self, mail: Mail, words: str) -> None:
        """Park the mail and its address: no later mail is tried there until an administrator says so."""

        @transaction.atomic
        def write() -> None:
            known = ParkedAddress(address=mail.address, reason=_kept(words), parked_at=self._watch.now)
            ParkedAddress.objects.bulk_create([known], ignore_conflicts=True)
            entry_write(
                action="notifications.address.parked",
                actor=None,
                subject=mail.address,
                after={"answer": _kept(words)},
            )

        _persist(write)
        self._park(mail, ParkReason.ADDRESS_REFUSED, words, attempts=mail.attempts + 1)

    def _withdraw(self, mail: Mail) -> None:
        """Park a mail that tells too much by now, and let what may still be told be composed anew."""

        self._tally.parked += 1

        @transaction.atomic
        def write() -> None:
            Notice.objects.filter(mail=mail, state=NoticeState.MAILED).update(
                state=NoticeState.PENDING, mail=None
            )
            self._record(mail, state=MailState.PARKED, park_reason=ParkReason.NOT_VISIBLE)

        _persist(write)

    def _put_back(self, mail: Mail | None, answer: Answer) -> None:
        """Queue all that is left for the next run: the server failed, not the mails.

        One at which it got stuck waits longer, so that the others go first.
        """
        self._tally.server_fault = answer.text
        soon = timedelta(seconds=settings.MAIL_RETRY_SECONDS)
        if mail is not None and answer.stuck:
            self._record(
                mail,
                state=MailState.QUEUED,
                next_attempt_at=self._watch.now + 5 * soon,
                last_error=_kept(answer.text),
            )
        self._queue_left(self._watch.now + soon * 0.8, last_error=_kept(answer.text))

    def _queue_left(self, next_attempt_at: datetime, **changes: Any) -> None:
        """Give back what is left of the batch."""
        left, self._mails = self._mails, {}
        _persist(
            lambda: Mail.objects.filter(pk__in=left, lease_token=self._token).update(
                state=MailState.QUEUED,
                next_attempt_at=next_attempt_at,
                lease_token=None,
                lease_until=None,
                **changes,
            )
        )

    def _record(self, mail: Mail, **changes: Any) -> None:
        """Write what became of a mail, and end its lease."""
        self._mails.pop(mail.pk, None)
        updated = _persist(
            lambda: Mail.objects.filter(pk=mail.pk, lease_token=self._token).update(
                lease_token=None, lease_until=None, **changes
            )
        )
        if not updated:
            log.warning(
                "Mail %s was taken over by another worker; ours made it %s.", mail.pk, changes["state"]
            )

    def _keep_lease(self) -> None:
        """Renew the lease of what is left once half of it has passed, and forget what others took over."""
        now = self._watch.now
        if now < self._renew_at:
            return
        mine = Mail.objects.filter(pk__in=self._mails, lease_token=self._token)
        _persist(lambda: mine.update(**self._lease_from(now)))
        still_mine = set(_persist(lambda: list(mine.values_list("pk", flat=True))))
        self._mails = {pk: mail for pk, mail in self._mails.items() if pk in still_mine}

    def _lease_from(self, now: datetime) -> dict[str, datetime]:
        self._renew_at = now + self._lease / 2
        return {"lease_until": now + self._lease, "next_attempt_at": now + self._lease}

    def _no_longer_visible(self) -> set[int]:
        """Return the mails that waited long and tell of a record that their reader may not see any more."""
        waited = [
            pk for pk, mail in self._mails.items() if self._watch.now - mail.created_at > CHECK_AGAIN_AFTER
        ]
        if not waited:
            return set()
        told = Notice.objects.filter(mail__in=waited, state=NoticeState.MAILED, record__isnull=False)
        rows = list(told.values_list("mail_id", "record_id", "recipient_id"))
        on = timezone.localdate(self._watch.now, organisation_zone())
        seen = pairs_that_see({(record_id, reader_id) for _mail_id, record_id, reader_id in rows}, on=on)
        return {mail_id for mail_id, record_id, reader_id in rows if (record_id, reader_id) not in seen}


def _begin(session: SmtpSession, mail: Mail, origin: Sender) -> Answer | None:
    """Build a mail and hand it over but for its end. Runs beside the database's work, and asks nothing of it."""
    try:
        recipient, message = message_of(mail, origin=origin)
    except Exception as error:  # whatever is wrong with a mail, it must not stand in the others' way
        log.exception("Mail %s can't be built.", mail.pk)
        return Answer(Verdict.UNBUILDABLE, f"{type(error).__name__}: {error}")
    return session.begin(sender=origin.address.addr_spec, recipient=recipient, message=message)


def _refused_before(addresses: Iterable[str]) -> set[str]:
    """Return those addresses, in small letters, that a mail server refused for good."""
    wanted = {address.lower() for address in addresses}
    parked = ParkedAddress.objects.annotate(low=Lower("address")).filter(low__in=wanted)
    return set(parked.values_list("low", flat=True))


def _persist(write: Callable[[], T]) -> T:
    """Return what `write` returns; when the database went away, wait for it: what a server answered must not be lost.

    `write` must be safe to repeat, since its commit may have come through although the connection broke.
    """
    for seconds in DATABASE_RETRIES:
        try:
            return write()
        except (DatabaseError, InterfaceError):
            # What a lost connection raises differs by the moment at which it is lost; a connection that still answers
            # has another fault.
            if connection.in_atomic_block or (connection.connection is not None and connection.is_usable()):
                raise
            log.warning("The database is away; trying again in %s s.", seconds)
            connection.close()
            time.sleep(seconds)
    return write()


def _kept(words: str) -> str:
    return shorten(clean_line(words), 1000)
