"""Exceptions to policies: who need not follow which section of which document, why, and until when."""

from datetime import date
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exceptions.choices import OPEN, ExceptionState, RiskLevel
from exceptions.querysets import ExceptionListingQuerySet, ExceptionQuerySet
from foundation.approvals.models import ApprovalRequest
from foundation.records.listings import RecordListing
from foundation.records.models import Record
from foundation.ui.addresses import address_of
from policies.choices import DocumentState
from policies.models import Document, DocumentVersion

# What is needed for longer than a year is no exception: the policy is wrong, or is not followed. Whoever still needs it asks again,
# and somebody looks at its risk anew. (ISO/IEC 27001 A.5.1 wants policies themselves reviewed at planned intervals.)
LONGEST_DAYS = 366
MOST_WORDS = 4_000

SAID = (
    "document_id",
    "version_in_force_id",
    "section",
    "section_title",
    "systems",
    "reason",
    "compensation",
    "risk",
    "risk_words",
    "starts_on",
    "expires_on",
    "renews_id",
)
GRANT = ("granted_at", "digest", "approval_id")

_SAID = ", ".join(f"{{row}}.{name}" for name in (*SAID, *GRANT))
_WRITTEN = ", ".join(f"{{row}}.{name}" for name in (*SAID, "written_by_id", "writers"))

