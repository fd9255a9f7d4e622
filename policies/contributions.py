"""What policies give to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.records.imports.aside import LongImport
from foundation.registry import (
    Command,
    DateMover,
    DeadlineKind,
    FieldWords,
    FileGuard,
    NavigationEntry,
    NoticeKind,
    OwnerChange,
    RecordKind,
    SampleSet,
    SearchSource,
    TrailVerb,
    registry,
)
from policies.approvals import DOCUMENT_APPROVAL
from policies.choices import DocumentState
from policies.guards import document_file_refusal
from policies.imports import DOCUMENT_IMPORT
from policies.indicators import INDICATORS
from policies.lifecycle import DOCUMENT_LIFECYCLE
from policies.permissions import WRITE
from policies.sample import sample_documents
from policies.search import document_search_text, library_matching
from policies.selectors import reviews_overdue
from policies.services import document_give, review_move, review_move_refusal
from policies.services.announcing import CHANGED, IN_FORCE, PUBLISHED
from policies.services.editing import TAKEN_OVER
from policies.services.reviews import REVIEW

VERBS = {
    "created": (_("began the document"), "plus"),
    "changed": (_("changed the document's details"), "settings"),
    "written": (_("wrote version {after[version_label]}"), "pencil"),
    "taken_over": (_("took the draft over from {before[writer][name]}"), "pencil"),
    "submit": (_("submitted the document for approval"), "send"),
    "submit_revision": (_("submitted the revision for approval"), "send"),
    "approve": (_("approved the document"), "circle-check"),
    "approve_revision": (_("approved the revision"), "circle-check"),
    "return": (_("returned the document to draft"), "arrow-back-up"),
    "return_revision": (_("returned the revision to draft"), "arrow-back-up"),
    "publish": (_("published the document"), "circle-check"),
    "take_back": (_("took the approved document back to draft"), "arrow-back-up"),
    "take_back_revision": (_("took the approved revision back to draft"), "arrow-back-up"),
    "revise": (_("began a revision"), "pencil"),
    "discard": (_("discarded the revision"), "trash"),
    "retire": (_("retired the document"), "archive"),
    "still_right": (_("reviewed the document: it is still right"), "checks"),
    "new_version": (_("reviewed the document: a new version is needed"), "pencil"),
}

registry.register(
    RecordKind(
        key="document",
        model="policies.Document",
        prefix="DOC",
        label=_("Document"),
        label_plural=_("Documents"),
        icon="file-text",
        detail_url_name="policies:document-detail",
        search_text=document_search_text,
        final_states=frozenset({DocumentState.RETIRED}),
        duty="policies",
    ),
    DOCUMENT_LIFECYCLE,
    *INDICATORS,
    DOCUMENT_APPROVAL,
    FileGuard(key="document", changing=document_file_refusal),
    LongImport(key=DOCUMENT_IMPORT.purpose, kind=DOCUMENT_IMPORT),
    SampleSet(key="policies", order=15, load=sample_documents),
    NavigationEntry(
        key="policies",
        label=_("Policies"),
        icon="file-text",
        url_name="policies:document-list",
        group="govern",
        order=290,
        right="records.view",
        badge=reviews_overdue,
    ),
    NavigationEntry(
        key="library",
        label=_("Policy library"),
        icon="book",
        url_name="policies:library",
        group="govern",
        order=291,
    ),
    DeadlineKind(key=REVIEW, label=_("Review: is it still right?")),
    DateMover(
        key=REVIEW,
        refusal=review_move_refusal,
        move=review_move,
        note=_("Earlier at will, and no later than the document's cadence lets it be."),
    ),
    NoticeKind(
        key=TAKEN_OVER,
        label=_("Drafts that were taken over from me"),
        icon="pencil",
        reason=_("You wrote on this draft."),
        may_be_silenced=True,
    ),
    SearchSource(key="library", label=_("Policy library"), icon="book", search=library_matching, order=10),
    NoticeKind(
        key=IN_FORCE,
        label=_("Policies that came in force, for me to read"),
        icon="book",
        reason=_("It is meant for you."),
    ),
    NoticeKind(
        key=CHANGED,
        label=_("Policies that changed in details"),
        icon="book",
        reason=_("It is meant for you."),
        may_be_silenced=True,
        is_quiet=True,
    ),
    NoticeKind(
        key=PUBLISHED,
        label=_("Documents of mine, or that I approved, that came in force"),
        icon="circle-check",
        reason=_("You own this document, or approved it."),
        may_be_silenced=True,
    ),
    OwnerChange(key="document", give=document_give),
    Command(
        key="policies.new",
        label=_("Write a document"),
        icon="file-text",
        url_name="policies:document-create",
        right=WRITE,
        also=_("new policy standard procedure guideline plan create add"),
        order=445,
    ),
    *(
        TrailVerb(action=f"policies.document.{name}", sentence=sentence, icon=icon)
        for name, (sentence, icon) in VERBS.items()
    ),
    TrailVerb(action="policies.import.done", sentence=_("imported documents"), icon="file-import"),
    TrailVerb(action="policies.list.exported", sentence=_("exported the list"), icon="file-export"),
    FieldWords(key="version_label", label=_("Version")),
    FieldWords(key="effective_on", label=_("In force from")),
    FieldWords(key="major", label=_("Major version")),
    FieldWords(key="minor", label=_("Minor version")),
    FieldWords(key="cadence_months", label=_("Reviewed every (months)")),
    FieldWords(key="audience", label=_("Audience")),
    FieldWords(key="audience_roles", label=_("Audience: roles")),
    FieldWords(key="file", label=_("File")),
    FieldWords(key="review_on", label=_("Next review")),
    FieldWords(key="right_on", label=_("Published or found right on")),
    FieldWords(key="writer", label=_("Writes on the draft")),
    FieldWords(key="summary", label=_("What changed")),
)
