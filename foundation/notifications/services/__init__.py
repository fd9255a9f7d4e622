"""Writes of the outbox: notices, the mails composed from them, and their delivery."""

from foundation.notifications.services.notices import NoticeDraft, notices_cancel, notices_write

__all__ = ["NoticeDraft", "notices_cancel", "notices_write"]
