"""Audits, and the narrow copies of them that lists read."""

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import DateField, ExpressionWrapper, F, Q
from django.db.models.expressions import CombinedExpression
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from audits.choices import (
    OPEN_AUDIT_STATES,
    OPEN_FINDING_STATES,
    AuditState,
    AuditType,
    EvidenceState,
    FindingState,
)
from audits.models.dates import days_field, offset_constraints
from audits.models.programmes import Programme
from audits.models.series import AuditSeries
from audits.querysets import AuditListingQuerySet, AuditQuerySet
from compliance.models import Framework
from foundation.records.listings import RecordListing
from foundation.records.models import Record
from foundation.ui.addresses import address_of


def _day(expression: CombinedExpression) -> "ExpressionWrapper[CombinedExpression]":
    return ExpressionWrapper(expression, output_field=DateField())


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="audit_events"), exclude=["next_due_on"])
class Audit(Record):
    """One audit: what is examined, against which criteria, by whom, and when.

    All dates are days in the organisation's time zone. Each `*_on` is stored beside the number of days by which it
    lies before or after `starts_on`, and the database holds both to it. `next_due_on` is the date of the step that
    the audit's state waits for; it is written with the state and the dates, and empty once nothing is due.
    """

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_audit"
    )
    type = models.CharField(_("type"), max_length=20, choices=AuditType.choices)
    scope = models.TextField(_("scope"), blank=True, max_length=10_000)
    criteria = models.TextField(_("criteria"), blank=True, max_length=10_000)
    objectives = models.TextField(_("objectives"), blank=True, max_length=10_000)
    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="audits",
        verbose_name=_("programme"),
        db_index=False,
    )
    lead_auditor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="led_audits",
        verbose_name=_("lead auditor"),
    )
    starts_on = models.DateField(_("fieldwork starts"))
    preparation_days = days_field(_("preparation starts, days before"), 28)
    fieldwork_days = days_field(_("fieldwork ends, days after"), 4)
    report_days = days_field(_("report due, days after"), 18)
    follow_up_days = days_field(_("follow-up due, days after"), 90)
    preparation_on = models.DateField(_("preparation starts"))
    fieldwork_ends_on = models.DateField(_("fieldwork ends"))
    report_due_on = models.DateField(_("report due"))
    follow_up_on = models.DateField(_("follow-up due"))
    next_due_on = models.DateField(_("next due"), null=True, blank=True, editable=False)
    series = models.ForeignKey(
        AuditSeries,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="audits",
        verbose_name=_("series"),
        db_index=False,
        editable=False,
    )
    occurrence_on = models.DateField(_("occurrence"), null=True, blank=True, editable=False)
    frameworks = models.ManyToManyField(
        Framework, related_name="audits", verbose_name=_("frameworks"), blank=True
    )
    conclusion = models.TextField(
        _("conclusion"), blank=True, max_length=10_000, help_text=_("The overall judgement, for the report.")
    )
    # The start as it stood when the programme was approved last while the fieldwork had not begun: what slippage is told
    # from. An audit that came into the programme later has none until the next approval.
    approved_starts_on = models.DateField(_("start as approved"), null=True, blank=True, editable=False)
    report_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("report approved by"),
        editable=False,
    )
    report_approved_at = models.DateTimeField(_("report approved at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    external_reference = models.CharField(
        _("external reference"),
        max_length=60,
        blank=True,
        help_text=_(
            "Its number elsewhere. An import that brings it again changes this audit, and makes no second."
        ),
    )

    # Set where the audit was fetched with `answers_annotated()`.
    answers_read: list[tuple[int, str, str]]

    objects: ClassVar[Any] = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        indexes = [
            models.Index(fields=["programme", "starts_on"], name="audit_programme_start"),
        ]
        constraints = [
            *offset_constraints("audit"),
            models.CheckConstraint(
                condition=Q(
                    preparation_on=_day(F("starts_on") - F("preparation_days")),
                    fieldwork_ends_on=_day(F("starts_on") + F("fieldwork_days")),
                    report_due_on=_day(F("starts_on") + F("report_days")),
                    follow_up_on=_day(F("starts_on") + F("follow_up_days")),
                ),
                name="audit_dates_follow_days",
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True, occurrence_on__isnull=True)
                | Q(series__isnull=False, occurrence_on__isnull=False),
                name="audit_occurrence_of_series",
            ),
            models.CheckConstraint(
                condition=Q(report_approved_by__isnull=True, report_approved_at__isnull=True)
                | Q(report_approved_by__isnull=False, report_approved_at__isnull=False),
                name="audit_report_approval_whole",
            ),
            models.UniqueConstraint(
                fields=["external_reference"],
                condition=~Q(external_reference=""),
                name="audit_external_reference_once",
                violation_error_message=_("Another audit has this external reference."),
            ),
            models.UniqueConstraint(
                fields=["series", "occurrence_on"],
                name="audit_occurrence_once",
                violation_error_message=_("This occurrence is planned already."),
            ),
        ]

    @cached_property
    def answers_awaited(self) -> tuple[tuple[int, str, str], ...]:
        """Return who answers for each finding and each request for evidence, with its state.

        One query when first asked; none where the audit was fetched with `answers_annotated()`.
        """
        if hasattr(self, "answers_read"):
            return tuple((owner, state, kind) for owner, state, kind in self.answers_read)
        findings = self.findings.values_list("owner_id", "state", "kind")
        asked = self.evidence_requests.values_list("owner_id", "state", "kind")
        return tuple(findings.order_by().union(asked.order_by(), all=True))

    @property
    def answering_ids(self) -> frozenset[int]:
        """Return the keys of who answers for findings of the audit or is asked for evidence in it."""
        gone = (FindingState.WITHDRAWN, EvidenceState.WITHDRAWN)
        return frozenset(owner for owner, state, _kind in self.answers_awaited if state not in gone)

    @property
    def open_finding_count(self) -> int:
        """Return how many findings of the audit are neither closed nor withdrawn."""
        return sum(
            kind == "finding" and state in OPEN_FINDING_STATES for _owner, state, kind in self.answers_awaited
        )

    @cached_property
    def judging_ids(self) -> frozenset[int]:
        """Return the keys of who graded checks of the audit or raised findings in it; one query, when first asked."""
        graded = self.checks.exclude(tested_by=None).values_list("tested_by_id")
        raised = self.findings.values_list("created_by_id")
        return frozenset(key for (key,) in graded.order_by().union(raised.order_by()))

    @property
    def is_open(self) -> bool:
        """Tell whether the audit is neither closed nor cancelled."""
        return self.state in OPEN_AUDIT_STATES

    def is_late(self, on: date) -> bool:
        """Tell whether the step that the audit waits for was due before a day."""
        return self.next_due_on is not None and self.next_due_on < on


