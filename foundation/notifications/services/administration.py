"""What an administrator does about mails, addresses and notices that are stuck."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.notifications.choices import MailState, NoticeState, ParkReason
from foundation.notifications.models import Mail, Notice, ParkedAddress
from foundation.trail.services import entry_write

ADDRESS_REASONS = (ParkReason.ADDRESS_REFUSED, ParkReason.ADDRESS_PARKED)


@transaction.atomic
def mail_retry(*, mail: Mail, actor: User, now: datetime) -> Mail:
    """Queue a parked mail again, or send one that was kept; its address is the one that the person has now.

    An address that was refused is tried again with it. Raises ValidationError, which says why, for a mail that must
    stay where it is.
    """
    locked = Mail.objects.select_for_update(of=("self",)).select_related("recipient").get(pk=mail.pk)
    _check_may_go(locked)
    action = "notifications.mail.released" if locked.state == MailState.KEPT else "notifications.mail.retried"
    before = {"state": locked.state, "reason": locked.park_reason, "address": locked.address}
    _addresses_free([locked.recipient.email])
    _queue(Mail.objects.filter(pk=locked.pk), now)
    entry_write(
        action=action,
        actor=actor,
        subject=locked.recipient.full_name,
        before=before,
        after={"state": MailState.QUEUED, "address": locked.recipient.email},
    )
    return Mail.objects.get(pk=mail.pk)


@transaction.atomic
def mails_retry_all(*, state: MailState, actor: User, now: datetime) -> int:
    """Queue all mails that are parked, or all that were kept, and return how many.

    Those stay that may not go: of people who left, and withdrawn ones. Raises ValidationError without a mail server.
    """
    if not settings.EMAIL_URL:
        raise ValidationError(_no_server())
    stuck = Mail.objects.filter(_may_go(), state=state)
    _addresses_free(stuck.values_list("recipient__email", flat=True))
    count = _queue(stuck, now)
    if count:
        action = "notifications.mails.released" if state == MailState.KEPT else "notifications.mails.retried"
        entry_write(action=action, actor=actor, after={"mails": count})
    return count


@transaction.atomic
def address_unpark(*, address: ParkedAddress, actor: User, now: datetime) -> int:
    """Let mails go to an address again, queue those that were parked because of it, and return how many."""
    address.delete()
    waiting = Mail.objects.filter(
        _may_go(), state=MailState.PARKED, park_reason__in=ADDRESS_REASONS, address__iexact=address.address
    )
    count = _queue(waiting, now)
    entry_write(
        action="notifications.address.unparked",
        actor=actor,
        subject=address.address,
        before={"answer": address.reason},
        after={"mails": count},
    )
    return count


@transaction.atomic
def notices_retry(*, notices: QuerySet[Notice], actor: User) -> int:
    """Let notices that could not be told be composed again, and return how many."""
    parked = notices.filter(state=NoticeState.PARKED)
    count = parked.update(state=NoticeState.PENDING, reason="", detail="")
    if count:
        entry_write(action="notifications.notices.retried", actor=actor, after={"notices": count})
    return count


def _may_go() -> Q:
    """Return which mails may be sent after all: not those of people who left, nor what was withdrawn."""
    return Q(recipient__is_active=True) & ~Q(park_reason=ParkReason.NOT_VISIBLE)


def _check_may_go(mail: Mail) -> None:
    if mail.state not in {MailState.PARKED, MailState.KEPT}:
        raise ValidationError(
            _("This mail is not parked any more: it is now “%(state)s”.")
            % {"state": MailState(mail.state).label}
        )
    if mail.park_reason == ParkReason.NOT_VISIBLE:
        raise ValidationError(_("This mail was withdrawn; what may still be told is in a new one."))
    if not mail.recipient.is_active:
        raise ValidationError(
            _("%(name)s is no longer active, and gets no mail.") % {"name": mail.recipient.full_name}
        )
    if not settings.EMAIL_URL:
        raise ValidationError(_no_server())


def _no_server() -> str:
    return _("No mail server is configured. Name one in EMAIL_URL first.")


def _queue(mails: QuerySet[Mail], now: datetime) -> int:
    """Queue mails as if they were new, to the addresses that their people have now."""
    own_address = User.objects.filter(pk=OuterRef("recipient_id")).values("email")[:1]
    return mails.update(
        state=MailState.QUEUED,
        park_reason="",
        attempts=0,
        last_error="",
        next_attempt_at=now,
        address=Subquery(own_address),
    )


def _addresses_free(addresses: Iterable[str]) -> None:
    """Forget that these addresses were refused: a further refusal parks them again."""
    wanted = {address.lower() for address in addresses}
    ParkedAddress.objects.annotate(low=Lower("address")).filter(low__in=wanted).delete()
