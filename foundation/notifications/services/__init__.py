"""Writes of the outbox: notices, the mails composed from them, and their delivery."""

from foundation.notifications.services.administration import (
    address_unpark,
    mail_retry,
    mails_retry_all,
    notices_retry,
)
from foundation.notifications.services.composing import mails_compose
from foundation.notifications.services.delivering import mails_deliver
from foundation.notifications.services.notices import (
    NoticeDraft,
    notices_call_off,
    notices_cancel,
    notices_write,
    told,
)
from foundation.notifications.services.preferences import mails_silence, preferences_save
from foundation.notifications.services.reading import notice_read, notices_read_all, record_notices_read
from foundation.notifications.services.roles import ROLE_WANTED, role_wanted_tell
from foundation.notifications.services.running import outbox_run

__all__ = [
    "ROLE_WANTED",
    "NoticeDraft",
    "address_unpark",
    "mail_retry",
    "mails_compose",
    "mails_deliver",
    "mails_retry_all",
    "mails_silence",
    "notice_read",
    "notices_call_off",
    "notices_cancel",
    "notices_read_all",
    "notices_retry",
    "notices_write",
    "outbox_run",
    "preferences_save",
    "record_notices_read",
    "role_wanted_tell",
    "told",
]
