"""Approvals bound to the exact content that was approved."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import BusinessUnit
from foundation.approvals.choices import RequestState, Verdict
from foundation.records.models import Record


class ApprovalRequest(models.Model):
    """A request that ordered steps of people approve a record as it stands.

    `content` is what is approved, as plain values; `digest` is the SHA-256 of its canonical JSON, and what a
    decision binds to. When the record's content no longer has this digest, the request is void.
    """

    record = models.ForeignKey(
        Record, models.PROTECT, related_name="approval_requests", verbose_name=_("record")
    )
    content = models.JSONField(_("content"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState.choices, default=RequestState.OPEN
    )
    current_step = models.PositiveSmallIntegerField(_("current step"), default=1)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("approval request")
        verbose_name_plural = _("approval requests")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"], name="approval_one_open", condition=models.Q(state=RequestState.OPEN)
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=RequestState.values), name="approval_known_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state=RequestState.OPEN, closed_at__isnull=True)
                | (~models.Q(state=RequestState.OPEN) & models.Q(closed_at__isnull=False)),
                name="approval_closed_when_final",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="approval_keep_request", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="approval_content_is_fixed",
                fields=["record", "content", "digest", "requested_by", "requested_at"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.digest[:12]}"

    @property
    def is_open(self) -> bool:
        """Tell whether a decision is still awaited."""
        return self.state == RequestState.OPEN


class ApprovalStep(models.Model):
    """One step of a request: `needed` of the people who hold `right` for the unit decide it. Fixed once asked."""

    request = models.ForeignKey(
        ApprovalRequest, models.PROTECT, related_name="steps", verbose_name=_("request")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    label = models.CharField(_("label"), max_length=200)
    needed = models.PositiveSmallIntegerField(_("decisions needed"), default=1)
    right = models.CharField(_("right"), max_length=60)
    unit = models.ForeignKey(
        BusinessUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("business unit")
    )

    class Meta:
        verbose_name = _("approval step")
        verbose_name_plural = _("approval steps")
        ordering = ["request", "position"]
        constraints = [
            models.UniqueConstraint(fields=["request", "position"], name="approval_step_order"),
            models.CheckConstraint(condition=models.Q(needed__gte=1), name="approval_step_needs_one"),
        ]
        triggers = [
            pgtrigger.Protect(name="approval_keep_step", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.label}"


class ApprovalDecision(models.Model):
    """What one person decided, on exactly this digest, perhaps as the stand-in of another (`on_behalf_of`).

    Never changed, never by or for the requester, and one for each voice: the database sees to it.
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
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decided_by}: {self.verdict}"
