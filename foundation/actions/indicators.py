"""The numbers that tell how each duty stands, as far as the actions go that follow from its records."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from foundation.accounts.organisation import organisation_day
from foundation.actions.models import ActionListing
from foundation.records.kinds import kinds_of_duty
from foundation.records.querysets import visible_sources
from foundation.registry import DutyIndicator, Standing

ACTIONS = ngettext_lazy("action", "actions", "count")


def _of_known(rows: Any, user: Any) -> Any:
    """Keep those that a person may know of, and of which the person may know what they follow from."""
    return rows.visible_to(user).filter(visible_sources(user, "source_id"))


def actions_late(area: str, now: datetime) -> Any:
    """Return the late actions that follow from records of an area."""
    return actions_open(area, now).late(organisation_day(now))


def actions_open(area: str, now: datetime) -> Any:
    """Return the actions that follow from records of an area and are not settled."""
    return ActionListing.objects.unarchived().unsettled().filter(root_kind__in=kinds_of_duty(area))


INDICATORS = (
    DutyIndicator(
        key="actions.late",
        label=_("Actions overdue"),
        unit_label=ACTIONS,
        said=ngettext_lazy("%(count)s action overdue", "%(count)s actions overdue", "count"),
        rows=actions_late,
        seen_by=_of_known,
        url_name="actions:action-list",
        asked=lambda area, now: {"duty": area, "late": "on"},
        means=Standing.OVERDUE,
        order=510,
    ),
    DutyIndicator(
        key="actions.open",
        label=_("Actions not settled"),
        unit_label=ACTIONS,
        said=ngettext_lazy("%(count)s action not settled", "%(count)s actions not settled", "count"),
        rows=actions_open,
        seen_by=_of_known,
        url_name="actions:action-list",
        asked=lambda area, now: {"duty": area},
        order=520,
    ),
)
