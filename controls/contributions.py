"""What controls give to the whole."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from controls.approvals import CONTROL_APPROVAL
from controls.choices import ControlState, Effectiveness, Extent, Implementation
from controls.guards import control_file_refusal
from controls.indicators import INDICATORS
from controls.lifecycle import CONTROL_LIFECYCLE
from controls.models import Control
from controls.permissions import WRITE
from controls.sample import sample_controls
from controls.search import control_search_text
from controls.selectors import evidence_overdue
from controls.selectors.mappings import controls_of_document
from controls.services import EVIDENCE, control_give, evidence_move, evidence_move_refusal
from controls.tabs import document_tab, framework_tab, requirement_part
from foundation.registry import (
    Command,
    DateMover,
    DeadlineKind,
    FieldWords,
    FileGuard,
    FirstStep,
    NavigationEntry,
    OwnerChange,
    PagePart,
    RecordKind,
    RecordTab,
    SampleSet,
    TrailVerb,
    registry,
)

VERBS = {
    "created": (_("began the control"), "plus"),
    "changed": (_("changed the control's details"), "settings"),
    "written": (_("wrote version {after[version_number]}"), "pencil"),
    "submit": (_("submitted the control for approval"), "send"),
    "submit_revision": (_("submitted the revision for approval"), "send"),
    "approve": (_("approved the control"), "circle-check"),
    "approve_revision": (_("approved the revision"), "circle-check"),
    "return": (_("returned the control to draft"), "arrow-back-up"),
    "return_revision": (_("returned the revision to draft"), "arrow-back-up"),
    "revise": (_("began a revision"), "pencil"),
    "discard": (_("discarded the revision"), "trash"),
    "retire": (_("retired the control"), "archive"),
    "implementation": (_("said how far the control is carried out"), "progress"),
    "evidence": (_("gave evidence of the control"), "report-search"),
    "mapped": (_("mapped the control to {after[required]}"), "list-check"),
    "remapped": (_("said otherwise how much of {after[required]} it covers"), "pencil"),
    "unmapped": (_("took {before[required]} off the control"), "minus"),
    "document_mapped": (_("mapped the control to {after[document]}"), "file-text"),
    "document_unmapped": (_("took {before[document]} off the control"), "minus"),
    "rated": (_("rated the control as “{after[effectiveness]}”"), "chart-bar"),
}


def _labels(choices: Any) -> Any:
    """Return what puts stored values of some choices in words."""
    return lambda kind, value: choices(value).label if value in choices.values else None


registry.register(
    RecordKind(
        key="control",
        model="controls.Control",
        prefix="CTL",
        label=_("Control"),
        label_plural=_("Controls"),
        icon="shield-check",
        detail_url_name="controls:control-detail",
        search_text=control_search_text,
        final_states=frozenset({ControlState.RETIRED}),
        duty="controls",
        stand_ins_see=True,
    ),
    CONTROL_LIFECYCLE,
    *INDICATORS,
    CONTROL_APPROVAL,
    FileGuard(key="control", changing=control_file_refusal),
    FirstStep(
        key="controls.control",
        label=_("Write down your controls"),
        text=_("What is done already, who does it, and which requirements it covers."),
        icon="shield-check",
        url_name="controls:control-list",
        order=90,
        done=lambda now: Control.objects.all(),
        right=WRITE,
    ),
    NavigationEntry(
        key="controls",
        label=_("Controls"),
        icon="shield-check",
        url_name="controls:control-list",
        group="govern",
        order=295,
        right="records.view",
        badge=evidence_overdue,
    ),
    DeadlineKind(key=EVIDENCE, label=_("Evidence of a control")),
    DateMover(
        key=EVIDENCE,
        refusal=evidence_move_refusal,
        move=evidence_move,
        note=_("Later periods are counted from the new day."),
    ),
    OwnerChange(key="control", give=control_give),
    Command(
        key="controls.new",
        label=_("Write a control"),
        icon="shield-check",
        url_name="controls:control-create",
        right=WRITE,
        also=_("new control safeguard measure create add"),
        order=447,
    ),
    SampleSet(key="controls", order=17, load=sample_controls),
    *(
        TrailVerb(action=f"controls.control.{name}", sentence=sentence, icon=icon)
        for name, (sentence, icon) in VERBS.items()
    ),
    RecordTab(
        key="controls",
        label=_("Controls"),
        icon="shield-check",
        template="controls/tab_document.html",
        context=document_tab,
        rows=controls_of_document,
        order=30,
        kinds=frozenset({"document"}),
    ),
    RecordTab(
        key="coverage",
        label=_("Coverage"),
        icon="shield-check",
        template="controls/tab_framework.html",
        context=framework_tab,
        order=30,
        kinds=frozenset({"framework"}),
    ),
    PagePart(
        key="controls",
        place="compliance.requirement",
        template="controls/part_requirement.html",
        context=requirement_part,
    ),
    TrailVerb(
        action="controls.coverage.exported",
        sentence=_("exported the coverage of version {after[edition]} by controls"),
        icon="file-export",
    ),
    TrailVerb(action="controls.list.exported", sentence=_("exported the list"), icon="file-export"),
    FieldWords(key="implementation", label=_("Implementation"), words=_labels(Implementation)),
    FieldWords(key="implementation_note", label=_("Why, or how far")),
    FieldWords(key="effectiveness", label=_("Effectiveness"), words=_labels(Effectiveness)),
    FieldWords(key="evidence_on", label=_("Evidence due")),
    FieldWords(key="evidence_from", label=_("Evidence counted from")),
    FieldWords(key="evidence_months", label=_("Evidence every (months)")),
    FieldWords(key="evidence_how", label=_("How evidence is taken")),
    FieldWords(key="required", label=_("Requirements")),
    FieldWords(key="extent", label=_("Covers"), words=_labels(Extent)),
    FieldWords(key="part", label=_("Which part")),
    FieldWords(key="document", label=_("Document")),
    FieldWords(key="rated_on", label=_("Rated on")),
    FieldWords(key="version_number", label=_("Version")),
)
