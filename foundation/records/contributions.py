"""What records give to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.registry import TrailVerb, registry

registry.register(
    TrailVerb(action="records.participants.changed", sentence=_("changed who takes part"), icon="users"),
)
