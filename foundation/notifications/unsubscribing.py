"""The link in a mail that ends mails of its kinds: signed for this purpose, and kept nowhere.

It names a person, kinds of notice, and the address that the mail went to. It works for half a year, as long as the person
is active and has that address, so a mail that was passed on or an address that was given up ends nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.core import signing

from foundation.accounts.models import User
from foundation.registry import NoticeKind, registry

PURPOSE = "notifications.unsubscribe"
VALID_FOR = timedelta(days=180)
KINDS_NAMED = 20


class UnsubscribeGone(Exception):
    """The link is unknown, over, or of someone who left or has another address: nobody is told which."""


@dataclass(frozen=True)
class Unsubscription:
    """What a link ends: mails of these kinds to this person."""

    user: User
    kinds: tuple[NoticeKind, ...]


def silenceable(kinds: Iterable[str]) -> list[str]:
    """Return those of some kinds of notice that a person may end, in order."""
    known = (registry.find(NoticeKind, kind) for kind in sorted(set(kinds)))
    return [kind.key for kind in known if kind and kind.may_be_silenced]


def unsubscribe_token(*, user: User, kinds: Iterable[str]) -> str:
    """Return the token that stands in the link of a mail to a person."""
    value = [user.pk, _address_mark(user.email), sorted(kinds)[:KINDS_NAMED]]
    return signing.dumps(value, salt=PURPOSE, compress=True)


def unsubscription_of(token: str) -> Unsubscription:
    """Return what a token ends; raise UnsubscribeGone for any that ends nothing."""
    try:
        user_id, mark, kinds = signing.loads(token, salt=PURPOSE, max_age=VALID_FOR)
    except signing.BadSignature as error:
        raise UnsubscribeGone from error
    user = User.objects.filter(pk=user_id, is_active=True).first()
    known = tuple(registry.get(NoticeKind, kind) for kind in silenceable(kinds))
    if user is None or _address_mark(user.email) != mark or not known:
        raise UnsubscribeGone
    return Unsubscription(user, known)


def _address_mark(address: str) -> str:
    return sha256(address.lower().encode()).hexdigest()[:16]
