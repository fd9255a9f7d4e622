"""Writing signs of life, and the weekly mail that takes the trail's checkpoint out of the house."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.choices import Role
from foundation.accounts.organisation import organisation_zone
from foundation.accounts.selectors import grants_in_force
from foundation.notifications.services import NoticeDraft, notices_write
from foundation.operations.choices import Program
from foundation.operations.models import Heartbeat
from foundation.trail.models import Checkpoint
from foundation.trail.selectors import checkpoint_sentence, seal_state

CHECKPOINT_NOTICE = "operations.checkpoint"


def heartbeat_record(*, program: Program, now: datetime) -> None:
    """Keep `now` as the program's last sign of life; one statement, safe against others that do the same."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=program, at=now)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


def checkpoint_notices_write(*, now: datetime) -> int:
    """Tell every CISO the trail's last checkpoint, once a week (by the organisation's calendar); return how many.

    May be called at any time and any number of times: what was told this week is not told again, and a week in which
    nothing ran on Monday is made up for on the day after. Nothing is told while the trail is empty.
    """
    seal = seal_state(now=now)
    if seal.checkpoint is None and not seal.is_behind:
        return 0
    zone = organisation_zone()
    today = timezone.localdate(now, zone)
    year, week, _day = today.isocalendar()
    with timezone.override(zone):
        sentence = _checkpoint_words(seal.checkpoint, is_behind=seal.is_behind)
    recipients = grants_in_force(on=today).filter(role=Role.CISO, unit=None).values_list("user_id", flat=True)
    return notices_write(
        notices=[
            NoticeDraft(
                recipient_id=user_id,
                kind=CHECKPOINT_NOTICE,
                dedupe_key=f"{CHECKPOINT_NOTICE}:{year}-W{week:02d}:{user_id}",
                payload={"title": _("Checkpoint of the trail"), "sentence": sentence, "path": "/trail/"},
            )
            for user_id in recipients
        ],
        now=now,
    )


def _checkpoint_words(checkpoint: Checkpoint | None, *, is_behind: bool) -> str:
    words = [checkpoint_sentence(checkpoint)]
    if is_behind:
        words.append(
            _("Newer entries wait for longer than they should to be sealed: look at the health page.")
        )
    if checkpoint:
        command = f"./portal manage verify_trail --expect {checkpoint.position}:{checkpoint.chain_digest}"
        words.append(
            _("To prove one day that nothing before was changed, run: %(command)s") % {"command": command}
        )
    return " ".join(words)
