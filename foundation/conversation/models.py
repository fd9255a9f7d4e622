"""What people say about a record."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.records.models import Record

LONGEST_COMMENT = 20_000
"""Characters; more than that is a document, and belongs into a file."""


class Comment(models.Model):
    """What a person said about a record, in Markdown, as it was typed.

    `key` was drawn when the form was shown, so that a form that is sent twice says it once.
    """

    record = models.ForeignKey(
        Record,
        models.CASCADE,
        related_name="comments",
        verbose_name=_("record"),
        db_index=False,  # comment_of_record serves
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments", verbose_name=_("author")
    )
    text = models.TextField(_("text"), max_length=LONGEST_COMMENT)
    key = models.UUIDField(_("key"), default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [models.Index(fields=["record", "-id"], name="comment_of_record")]
        constraints = [models.UniqueConstraint(fields=["key", "author", "record"], name="comment_said_once")]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:80]}"
