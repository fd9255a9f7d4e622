"""Who was asked to decide, and who opened exactly what."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.approvals.models.requests import ApprovalRequest, ApprovalStep


class ApprovalCall(models.Model):
    """Who was told, and when first, that a stage waits for them, perhaps as the stand-in of another. Never changed.

    With `asked_by` it is somebody who was asked to read and to remark, and decides nothing.
    """

    step = models.ForeignKey(ApprovalStep, models.PROTECT, related_name="calls", verbose_name=_("step"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    stands_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stands in for"),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked to read by"),
    )
    at = models.DateTimeField(_("asked at"))

    class Meta:
        verbose_name = _("person asked")
        verbose_name_plural = _("people asked")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "person"], name="approval_called_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="approval_keep_call", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.at:%Y-%m-%d %H:%M}"


class ApprovalSeen(models.Model):
    """When a person first opened the page that shows what is to be approved: exactly what has this digest. Never changed."""

    request = models.ForeignKey(
        ApprovalRequest, models.PROTECT, related_name="seen", verbose_name=_("request")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    digest = models.CharField(_("SHA-256"), max_length=64)
    at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("content opened")
        verbose_name_plural = _("contents opened")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "person"], name="approval_seen_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="approval_keep_seen", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="approval_seen_what_is_asked",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                IF NOT EXISTS (
                    SELECT FROM approvals_approvalrequest WHERE id = NEW.request_id AND digest = NEW.digest
                ) THEN
                    RAISE EXCEPTION 'Another content was shown.' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.digest[:12]}"
