"""What lists give to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.registry import FieldWords, TrailVerb, registry

registry.register(
    FieldWords(key="format", label=_("Format")),
    FieldWords(key="filters", label=_("Filters")),
    FieldWords(key="list", label=_("List")),
    FieldWords(key="sharing", label=_("Shared with")),
    TrailVerb(action="lists.view.saved", sentence=_("saved the view"), icon="bookmark"),
    TrailVerb(action="lists.view.changed", sentence=_("changed the saved view"), icon="bookmark"),
    TrailVerb(action="lists.view.removed", sentence=_("removed the saved view"), icon="bookmark"),
)
