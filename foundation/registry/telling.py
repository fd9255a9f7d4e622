"""What people are told: kinds of notices, where they come from, and who carries them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from foundation.registry.texts import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class NoticeKind:
    """A kind of notice that a person can receive, with the reason that the mail gives for it.

    One that `is_quiet` is shown in the portal, and comes by mail to those alone who chose so; it may be silenced, too.

    One that `may_be_silenced` calls for nothing that its reader must do; of any other, `stays_because` says why it can't
    be turned off, where that is not because it calls for something.
    """

    key: str
    label: StrOrPromise
    reason: StrOrPromise
    may_be_digested: bool = True
    may_be_silenced: bool = False
    stays_because: StrOrPromise = ""
    is_quiet: bool = False
    icon: str = "bell"


@dataclass(frozen=True, kw_only=True)
class NoticeSource:
    """Something that writes the notices that have become due: asked before mails are composed.

    `write` takes `now` and writes all there is to write, in transactions of its own. Because every source has written
    before a person's mail is composed, what became due at one moment goes out in one mail.
    """

    key: str
    write: Callable[..., int]


@dataclass(frozen=True, kw_only=True)
class Messenger:
    """Carries what is told to people by apps that know no outbox, since it stands above them.

    `tell(person_ids=…, kind=…, title=…, sentence=…, path=…, now=…)` writes one notice of a `NoticeKind` for each of these
    people, in the transaction of the fact.
    """

    key: str
    tell: Callable[..., None]
