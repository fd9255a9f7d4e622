"""What operations gives to the shell."""

from django.utils.translation import gettext_lazy as _

from foundation.registry import NavigationEntry, NoticeKind, registry

registry.register(
    NavigationEntry(
        key="health",
        label=_("Health"),
        icon="heartbeat",
        url_name="operations:health",
        group="manage",
        order=920,
        right="health.view",
    ),
    NoticeKind(
        key="operations.checkpoint",
        label=_("The trail's weekly checkpoint"),
        stays_because=_("It is evidence, and has to leave the portal."),
        icon="fingerprint",
        reason=_(
            "You are the CISO. Keep this mail: it proves what the trail held, whatever happens to the portal."
        ),
    ),
)
