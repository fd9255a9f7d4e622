"""What people are told of their account and roles; the outbox stands above and listens through the registry."""

from collections.abc import Iterable
from datetime import datetime

from foundation.accounts.models import User
from foundation.registry import Messenger, registry

ROLES = "accounts.roles"
ACCOUNT = "accounts.account"


def tell(*, people: Iterable[User], kind: str, title: str, sentence: str, path: str, now: datetime) -> None:
    """Tell people something, in the transaction of the fact; `path` is the page about it, without host."""
    person_ids = sorted({person.pk for person in people})
    for messenger in registry.all(Messenger):
        messenger.tell(person_ids=person_ids, kind=kind, title=title, sentence=sentence, path=path, now=now)