class AuditListing(RecordListing):
    """What lists of audits filter, sort and show: one narrow row beside each audit, written by triggers (migration 0002).

    The `needle` holds the external reference as well.
    """

    audit = models.OneToOneField(Audit, models.CASCADE, primary_key=True, related_name="listing")
    type = models.CharField(_("type"), max_length=20, choices=AuditType.choices)
    state = models.CharField(_("state"), max_length=40, choices=AuditState.choices)
    lead_auditor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("lead auditor"),
        db_constraint=False,
        db_index=False,
    )
    programme = models.ForeignKey(
        Programme,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        verbose_name=_("programme"),
        db_constraint=False,
        db_index=False,
    )
    recurs = models.BooleanField(_("recurring"))
    starts_on = models.DateField(_("fieldwork starts"))
    next_due_on = models.DateField(_("next due"), null=True)

    objects: ClassVar[Any] = AuditListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed audit")
        verbose_name_plural = _("listed audits")
        indexes = [
            # Carries all that the filters ask, the text filter too: a page is found without a look at the rows.
            models.Index(
                fields=["-starts_on", "-audit"],
                include=[
                    "unit",
                    "owner",
                    "confidentiality",
                    "is_archived",
                    "state",
                    "type",
                    "next_due_on",
                    "lead_auditor",
                    "programme",
                    "needle",
                ],
                name="listing_start",
            ),
            models.Index(
                fields=["unit", "-starts_on", "-audit"],
                include=[
                    "owner",
                    "confidentiality",
                    "is_archived",
                    "state",
                    "type",
                    "next_due_on",
                    "lead_auditor",
                    "programme",
                    "needle",
                ],
                name="listing_unit_start",
            ),
            models.Index(fields=["state", "-starts_on", "-audit"], name="listing_state_start"),
            # What programmes and their list count and draw, without a look at the rows.
            models.Index(
                fields=["programme", "starts_on"],
                include=["audit", "unit", "owner", "confidentiality", "is_archived", "state"],
                name="listing_programme",
                condition=Q(programme__isnull=False),
            ),
            models.Index(fields=["title", "audit"], name="listing_title"),
            # The list opens with what is late or due next; what waits for no date any more stands last.
            models.Index(
                fields=["next_due_on", "audit"],
                include=[
                    "unit",
                    "owner",
                    "confidentiality",
                    "is_archived",
                    "state",
                    "type",
                    "lead_auditor",
                    "programme",
                    "needle",
                ],
                name="listing_due",
            ),
            models.Index(
                fields=["unit", "next_due_on", "audit"],
                include=[
                    "owner",
                    "confidentiality",
                    "is_archived",
                    "state",
                    "type",
                    "lead_auditor",
                    "programme",
                    "needle",
                ],
                name="listing_unit_due",
            ),
            models.Index(
                fields=["lead_auditor", "next_due_on"],
                name="listing_lead_due",
            ),
            models.Index(fields=["owner", "next_due_on"], name="listing_owner_due"),
        ]

    def get_absolute_url(self) -> str:
        """Return the path of the audit's page."""
        return address_of("audits:audit-detail", self.reference)
