"""What audits found."""

from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audits.choices import FindingState, Grade
from audits.models.audits import Audit
from audits.models.checks import Check
from audits.querysets import FindingListingQuerySet, FindingQuerySet
from compliance.models import Framework, Requirement, RequirementText
from foundation.records.listings import RecordListing
from foundation.records.models import Record
from foundation.ui.addresses import address_of

MOST_WHYS = 5


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="finding_events"))
class Finding(Record):
    """A finding of an audit: what falls short of which requirement, how gravely, why, and what is done about it.

    It belongs to the audit's unit and is as confidential as the audit; its owner is who answers for it among the audited.
    `text` is what its requirement said in the version that was audited, chosen when it was raised (`text_audited()`).
    """

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_finding"
    )
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="findings", verbose_name=_("audit"))
    from_check = models.ForeignKey(
        Check,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("check"),
    )
    requirement = models.ForeignKey(
        Requirement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("requirement"),
    )
    text = models.ForeignKey(
        RequirementText,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("text of the requirement"),
        help_text=_("In the version that was audited."),
    )
    grade = models.CharField(_("grade"), max_length=20, choices=Grade.choices)
    description = models.TextField(_("what was found"), blank=True, max_length=10_000)
    evidence = models.TextField(_("evidence"), blank=True, max_length=10_000)
    risk = models.TextField(_("risk"), blank=True, max_length=10_000)
    raised_on = models.DateField(_("raised on"), editable=False)
    answer_due_on = models.DateField(_("answer due"))
    response = models.TextField(_("auditee's response"), blank=True, max_length=10_000)
    whys = ArrayField(
        models.CharField(max_length=1_000),
        verbose_name=_("five whys"),
        default=list,
        blank=True,
        size=MOST_WHYS,
    )
    root_cause = models.TextField(_("root cause"), blank=True, max_length=10_000)
    correction = models.TextField(_("correction"), blank=True, max_length=10_000)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes = [models.Index(fields=["requirement", "audit"], name="finding_requirement")]
        constraints = [
            models.CheckConstraint(condition=Q(grade__in=Grade.values), name="finding_known_grade"),
            models.CheckConstraint(
                condition=Q(text__isnull=True) | Q(requirement__isnull=False),
                name="finding_text_of_requirement",
            ),
        ]


# What filters ask, besides the columns that an index starts with: a page is found without a look at the rows.
ASKED = [
    "unit",
    "owner",
    "confidentiality",
    "is_archived",
    "state",
    "grade",
    "audit",
    "requirement",
    "framework",
    "due_on",
    "has_earlier",
    "needle",
]


def _asked(*but: str) -> list[str]:
    return [name for name in ASKED if name not in but]


class FindingListing(RecordListing):
    """What lists of findings filter, sort and show: one narrow row beside each finding, written by triggers (migration 0008).

    `due_on` is the day of the answer that it waits for, and empty once it is there. `has_earlier` tells that the same
    requirement fell short in the same unit in an earlier audit, whoever may know of that one: never show it as it is.
    """

    finding = models.OneToOneField(Finding, models.CASCADE, primary_key=True, related_name="listing")
    audit = models.ForeignKey(
        Audit,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("audit"),
        db_constraint=False,
        db_index=False,
    )
    requirement = models.ForeignKey(
        Requirement,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        verbose_name=_("requirement"),
        db_constraint=False,
        db_index=False,
    )
    framework = models.ForeignKey(
        Framework,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        verbose_name=_("framework"),
        db_constraint=False,
        db_index=False,
    )
    grade = models.CharField(_("grade"), max_length=20, choices=Grade.choices)
    state = models.CharField(_("state"), max_length=40, choices=FindingState.choices)
    due_on = models.DateField(_("answer due"), null=True)
    raised_on = models.DateField(_("raised on"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    has_earlier = models.BooleanField(_("repeats another"), default=False)

    objects: ClassVar[Any] = FindingListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed finding")
        verbose_name_plural = _("listed findings")
        indexes = [
            models.Index(fields=["-finding"], include=_asked(), name="finding_listing_new"),
            models.Index(
                fields=["unit", "-finding"], include=_asked("unit"), name="finding_listing_unit_new"
            ),
            models.Index(
                fields=["state", "-finding"], include=_asked("state"), name="finding_listing_state_new"
            ),
            models.Index(
                fields=["due_on", "finding"], include=_asked("due_on"), name="finding_listing_answer_due"
            ),
            models.Index(fields=["title", "finding"], name="finding_listing_title"),
            models.Index(fields=["owner", "-finding"], name="finding_listing_owner_new"),
            models.Index(
                fields=["audit", "finding"], include=["grade", "state"], name="finding_listing_audit"
            ),
            models.Index(fields=["requirement", "unit", "finding"], name="finding_listing_requirement"),
        ]

    def get_absolute_url(self) -> str:
        """Return the path of the finding's page."""
        return address_of("audits:finding-detail", self.reference)
