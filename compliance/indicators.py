"""The numbers that tell how the duty of compliance stands."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from compliance.models import Framework
from foundation.registry import Better, DutyIndicator


def frameworks_in_use(area: str, now: datetime) -> Any:
    """Return the frameworks that bind the organisation."""
    return Framework.objects.unarchived().active()


INDICATORS = (
    DutyIndicator(
        key="compliance.frameworks",
        area="compliance",
        label=_("Frameworks in use"),
        unit_label=ngettext_lazy("framework", "frameworks", "count"),
        said=ngettext_lazy("%(count)s framework in use", "%(count)s frameworks in use", "count"),
        rows=frameworks_in_use,
        url_name="compliance:framework-list",
        asked=lambda area, now: {},
        of_all_units=True,
        better=Better.NEITHER,
        order=40,
    ),
)
