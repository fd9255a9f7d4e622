"""What my desk gives to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.desk.selectors import late_deadlines
from foundation.registry import NavigationEntry, TrailVerb, registry

registry.register(
    NavigationEntry(
        key="desk",
        label=_("My desk"),
        icon="layout-dashboard",
        url_name="desk:desk",
        order=1,
        badge=late_deadlines,
    ),
    TrailVerb(
        action="desk.first_steps.dismissed",
        sentence=_("took the first steps off the desk"),
        icon="list-check",
    ),
)
