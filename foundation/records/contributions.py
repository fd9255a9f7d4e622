"""What records give to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.registry import NavigationEntry, TrailVerb, registry

registry.register(
    NavigationEntry(
        key="trail",
        label=_("Trail"),
        icon="history",
        url_name="records:trail-list",
        group="manage",
        order=910,
        right="trail.view",
    ),
    TrailVerb(action="records.participants.changed", sentence=_("changed who takes part"), icon="users"),
    TrailVerb(action="records.trail.exported", sentence=_("exported the trail"), icon="file-export"),
)
