"""What operations gives to the shell."""

from django.utils.translation import gettext_lazy as _

from foundation.registry import NavigationEntry, registry

registry.register(
    NavigationEntry(
        key="health",
        label=_("Health"),
        icon="heartbeat",
        url_name="operations:health",
        group="manage",
        order=920,
        right="health.view",
    )
)
