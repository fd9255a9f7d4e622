"""The narrow copies of controls that lists and counts read."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from controls.choices import ControlState, ControlType, Effectiveness, Frequency, Implementation, Nature
from controls.models.controls import Control
from controls.querysets import ControlListingQuerySet
from foundation.records.listings import RecordListing
from foundation.ui.addresses import address_of

# What filters ask, besides the columns that an index starts with: a page is found without a look at the rows.
ASKED = [
    "unit",
    "owner",
    "confidentiality",
    "is_archived",
    "state",
    "type",
    "implementation",
    "effectiveness",
    "is_key",
    "due_on",
    "needle",
]


def _asked(*but: str) -> list[str]:
    return [name for name in ASKED if name not in but]


class ControlListing(RecordListing):
    """What lists of controls filter, sort and show: one narrow row beside each, written by triggers.

    `due_on` is the day by which evidence is due, and empty where none is asked for: of what is not in force, or not carried out.
    """

    control = models.OneToOneField(Control, models.CASCADE, primary_key=True, related_name="listing")
    state = models.CharField(_("state"), max_length=40, choices=ControlState.choices)
    type = models.CharField(_("type"), max_length=12, choices=ControlType.choices)
    nature = models.CharField(_("nature"), max_length=12, choices=Nature.choices)
    is_key = models.BooleanField(_("key control"))
    frequency = models.CharField(_("frequency"), max_length=12, choices=Frequency.choices)
    implementation = models.CharField(_("implementation"), max_length=16, choices=Implementation.choices)
    effectiveness = models.CharField(_("effectiveness"), max_length=12, choices=Effectiveness.choices)
    rated_on = models.DateField(_("rated on"), null=True)
    due_on = models.DateField(_("evidence due"), null=True)

    objects: ClassVar[Any] = ControlListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed control")
        verbose_name_plural = _("listed controls")
        indexes = [
            models.Index(fields=["control"], include=_asked(), name="control_listing_order"),
            models.Index(fields=["unit", "control"], include=_asked("unit"), name="control_listing_unit"),
            models.Index(fields=["state", "control"], include=_asked("state"), name="control_listing_state"),
            models.Index(
                fields=["due_on", "control"],
                include=_asked("due_on"),
                name="control_listing_due",
                condition=Q(due_on__isnull=False),
            ),
            models.Index(fields=["title", "control"], name="control_listing_title"),
            models.Index(fields=["owner", "control"], name="control_listing_owner"),
        ]

    def get_absolute_url(self) -> str:
        """Return the path of the control's page."""
        return address_of("controls:control-detail", self.reference)