# An exception says what somebody else decides on from the moment at which it is submitted, and what was granted for ever. Code sees to
# it; whoever writes SQL as the portal's role meets this. What stands in the record's own row (state, title, unit) the migrations guard.
# A last day is over everywhere on earth twelve hours after it is in UTC: the service goes by the organisation's time zone.
_GUARD = f"""
    IF TG_OP = 'UPDATE' AND NOT NEW.writers @> OLD.writers THEN
        RAISE EXCEPTION 'Who wrote on an exception stays written down.' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.granted_at IS NOT NULL
            AND ({_SAID.format(row="NEW")}) IS DISTINCT FROM ({_SAID.format(row="OLD")}) THEN
        RAISE EXCEPTION 'What was granted is fixed.' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND ({_WRITTEN.format(row="NEW")}) IS DISTINCT FROM ({_WRITTEN.format(row="OLD")})
            AND NOT EXISTS (SELECT FROM records_record WHERE id = OLD.record_ptr_id AND state = 'draft') THEN
        RAISE EXCEPTION 'What was submitted is fixed.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.granted_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.granted_at IS NULL)
            AND (NEW.granted_at AT TIME ZONE 'UTC' - interval '12 hours')::date > NEW.expires_on THEN
        RAISE EXCEPTION 'Nothing is granted that is over.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.replaced_on IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.replaced_on IS DISTINCT FROM OLD.replaced_on) AND NOT EXISTS (
        SELECT FROM exceptions_policyexception AS renewal
        JOIN records_record AS record ON record.id = renewal.record_ptr_id AND record.state = 'granted'
        WHERE renewal.renews_id = NEW.record_ptr_id AND renewal.granted_at IS NOT NULL
            AND renewal.starts_on <= NEW.replaced_on AND renewal.expires_on >= NEW.expires_on
    ) THEN
        RAISE EXCEPTION 'Only a renewal takes the place of an exception, and none that ends sooner.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.granted_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.granted_at IS NULL) AND NOT EXISTS (
        SELECT FROM approvals_approvalrequest AS asked
        WHERE asked.id = NEW.approval_id AND asked.record_id = NEW.record_ptr_id AND asked.state = 'approved'
            AND asked.digest = NEW.digest
    ) THEN
        RAISE EXCEPTION 'Nobody granted this exception as it stands.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""  # noqa: S608 - none of it comes from outside


def _days_after(field: str, days: int) -> Any:
    return models.ExpressionWrapper(F(field) + days, output_field=models.DateField())


class Standing:
    """Where an exception stands on a day, by the columns that say so."""

    state: Any
    starts_on: Any
    expires_on: Any
    replaced_on: Any

    def state_on(self, day: date) -> str:
        """Return the state in which it stands on a day of the organisation, whatever is written: `querysets.standing()` of one."""
        if self.state != ExceptionState.GRANTED:
            return self.state
        if self.replaced_on and self.replaced_on <= day:
            return ExceptionState.RENEWED
        return ExceptionState.EXPIRED if self.expires_on < day else ExceptionState.GRANTED

    def is_in_force(self, day: date) -> bool:
        """Tell whether it holds on a day of the organisation."""
        return self.state_on(day) == ExceptionState.GRANTED and self.starts_on <= day


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="exception_events"), exclude=["writers"])
class PolicyException(Standing, Record):
    """Leave not to follow a document, or a section of it, for a unit or some of its systems, until a day.

    `version_in_force` is what the document said when it was asked for, and `section` the anchor of one of its headings. It holds from
    `starts_on`, once granted, through `expires_on`, days of the organisation; or until a renewal takes its place on
    `replaced_on`. `digest` is the SHA-256 of what `approval` granted. `overtaken_at` is when its owner was told that the document
    says something else by now.
    """

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_exception"
    )
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="exceptions", verbose_name=_("document")
    )
    version_in_force = models.ForeignKey(
        DocumentVersion, models.PROTECT, related_name="+", verbose_name=_("version in force then")
    )
    section = models.CharField(_("section"), max_length=200, blank=True)
    section_title = models.CharField(_("heading of the section"), max_length=400, blank=True)
    systems = models.CharField(_("systems"), max_length=1_000, blank=True)
    reason = models.TextField(_("why"), max_length=MOST_WORDS)
    compensation = models.TextField(_("compensating controls"), max_length=MOST_WORDS)
    risk = models.CharField(_("risk"), max_length=10, choices=RiskLevel.choices)
    risk_words = models.TextField(_("risk in words"), max_length=MOST_WORDS)
    starts_on = models.DateField(_("in force from"))
    expires_on = models.DateField(_("in force until"))
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewals", verbose_name=_("renews")
    )
    replaced_on = models.DateField(_("renewal in force from"), null=True, blank=True, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("last written by"),
        editable=False,
    )
    writers = ArrayField(
        models.BigIntegerField(), verbose_name=_("writers"), default=list, db_default=[], editable=False
    )
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)
    approval = models.ForeignKey(
        ApprovalRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approval"),
        editable=False,
    )
    granted_at = models.DateTimeField(_("granted at"), null=True, blank=True, editable=False)
    overtaken_at = models.DateTimeField(_("told to decide again at"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = ExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception to a policy")
        verbose_name_plural = _("exceptions to policies")
        constraints = [
            models.CheckConstraint(condition=Q(risk__in=RiskLevel.values), name="exception_known_risk"),
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("starts_on")), name="exception_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(expires_on__lte=_days_after("starts_on", LONGEST_DAYS)),
                name="exception_a_year_at_most",
            ),
            models.CheckConstraint(
                condition=Q(replaced_on__isnull=True)
                | Q(replaced_on__gt=F("starts_on"), replaced_on__lte=_days_after("expires_on", 1)),
                name="exception_replaced_while_it_holds",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(compensation="") & ~Q(risk_words=""),
                name="exception_says_why",
            ),
            models.CheckConstraint(
                condition=Q(granted_at__isnull=True, approval__isnull=True, digest="")
                | (Q(granted_at__isnull=False, approval__isnull=False) & ~Q(digest="")),
                name="exception_granted_by_an_approval",
            ),
            models.CheckConstraint(
                condition=Q(renews__isnull=True) | ~Q(renews=F("record_ptr")),
                name="exception_renews_another",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_on", "record_ptr"], name="exception_by_expiry"),
        ]
        triggers = [
            pgtrigger.Protect(name="exception_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="exception_is_as_granted",
                operation=pgtrigger.Update | pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_GUARD,
            ),
        ]

    @property
    def is_overtaken(self) -> bool:
        """Tell whether its document says something else by now that people acknowledge anew, or holds no more."""
        document = self.document
        if document.state == DocumentState.RETIRED:
            return True
        return bool(document.current and document.current.major > self.version_in_force.major)


# What filters ask, besides the columns that an index starts with: a page is found without a look at the rows.
ASKED = [
    "unit",
    "owner",
    "confidentiality",
    "is_archived",
    "state",
    "risk",
    "starts_on",
    "expires_on",
    "replaced_on",
    "is_overtaken",
]


def _asked(*but: str) -> list[str]:
    return [name for name in ASKED if name not in but]


class ExceptionListing(Standing, RecordListing):
    """What lists of exceptions filter, sort and show: one narrow row beside each, written by triggers (migration 0003).

    `is_overtaken` is what the exception itself says by that name, and `document_title` what its document is called, whoever may know
    of that one: both follow the document. `needle` holds the systems, too.
    """

    # Without a constraint: it would be checked under a lock on the exception, which somebody else may hold while the document is
    # changed here.
    exception = models.OneToOneField(
        PolicyException, models.CASCADE, primary_key=True, related_name="listing", db_constraint=False
    )
    document = models.ForeignKey(
        Document,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("document"),
        db_constraint=False,
        db_index=False,
    )
    document_title = models.CharField(_("title of the document"), max_length=200)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("asked for by"),
        db_constraint=False,
        db_index=False,
    )
    state = models.CharField(_("state"), max_length=40, choices=ExceptionState.choices)
    risk = models.CharField(_("risk"), max_length=10, choices=RiskLevel.choices)
    starts_on = models.DateField(_("in force from"))
    expires_on = models.DateField(_("in force until"))
    replaced_on = models.DateField(_("renewal in force from"), null=True)
    is_overtaken = models.BooleanField(_("to decide again"))

    objects: ClassVar[Any] = ExceptionListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed exception")
        verbose_name_plural = _("listed exceptions")
        indexes = [
            models.Index(
                fields=["expires_on", "exception"],
                include=_asked("expires_on"),
                name="exception_listing_until",
            ),
            models.Index(
                fields=["unit", "expires_on", "exception"],
                include=_asked("unit", "expires_on"),
                name="exception_listing_unit_until",
            ),
            models.Index(
                fields=["expires_on", "exception"],
                include=_asked("expires_on"),
                name="exception_listing_open",
                condition=Q(state__in=OPEN),
            ),
            models.Index(
                fields=["state", "expires_on", "exception"],
                include=_asked("state", "expires_on"),
                name="exception_listing_state",
            ),
            models.Index(
                fields=["unit", "exception"],
                include=_asked("unit"),
                name="exception_listing_overtaken",
                condition=Q(is_overtaken=True, state=ExceptionState.GRANTED),
            ),
            models.Index(fields=["document", "exception"], name="exception_listing_document"),
            models.Index(fields=["title", "exception"], name="exception_listing_title"),
            models.Index(fields=["owner", "exception"], name="exception_listing_owner"),
        ]

    def get_absolute_url(self) -> str:
        """Return the path of the exception's page."""
        return address_of("exceptions:exception-detail", self.reference)
