"""What lists give to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.registry import TrailVerb, registry

registry.register(
    TrailVerb(action="lists.view.saved", sentence=_("saved the view"), icon="bookmark"),
    TrailVerb(action="lists.view.changed", sentence=_("changed the saved view"), icon="bookmark"),
    TrailVerb(action="lists.view.removed", sentence=_("removed the saved view"), icon="bookmark"),
)
