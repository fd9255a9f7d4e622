"""What compliance gives to the whole."""

from django.utils.translation import gettext_lazy as _

from compliance.choices import FrameworkState, Source
from compliance.indicators import INDICATORS
from compliance.lifecycle import FRAMEWORK_LIFECYCLE
from compliance.sample import sample_frameworks
from compliance.search import framework_search_text
from compliance.selectors import requirements_matching
from foundation.registry import (
    Command,
    FieldWords,
    NavigationEntry,
    RecordKind,
    SampleSet,
    SearchSource,
    TrailVerb,
    registry,
)

registry.register(
    RecordKind(
        key="framework",
        model="compliance.Framework",
        prefix="FRM",
        label=_("Framework"),
        label_plural=_("Frameworks"),
        icon="book",
        detail_url_name="compliance:framework-detail",
        search_text=framework_search_text,
        final_states=frozenset({FrameworkState.RETIRED}),
        duty="compliance",
    ),
    FRAMEWORK_LIFECYCLE,
    *INDICATORS,
    SampleSet(key="compliance", order=10, load=sample_frameworks),
    SearchSource(
        key="requirements",
        label=_("Requirements"),
        icon="list-check",
        search=requirements_matching,
        right="records.view",
        order=20,
    ),
    Command(
        key="compliance.import",
        label=_("Import a framework"),
        icon="upload",
        url_name="compliance:import",
        right="compliance.manage",
        also=_("oscal catalogue standard upload json csv xlsx"),
        order=430,
    ),
    Command(
        key="compliance.new",
        label=_("Write a framework by hand"),
        icon="book",
        url_name="compliance:framework-create",
        right="compliance.manage",
        also=_("new standard requirements create add"),
        order=440,
    ),
    NavigationEntry(
        key="compliance",
        label=_("Compliance"),
        icon="scale",
        url_name="compliance:framework-list",
        group="govern",
        order=300,
        right="records.view",
    ),
    TrailVerb(action="compliance.framework.created", sentence=_("added the framework"), icon="book"),
    TrailVerb(action="compliance.framework.changed", sentence=_("changed the framework"), icon="pencil"),
    TrailVerb(action="compliance.framework.retire", sentence=_("retired the framework"), icon="archive"),
    TrailVerb(
        action="compliance.framework.reinstate",
        sentence=_("took the framework into use again"),
        icon="arrow-back-up",
    ),
    TrailVerb(
        action="compliance.edition.accepted",
        sentence=_("accepted version {after[edition]} as the current one"),
        icon="circle-check",
    ),
    TrailVerb(
        action="compliance.edition.restored",
        sentence=_("made version {after[edition]} the current one again, in place of {before[edition]}"),
        icon="arrow-back-up",
    ),
    TrailVerb(
        action="compliance.draft.begun", sentence=_("began the draft {after[edition]}"), icon="file-text"
    ),
    TrailVerb(
        action="compliance.draft.dropped", sentence=_("dropped the draft {before[edition]}"), icon="trash"
    ),
    TrailVerb(action="compliance.line.added", sentence=_("added {after[line]} to the draft"), icon="plus"),
    TrailVerb(
        action="compliance.line.changed", sentence=_("changed {after[line]} in the draft"), icon="pencil"
    ),
    TrailVerb(
        action="compliance.line.moved", sentence=_("moved {after[line]} in the draft"), icon="arrows-sort"
    ),
    TrailVerb(
        action="compliance.line.removed", sentence=_("took {after[line]} out of the draft"), icon="trash"
    ),
    TrailVerb(
        action="compliance.requirements.exported",
        sentence=_("exported the requirements of version {after[edition]}"),
        icon="file-export",
    ),
    FieldWords(key="line", label=_("Line")),
    FieldWords(key="edition", label=_("Version")),
    FieldWords(
        key="edition_source",
        label=_("Source"),
        words=lambda kind, value: Source(value).label if value in Source.values else None,
    ),
    FieldWords(key="lines_added", label=_("Added")),
    FieldWords(key="lines_changed", label=_("Changed")),
    FieldWords(key="lines_moved", label=_("Moved")),
    FieldWords(key="lines_withdrawn", label=_("Withdrawn")),
    FieldWords(key="lines_reinstated", label=_("Required again")),
    TrailVerb(action="compliance.list.exported", sentence=_("exported the list"), icon="file-export"),
)
