"""What apps below have to tell people: see `foundation.registry.Messenger`."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from foundation.notifications.services.notices import NoticeDraft, notices_write


def message_write(
    *, person_ids: Iterable[int], kind: str, title: str, sentence: str, path: str, now: datetime
) -> None:
    """Write a notice for each of these people. Each is a fact of its own: nothing said before is repeated or replaced."""
    payload = {"title": title, "sentence": sentence, "path": path}
    notices_write(
        notices=[
            NoticeDraft(recipient_id=pk, kind=kind, dedupe_key=f"{kind}:{uuid4().hex}:{pk}", payload=payload)
            for pk in person_ids
        ],
        now=now,
    )
