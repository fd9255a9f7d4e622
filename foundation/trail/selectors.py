"""Reads of the seal: how far it reaches, and what was last signed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.trail.models import Checkpoint

COUNTED_UP_TO = 10_000

LONGEST_WAIT = timedelta(minutes=30)
"""How long an entry may wait for its seal before people are told; sealing runs every few minutes."""


@dataclass(frozen=True)
class SealState:
    """How far the seal reaches: how many entries, the last one, the last checkpoint, and how many wait (to a cap)."""

    position: int
    entry_id: int | None
    checkpoint: Checkpoint | None
    waiting: int
    is_behind: bool
    counted: int = COUNTED_UP_TO

    @property
    def waiting_is_capped(self) -> bool:
        """Tell whether more wait than were counted."""
        return self.waiting > self.counted


def latest_checkpoint() -> Checkpoint | None:
    """Return the checkpoint that was signed last, or None before the first."""
    return Checkpoint.objects.order_by("-pk").first()


SEAL_STATE = """
SELECT last.position, last.entry_id,
       (SELECT count(*) FROM (SELECT FROM trail_waiting LIMIT %s) AS counted),
       (SELECT at FROM trail_entry WHERE id = (SELECT min(entry_id) FROM trail_waiting))
FROM (SELECT) AS always
LEFT JOIN (SELECT position, entry_id FROM trail_seal ORDER BY position DESC LIMIT 1) AS last ON true
"""


def seal_state(*, now: datetime) -> SealState:
    """Return how far the seal reaches. Two queries; those who wait are counted to a cap."""
    with connection.cursor() as cursor:
        cursor.execute(SEAL_STATE, [COUNTED_UP_TO + 1])
        position, entry_id, waiting, oldest_at = cursor.fetchone()
    return SealState(
        position=position or 0,
        entry_id=entry_id,
        checkpoint=latest_checkpoint(),
        waiting=waiting,
        is_behind=oldest_at is not None and oldest_at < now - LONGEST_WAIT,
    )


def checkpoint_sentence(checkpoint: Checkpoint | None) -> str:
    """Say for people what a checkpoint states, such as in the CISO's weekly mail; the instant is in the active zone."""
    if checkpoint is None:
        return _("No entry of the trail is sealed yet.")
    return _(
        "On %(when)s the trail was sealed up to entry %(entry)s, which is link %(position)s of the chain. "
        "The chain's digest is %(digest)s, signed with the key %(key)s."
    ) % {
        "when": date_format(timezone.localtime(checkpoint.signed_at), "j F Y, H:i e"),
        "entry": checkpoint.entry_id,
        "position": checkpoint.position,
        "digest": checkpoint.chain_digest,
        "key": checkpoint.key_fingerprint[:16],
    }
