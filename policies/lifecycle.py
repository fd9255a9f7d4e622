"""The transitions of documents, as data, with what stands against them and what follows."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.models import User
from foundation.approvals.services import approval_request
from foundation.lifecycle.services import TransitionRefused
from foundation.lifecycle.tables import Lifecycle, Moment, Transition, both
from foundation.records.models import Record
from policies.choices import DOCUMENT_TONES, IN_FORCE, DocumentState
from policies.models import Document, DocumentVersion
from policies.permissions import APPROVE, WRITE
from policies.selectors import coming_of
from policies.services import (
    DocumentRefused,
    document_publish_due,
    draft_close,
    review_after_discarding,
    review_after_publishing,
    review_after_retiring,
    revision_begin,
    revision_discard,
    version_approve,
    version_publish,
    version_return,
    version_submit,
    versions_retire,
)


def unwritten_refusal(record: Record, actor: User) -> str | None:
    """Return why the draft can't be submitted: it says nothing, or not what changed."""
    assert isinstance(record, Document)
    draft = coming_of(record)
    if draft is None or not (draft.body.strip() or draft.file_id):
        return _("It has no text yet.")
    if record.current_id is not None:
        if not draft.summary.strip():
            return _("Say in the draft what changed.")
        current = record.current
        if current and _said(draft) == _said(current):
            return _("It says what the published version says. Discard it, or write what is to change.")
    return None


def _said(version: DocumentVersion) -> tuple[Any, ...]:
    return version.title, version.body, version.file_id, version.audience, version.audience_roles


def _close(moment: Moment) -> None:
    """End that the draft is written; refuse the step while somebody else does."""
    try:
        draft_close(document=moment.record, actor=moment.actor, now=moment.now)
    except DocumentRefused as refused:
        raise TransitionRefused(str(refused)) from refused


def submitted(moment: Moment) -> None:
    """Ask for the approval of the draft as it stands."""
    _close(moment)
    version_submit(document=moment.record)
    approval_request(record=moment.record, actor=moment.actor, now=moment.now)


def approved(moment: Moment) -> None:
    """Keep what was approved, and put it in force where its day has come."""
    version_approve(document=moment.record)
    document_publish_due(key=moment.record.pk, now=moment.now)


def returned(moment: Moment) -> None:
    """Let the draft be written again."""
    version_return(document=moment.record)


def published(moment: Moment) -> None:
    """Put the approved version in force."""
    version_publish(document=moment.record, now=moment.now)
    review_after_publishing(document=moment.record, now=moment.now)


def revised(moment: Moment) -> None:
    """Begin the next version."""
    revision_begin(document=moment.record, actor=moment.actor, now=moment.now)


def discarded(moment: Moment) -> None:
    """Give the next version up."""
    _close(moment)
    revision_discard(document=moment.record, now=moment.now)
    review_after_discarding(document=moment.record, now=moment.now)


def retired(moment: Moment) -> None:
    """Let no version hold any more."""
    versions_retire(document=moment.record, now=moment.now)
    review_after_retiring(document=moment.record, now=moment.now)


FIRST_PATH = (
    DocumentState.DRAFT,
    DocumentState.IN_REVIEW,
    DocumentState.APPROVED,
    DocumentState.PUBLISHED,
)


def path_of(record: Record) -> tuple[str, ...]:
    """Return the way of a document: to its first publication, or from one version to the next."""
    return IN_FORCE if record.state in IN_FORCE else FIRST_PATH


DOCUMENT_LIFECYCLE = Lifecycle(
    key="document",
    states=DocumentState,
    initial=DocumentState.DRAFT,
    path=FIRST_PATH,
    path_of=path_of,
    tones=DOCUMENT_TONES,
    transitions=(
        *both(
            "submit",
            (
                (DocumentState.DRAFT, DocumentState.IN_REVIEW),
                (DocumentState.REVISING, DocumentState.REVISION_REVIEW),
            ),
            label=lazy("Submit for approval"),
            right=WRITE,
            owner_may=True,
            icon="send",
            refusal=unwritten_refusal,
            consequence=submitted,
        ),
        *both(
            "approve",
            (
                (DocumentState.IN_REVIEW, DocumentState.APPROVED),
                (DocumentState.REVISION_REVIEW, DocumentState.REVISION_APPROVED),
            ),
            label=lazy("Approve"),
            right=APPROVE,
            icon="circle-check",
            by_approval=True,
            consequence=approved,
        ),
        *both(
            "return",
            (
                (DocumentState.IN_REVIEW, DocumentState.DRAFT),
                (DocumentState.REVISION_REVIEW, DocumentState.REVISING),
            ),
            label=lazy("Back to draft"),
            right=APPROVE,
            icon="arrow-back-up",
            by_approval=True,
            consequence=returned,
        ),
        Transition(
            name="publish",
            label=lazy("Publish"),
            sources=(DocumentState.APPROVED, DocumentState.REVISION_APPROVED),
            target=DocumentState.PUBLISHED,
            right=APPROVE,
            icon="circle-check",
            by_approval=True,
            consequence=published,
        ),
        *both(
            "take_back",
            (
                (DocumentState.APPROVED, DocumentState.DRAFT),
                (DocumentState.REVISION_APPROVED, DocumentState.REVISING),
            ),
            label=lazy("Back to draft"),
            right=WRITE,
            owner_may=True,
            needs_comment=True,
            comment_label=lazy("What has to change?"),
            tone="secondary",
            icon="arrow-back-up",
            consequence=returned,
        ),
        Transition(
            name="revise",
            label=lazy("Begin a revision"),
            sources=(DocumentState.PUBLISHED,),
            target=DocumentState.REVISING,
            right=WRITE,
            owner_may=True,
            icon="pencil",
            consequence=revised,
        ),
        Transition(
            name="discard",
            label=lazy("Discard the revision"),
            sources=(DocumentState.REVISING,),
            target=DocumentState.PUBLISHED,
            right=WRITE,
            owner_may=True,
            needs_comment=True,
            comment_label=lazy("Why is it given up?"),
            tone="secondary",
            icon="trash",
            consequence=discarded,
        ),
        Transition(
            name="retire",
            label=lazy("Retire"),
            sources=(DocumentState.PUBLISHED,),
            target=DocumentState.RETIRED,
            right=APPROVE,
            needs_comment=True,
            comment_label=lazy("Why does it hold no more, and what takes its place?"),
            tone="secondary",
            icon="archive",
            reauthenticate=True,
            consequence=retired,
        ),
    ),
)
