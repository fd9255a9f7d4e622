"""Who writes on a draft at present."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.models.documents import Document

IDLE = timedelta(minutes=15)


class DraftLock(models.Model):
    """Somebody has a document's draft open to write on it: nobody else does meanwhile, unless they take over.

    It counts until `seen_at`, the last time that its holder opened the draft or typed something, is `IDLE` ago. `key` is
    another one each time that the draft changes hands, so that nobody takes over from a person whom they were not told of.
    """

    document = models.OneToOneField(
        Document, models.CASCADE, primary_key=True, related_name="writing", verbose_name=_("document")
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("writes on it")
    )
    key = models.UUIDField(_("key"), default=uuid4)
    since = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("last seen at"))

    class Meta:
        verbose_name = _("open draft")
        verbose_name_plural = _("open drafts")

    def __str__(self) -> str:
        return f"{self.holder}, {self.document_id}"

    def counts(self, at: datetime) -> bool:
        """Tell whether its holder still writes, as far as can be known."""
        return at - self.seen_at < IDLE
