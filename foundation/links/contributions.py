"""What links give to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.links.relations import relation_words
from foundation.links.sample import sample_links
from foundation.links.selectors import links_visible
from foundation.links.services import ADDED, REMOVED
from foundation.links.tabs import LINKS, links_context
from foundation.registry import FieldWords, RecordTab, RelationKind, SampleSet, TrailVerb, registry

registry.register(
    RelationKind(key="relates", label=_("relates to"), inverse=_("relates to"), order=10),
    RelationKind(key="follows", label=_("follows from"), inverse=_("leads to"), order=20),
    RelationKind(key="evidences", label=_("is evidence for"), inverse=_("is proved by"), order=30),
    RelationKind(key="replaces", label=_("replaces"), inverse=_("is replaced by"), order=40),
    RelationKind(key="duplicates", label=_("duplicates"), inverse=_("is duplicated by"), order=50),
    RecordTab(
        key=LINKS,
        label=_("Links"),
        icon="link",
        template="links/tab_links.html",
        context=links_context,
        rows=links_visible,
        order=200,
    ),
    FieldWords(key="relation", label=_("How they are linked"), words=relation_words),
    FieldWords(key="link", label=_("Link"), is_told=lambda value: False),
    TrailVerb(action=ADDED, sentence=_("linked it with another record"), icon="link"),
    TrailVerb(action=REMOVED, sentence=_("removed a link with another record"), icon="link"),
    SampleSet(key="links", order=55, load=sample_links),
)
