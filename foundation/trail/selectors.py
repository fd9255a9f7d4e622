"""Reads of the seal: how far it reaches, and what was last signed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.trail.models import Checkpoint, Entry, Seal, Waiting

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


def seal_state(*, now: datetime) -> SealState:
    """Return how far the seal reaches. Four queries at the most; those who wait are counted to a cap."""
    last = Seal.objects.order_by("-position").values_list("position", "entry_id").first()
    waiting = Waiting.objects.all()[: COUNTED_UP_TO + 1].count()
    first = Waiting.objects.order_by("pk").values("pk")[:1]
    oldest_at = (
        Entry.objects.filter(pk=Subquery(first)).values_list("at", flat=True).first() if waiting else None
    )
    return SealState(
        position=last[0] if last else 0,
        entry_id=last[1] if last else None,
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
