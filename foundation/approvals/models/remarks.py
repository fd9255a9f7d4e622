"""What readers remark on passages of what is to be approved, and what is answered."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.approvals.models.requests import ApprovalRequest

LONGEST_QUOTE = 300


def passage_key(anchor: str) -> str:
    """Return the id, in a page, of the passage with an anchor."""
    return f"passage-{anchor.replace(':', '-').replace('.', '-')}" if anchor else "content"


class Remark(models.Model):
    """A remark on a passage of exactly what a request holds, or an answer to one (`answers`). Its words are never changed.

    `passage` is the anchor of a heading, a paragraph or a row, empty for the whole; `quote` how it begins. Whoever asked, or
    made it, marks a remark as settled.
    """

    request = models.ForeignKey(
        ApprovalRequest, models.PROTECT, related_name="remarks", verbose_name=_("request")
    )
    answers = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="answered_by", verbose_name=_("answers")
    )
    passage = models.CharField(_("passage"), max_length=160, blank=True)
    quote = models.CharField(_("how it begins"), max_length=LONGEST_QUOTE, blank=True)
    text = models.TextField(_("text"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    at = models.DateTimeField(_("written at"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="approval_remark_says_something"),
            models.CheckConstraint(
                condition=models.Q(settled_by__isnull=True, settled_at__isnull=True)
                | models.Q(settled_by__isnull=False, settled_at__isnull=False, answers__isnull=True),
                name="approval_remark_settled_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="approval_keep_remark", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="approval_remark_is_fixed",
                fields=["request", "answers", "passage", "quote", "text", "by", "at"],
            ),
            pgtrigger.Protect(
                name="approval_remark_is_settled",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__settled_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="approval_answer_belongs",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__answers__isnull=False),
                func="""
                IF NOT EXISTS (
                    SELECT FROM approvals_remark
                    WHERE id = NEW.answers_id AND request_id = NEW.request_id AND answers_id IS NULL
                ) THEN
                    RAISE EXCEPTION 'An answer belongs to a remark on the same content.' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.text[:60]}"

    @property
    def key(self) -> str:
        """Return the id of the passage in the page that shows it."""
        return passage_key(self.passage)
