"""The numbers that tell how the duty of audits stands."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from audits.models import AuditListing, EvidenceListing, FindingListing
from foundation.accounts.organisation import organisation_day
from foundation.registry import Better, DutyIndicator, Standing
from foundation.registry.measuring import asked_soon, days_soon

AUDITS, FINDINGS = ngettext_lazy("audit", "audits", "count"), ngettext_lazy("finding", "findings", "count")


def audits_late(area: str, now: datetime) -> Any:
    """Return the open audits whose next step was due before today."""
    return AuditListing.objects.unarchived().open().late(organisation_day(now))


def audits_soon(area: str, now: datetime) -> Any:
    """Return the open audits whose next step is due soon."""
    return (
        AuditListing.objects.unarchived().open().filter(next_due_on__range=days_soon(organisation_day(now)))
    )


def audits_open(area: str, now: datetime) -> Any:
    """Return the audits that are neither closed nor cancelled."""
    return AuditListing.objects.unarchived().open()


def audits_on_schedule(area: str, now: datetime) -> Any:
    """Return the open audits whose next step is not late."""
    return AuditListing.objects.unarchived().open().on_schedule(organisation_day(now))


def findings_late(area: str, now: datetime) -> Any:
    """Return the open findings whose next step was due before today."""
    return FindingListing.objects.unarchived().open().late(organisation_day(now))


def findings_open(area: str, now: datetime) -> Any:
    """Return the findings that are neither closed nor withdrawn."""
    return FindingListing.objects.unarchived().open()


def evidence_late(area: str, now: datetime) -> Any:
    """Return the requests for evidence that were to be answered before today."""
    return EvidenceListing.objects.unarchived().open().late(organisation_day(now))


INDICATORS = (
    DutyIndicator(
        key="audits.late",
        area="audits",
        label=_("Audits overdue"),
        unit_label=AUDITS,
        said=ngettext_lazy("%(count)s audit overdue", "%(count)s audits overdue", "count"),
        rows=audits_late,
        url_name="audits:audit-list",
        asked=lambda area, now: {"late": "on"},
        means=Standing.OVERDUE,
        order=10,
    ),
    DutyIndicator(
        key="audits.soon",
        area="audits",
        label=_("Audits with a step due within 7 days"),
        unit_label=AUDITS,
        said=ngettext_lazy(
            "%(count)s audit due within 7 days", "%(count)s audits due within 7 days", "count"
        ),
        rows=audits_soon,
        url_name="audits:audit-list",
        asked=lambda area, now: asked_soon(organisation_day(now), "due"),
        means=Standing.ATTENTION,
        better=Better.NEITHER,
        order=20,
    ),
    DutyIndicator(
        key="audits.on_schedule",
        area="audits",
        label=_("Open audits on schedule"),
        unit_label=AUDITS,
        said=ngettext_lazy("%(count)s audit on schedule", "%(count)s audits on schedule", "count"),
        rows=audits_on_schedule,
        of=audits_open,
        url_name="audits:audit-list",
        asked=lambda area, now: {"on_schedule": "on"},
        better=Better.MORE,
        order=30,
    ),
    DutyIndicator(
        key="audits.open",
        area="audits",
        label=_("Audits planned or under way"),
        unit_label=AUDITS,
        said=ngettext_lazy("%(count)s audit open", "%(count)s audits open", "count"),
        rows=audits_open,
        url_name="audits:audit-list",
        asked=lambda area, now: {},
        means=Standing.PLANNED,
        better=Better.NEITHER,
        order=40,
    ),
    DutyIndicator(
        key="audits.findings_late",
        area="audits",
        label=_("Findings overdue"),
        unit_label=FINDINGS,
        said=ngettext_lazy("%(count)s finding overdue", "%(count)s findings overdue", "count"),
        rows=findings_late,
        url_name="audits:finding-list",
        asked=lambda area, now: {"late": "on"},
        means=Standing.OVERDUE,
        order=50,
    ),
    DutyIndicator(
        key="audits.findings_open",
        area="audits",
        label=_("Findings open"),
        unit_label=FINDINGS,
        said=ngettext_lazy("%(count)s finding open", "%(count)s findings open", "count"),
        rows=findings_open,
        url_name="audits:finding-list",
        asked=lambda area, now: {},
        order=60,
    ),
    DutyIndicator(
        key="audits.evidence_late",
        area="audits",
        label=_("Requests for evidence overdue"),
        unit_label=ngettext_lazy("request", "requests", "count"),
        said=ngettext_lazy(
            "%(count)s request for evidence overdue", "%(count)s requests for evidence overdue", "count"
        ),
        rows=evidence_late,
        url_name="audits:evidence-list",
        asked=lambda area, now: {"late": "on"},
        means=Standing.OVERDUE,
        order=70,
    ),
)
