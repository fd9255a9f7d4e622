"""A decision that one person hands on to another."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.approvals.models.requests import ApprovalRequest, ApprovalStep

_IS_VALID = """
    SELECT * INTO asked FROM approvals_approvalrequest WHERE id = NEW.request_id;
    IF asked.requested_by_id IN (NEW.by_id, NEW.to_id) OR asked.authors && ARRAY[NEW.by_id, NEW.to_id] THEN
        RAISE EXCEPTION 'Neither who asked nor who made it has a part in who decides.' USING ERRCODE = 'check_violation';
    END IF;
    IF asked.state <> 'open' OR NOT EXISTS (
        SELECT FROM approvals_approvalstep
        WHERE id = NEW.step_id AND request_id = NEW.request_id AND position = asked.current_step
    ) THEN
        RAISE EXCEPTION 'The step is not the current one.' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM approvals_approvaldecision WHERE request_id = NEW.request_id
            AND (decided_by_id IN (NEW.by_id, NEW.to_id) OR on_behalf_of_id IN (NEW.by_id, NEW.to_id))
    ) THEN
        RAISE EXCEPTION 'Who decided already hands nothing on, and gets nothing.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class HandOn(models.Model):
    """The decision of a stage that `by` leaves to `to`, for a reason: that person decides, and `by` does not, until it ends.

    It ends where it is taken back, or where the other may not decide any more. Otherwise it is never changed.
    """

    request = models.ForeignKey(
        ApprovalRequest, models.PROTECT, related_name="hand_ons", verbose_name=_("request")
    )
    step = models.ForeignKey(ApprovalStep, models.PROTECT, related_name="hand_ons", verbose_name=_("step"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("handed on by")
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("handed on to")
    )
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("handed on at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("decision handed on")
        verbose_name_plural = _("decisions handed on")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "by"],
                name="approval_handed_on_once",
                condition=models.Q(ended_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["step", "to"],
                name="approval_one_voice_each",
                condition=models.Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(condition=~models.Q(by=models.F("to")), name="approval_not_to_oneself"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="approval_handed_on_why"),
        ]
        triggers = [
            pgtrigger.Protect(name="approval_keep_hand_on", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="approval_hand_on_ended",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
            pgtrigger.ReadOnly(
                name="approval_hand_on_is_fixed", fields=["request", "step", "by", "to", "reason", "at"]
            ),
            pgtrigger.Trigger(
                name="approval_hand_on_is_valid",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("asked", "approvals_approvalrequest%ROWTYPE")],
                func=_IS_VALID,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} → {self.to}"
