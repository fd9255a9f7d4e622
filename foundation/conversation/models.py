"""What people say about a record."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.records.fields import WordsField
from foundation.records.models import Record

LONGEST_COMMENT = 20_000
"""Characters; more than that is a document, and belongs into a file."""


class Comment(models.Model):
    """What a person said about a record, in Markdown, as it was typed.

    Edited, it keeps its earlier versions; withdrawn, it keeps its place and its text, which is shown as evidence alone.
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
    words = WordsField(_("words"))
    revision = models.PositiveIntegerField(_("version"), default=1)
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [
            models.Index(fields=["record", "-id"], name="comment_of_record"),
            GinIndex(fields=["words"], name="comment_words", fastupdate=False),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key", "author", "record"], name="comment_said_once"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="comment_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:80]}"

    def get_absolute_url(self) -> str:
        """Return the path that leads to the comment wherever it stands in the activity by then."""
        return reverse("conversation:comment-detail", args=[self.pk])

    def searched_text(self) -> dict[str, str]:
        """Return what search finds the comment by."""
        return {"A": self.text}


class CommentVersion(models.Model):
    """What a comment said before it was edited; its last words stand in the comment itself."""

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="versions", verbose_name=_("comment"), db_index=False
    )
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("earlier version of a comment")
        verbose_name_plural = _("earlier versions of comments")
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="comment_version_once")]

    def __str__(self) -> str:
        return f"{self.comment_id}, {self.number}"


class Mention(models.Model):
    """A person whom a comment mentions; `name` is how it was typed after the @, by which the text shows it."""

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="mentions", verbose_name=_("comment"), db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="mentions",
        verbose_name=_("person"),
        db_index=False,  # mention_of_user serves
    )
    name = models.CharField(_("as typed"), max_length=254)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        indexes = [models.Index(fields=["user", "-comment"], name="mention_of_user")]
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="mention_once")]

    def __str__(self) -> str:
        return f"@{self.name}"


class Follow(models.Model):
    """Whether a person wants to be told of what is said about a record.

    Owner and participants follow without a row; a row that says no is their own wish, and stays. Whoever comments
    follows from then on, unless a row says no.
    """

    record = models.ForeignKey(
        Record, models.CASCADE, related_name="follows", verbose_name=_("record"), db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows", verbose_name=_("person")
    )
    is_following = models.BooleanField(_("follows"), default=True)
    changed_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [models.UniqueConstraint(fields=["record", "user"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.record_id}"
