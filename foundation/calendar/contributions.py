"""What the calendar gives to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.registry import NavigationEntry, registry

registry.register(
    NavigationEntry(
        key="calendar",
        label=_("Calendar"),
        icon="calendar",
        url_name="calendar:calendar",
        order=2,
    ),
)
