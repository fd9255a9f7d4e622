"""Requests for approval bound to the exact content, and the stages that they go through."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import BusinessUnit
from foundation.approvals.choices import RequestState
from foundation.approvals.models.awaited import AWAITED_SQL
from foundation.approvals.models.circles import SOMEBODY, Circle
from foundation.records.models import Record

# A request goes on by what people decided, and by nothing else: whoever writes SQL as the portal's role meets this.
_BEGINS = """
    IF NEW.state <> 'open' OR NEW.current_step <> 1 THEN
        RAISE EXCEPTION 'A request for approval begins open, with its first stage.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_GOES_ON = """
    IF OLD.state <> 'open' THEN
        RAISE EXCEPTION 'A closed request for approval stays as it is.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.current_step <> OLD.current_step AND (NEW.current_step <> OLD.current_step + 1 OR EXISTS (
        SELECT FROM approvals_approvalstep AS step
        WHERE step.request_id = OLD.id AND step.position <= OLD.current_step AND step.needed > (
            SELECT count(*) FROM approvals_approvaldecision WHERE step_id = step.id AND verdict = 'approve'
        )
    )) THEN
        RAISE EXCEPTION 'The stage is not complete.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'approved' AND (EXISTS (
        SELECT FROM approvals_approvalstep AS step
        WHERE step.request_id = OLD.id AND step.needed > (
            SELECT count(*) FROM approvals_approvaldecision WHERE step_id = step.id AND verdict = 'approve'
        )
    ) OR NOT EXISTS (SELECT FROM approvals_approvalstep WHERE request_id = OLD.id)) THEN
        RAISE EXCEPTION 'Too few people approved it.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state IN ('rejected', 'changes') AND NOT EXISTS (
        SELECT FROM approvals_approvaldecision WHERE request_id = OLD.id
            AND verdict = CASE NEW.state WHEN 'rejected' THEN 'reject' ELSE 'changes' END
    ) THEN
        RAISE EXCEPTION 'Nobody decided so.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_STEP_BEGINS = """
    IF EXISTS (SELECT FROM approvals_approvaldecision WHERE request_id = NEW.request_id) OR NOT EXISTS (
        SELECT FROM approvals_approvalrequest WHERE id = NEW.request_id AND state = 'open'
    ) THEN
        RAISE EXCEPTION 'The stages of a request are fixed once somebody decided.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_AWAITED_FIRST = f"{AWAITED_SQL.format(stages='step.id = NEW.id')} RETURN NULL;"
_AWAITED_NEXT = f"""
    DELETE FROM approvals_awaitedvoice WHERE request_id = NEW.id;
    {AWAITED_SQL.format(stages="asked.id = NEW.id")}
    RETURN NULL;
"""  # noqa: S608 - none of it comes from outside


class ApprovalRequest(models.Model):
    """A request that people approve a record as it stands, in ordered stages.

    `content` is what is approved, as plain values; `digest` is the SHA-256 of its canonical JSON, and what a
    decision binds to. When the record's content no longer has this digest, the request is void. `authors` are the keys of
    those who made what is to be approved: they never decide, whatever becomes of the record afterwards.
    """

    record = models.ForeignKey(
        Record, models.PROTECT, related_name="approval_requests", verbose_name=_("record")
    )
    content = models.JSONField(_("content"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    authors = ArrayField(models.BigIntegerField(), verbose_name=_("authors"), default=list, db_default=[])
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
                fields=["record", "content", "digest", "authors", "requested_by", "requested_at"],
            ),
            pgtrigger.Trigger(
                name="approval_begins_open", operation=pgtrigger.Insert, when=pgtrigger.Before, func=_BEGINS
            ),
            pgtrigger.Trigger(
                name="approval_goes_on", operation=pgtrigger.Update, when=pgtrigger.Before, func=_GOES_ON
            ),
            pgtrigger.Trigger(
                name="approval_awaits_next",
                operation=pgtrigger.UpdateOf("state", "current_step"),
                when=pgtrigger.After,
                func=_AWAITED_NEXT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.digest[:12]}"

    def get_absolute_url(self) -> str:
        """Return the address of the page on which it is decided."""
        return reverse("approvals:request-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Tell whether a decision is still awaited."""
        return self.state == RequestState.OPEN


class ApprovalStep(Circle):
    """One stage of a request: `needed` of those in its circle approve it. Fixed once asked, whatever becomes of the route.

    `unit` is the record's, for which rights and roles are asked; `days` how long the stage may take, where the route says so.
    """

    request = models.ForeignKey(
        ApprovalRequest, models.PROTECT, related_name="steps", verbose_name=_("request")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    label = models.CharField(_("label"), max_length=200)
    needed = models.PositiveSmallIntegerField(_("decisions needed"), default=1)
    days = models.PositiveSmallIntegerField(_("days to decide"), null=True, blank=True)
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
            models.CheckConstraint(condition=SOMEBODY, name="approval_step_by_somebody"),
        ]
        triggers = [
            pgtrigger.Protect(name="approval_keep_step", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="approval_step_begins",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_STEP_BEGINS,
            ),
            pgtrigger.Trigger(
                name="approval_awaits_first",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                func=_AWAITED_FIRST,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.label}"
