"""The numbers that tell how the duty of policies and controls stands, as far as controls go."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from controls.choices import DECIDING, IN_FORCE, Implementation
from controls.models import ControlListing
from foundation.accounts.organisation import organisation_day
from foundation.registry import Better, DutyIndicator, Standing
from foundation.registry.measuring import asked_soon, days_soon

CONTROLS = ngettext_lazy("control", "controls", "count")


def evidence_late(area: str, now: datetime) -> Any:
    """Return the controls whose evidence was due before today."""
    return ControlListing.objects.unarchived().open().evidence_overdue(organisation_day(now))


def evidence_soon(area: str, now: datetime) -> Any:
    """Return the controls whose evidence is due soon."""
    return ControlListing.objects.unarchived().open().filter(due_on__range=days_soon(organisation_day(now)))


def controls_deciding(area: str, now: datetime) -> Any:
    """Return the controls that wait for approval."""
    return ControlListing.objects.unarchived().filter(state__in=DECIDING)


def controls_in_force(area: str, now: datetime) -> Any:
    """Return the controls in force."""
    return ControlListing.objects.unarchived().filter(state__in=IN_FORCE)


def controls_implemented(area: str, now: datetime) -> Any:
    """Return the controls in force that are carried out."""
    return controls_in_force(area, now).filter(implementation=Implementation.IMPLEMENTED)


INDICATORS = (
    DutyIndicator(
        key="controls.evidence_late",
        area="controls",
        label=_("Evidence of controls overdue"),
        unit_label=CONTROLS,
        said=ngettext_lazy(
            "Evidence of %(count)s control overdue", "Evidence of %(count)s controls overdue", "count"
        ),
        rows=evidence_late,
        url_name="controls:control-list",
        asked=lambda area, now: {"evidence": "late"},
        means=Standing.OVERDUE,
        order=110,
    ),
    DutyIndicator(
        key="controls.deciding",
        area="controls",
        label=_("Controls waiting for approval"),
        unit_label=CONTROLS,
        said=ngettext_lazy(
            "%(count)s control waiting for approval", "%(count)s controls waiting for approval", "count"
        ),
        rows=controls_deciding,
        url_name="controls:control-list",
        asked=lambda area, now: {"state": "deciding"},
        means=Standing.ATTENTION,
        order=120,
    ),
    DutyIndicator(
        key="controls.evidence_soon",
        area="controls",
        label=_("Evidence of controls due within 7 days"),
        unit_label=CONTROLS,
        said=ngettext_lazy(
            "Evidence of %(count)s control due within 7 days",
            "Evidence of %(count)s controls due within 7 days",
            "count",
        ),
        rows=evidence_soon,
        url_name="controls:control-list",
        asked=lambda area, now: asked_soon(organisation_day(now), "due"),
        means=Standing.ATTENTION,
        better=Better.NEITHER,
        order=130,
    ),
    DutyIndicator(
        key="controls.implemented",
        area="controls",
        label=_("Controls in force that are implemented"),
        unit_label=CONTROLS,
        said=ngettext_lazy("%(count)s control implemented", "%(count)s controls implemented", "count"),
        rows=controls_implemented,
        of=controls_in_force,
        url_name="controls:control-list",
        asked=lambda area, now: {"state": "in_force", "implementation": Implementation.IMPLEMENTED.value},
        better=Better.MORE,
        order=140,
    ),
)
