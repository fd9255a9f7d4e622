"""Telling who asked for an evidence pack that it is ready, or why it is not."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from duties.choices import PackState
from duties.models.packs import EvidencePack
from duties.packs.scope import pack_title
from foundation.notifications.services import NoticeDraft, notices_write, told

PACK = "duties.pack"


def pack_tell(*, pack: EvidencePack, now: datetime) -> None:
    """Tell the person, in the transaction of the fact."""
    is_ready = pack.state == PackState.READY
    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=pack.requested_by_id,
                kind=PACK,
                dedupe_key=f"{PACK}:{pack.key}:{pack.attempt}",
                thread=f"{PACK}:{pack.key}",
                payload={
                    "title": told(lambda: pack_title(pack.duty, pack.starts_on, pack.ends_on)),
                    "sentence": told(
                        lambda: (
                            _("Your evidence pack is ready.")
                            if is_ready
                            else _("Your evidence pack could not be made: its page says why.")
                        )
                    ),
                    "path": reverse("duties:pack-detail", args=[pack.key]),
                },
            )
        ],
        now=now,
    )
