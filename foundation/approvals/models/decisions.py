"""What people decided, and for whom."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from foundation.approvals.choices import Verdict
from foundation.approvals.models.requests import ApprovalRequest, ApprovalStep


class ApprovalDecision(models.Model):
    """What one person decided, on exactly this digest, perhaps as the stand-in of another (`on_behalf_of`).

    Never changed, never by or for the requester, never by who did not open it, and one for each voice: the database sees to it.
    """

    request = models.ForeignKey(
        ApprovalRequest, models.PROTECT, related_name="decisions", verbose_name=_("request")
    )
    step = models.ForeignKey(ApprovalStep, models.PROTECT, related_name="decisions", verbose_name=_("step"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    digest = models.CharField(_("SHA-256"), max_length=64)
    comment = models.TextField(_("comment"), blank=True)
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("approval decision")
        verbose_name_plural = _("approval decisions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "decided_by"], name="approval_decide_once"),
            models.UniqueConstraint(
                "request", Coalesce("on_behalf_of", "decided_by"), name="approval_one_voice"
            ),
            models.CheckConstraint(
                condition=~models.Q(on_behalf_of=models.F("decided_by")), name="approval_for_another"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__in=Verdict.values), name="approval_known_verdict"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict=Verdict.APPROVE) | ~models.Q(comment=""),
                name="approval_says_why_not",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="approval_keep_decision", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="approval_decision_is_valid",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("asked", "approvals_approvalrequest%ROWTYPE")],
                func="""
                SELECT * INTO asked FROM approvals_approvalrequest WHERE id = NEW.request_id;
                IF asked.requested_by_id IN (NEW.decided_by_id, NEW.on_behalf_of_id) THEN
                    RAISE EXCEPTION 'The requester of an approval may not decide it.' USING ERRCODE = 'check_violation';
                END IF;
                IF NEW.decided_by_id = ANY (asked.authors) OR NEW.on_behalf_of_id = ANY (asked.authors) THEN
                    RAISE EXCEPTION 'Who made what is to be approved may not decide it.' USING ERRCODE = 'check_violation';
                END IF;
                IF asked.state <> 'open' THEN
                    RAISE EXCEPTION 'This approval request is closed.' USING ERRCODE = 'check_violation';
                END IF;
                IF asked.digest <> NEW.digest THEN
                    RAISE EXCEPTION 'The decision is on other content.' USING ERRCODE = 'check_violation';
                END IF;
                IF NOT EXISTS (
                    SELECT 1 FROM approvals_approvalstep
                    WHERE id = NEW.step_id AND request_id = NEW.request_id AND position = asked.current_step
                ) THEN
                    RAISE EXCEPTION 'The step is not the current one.' USING ERRCODE = 'check_violation';
                END IF;
                IF EXISTS (
                    SELECT FROM approvals_handon
                    WHERE step_id = NEW.step_id AND ended_at IS NULL AND by_id IN (NEW.decided_by_id, NEW.on_behalf_of_id)
                ) THEN
                    RAISE EXCEPTION 'The decision was handed on.' USING ERRCODE = 'check_violation';
                END IF;
                IF NOT EXISTS (
                    SELECT FROM approvals_approvalseen
                    WHERE request_id = NEW.request_id AND person_id = NEW.decided_by_id AND digest = NEW.digest
                ) THEN
                    RAISE EXCEPTION 'Who decides has opened what is to be approved.' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decided_by}: {self.verdict}"
