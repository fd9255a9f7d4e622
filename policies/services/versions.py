"""The versions of a document: written as drafts, and moved on by the document's steps."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.approvals.selectors import latest_request
from foundation.records.plain import plain
from foundation.trail.services import entry_write
from policies.choices import VersionState
from policies.models import Document, DocumentVersion, DraftLock
from policies.permissions import writing_refusal
from policies.services.announcing import announcement_begin, announcements_call_off
from policies.services.editing import lock_held, take_from
from policies.services.errors import DocumentRefused
from policies.services.shelving import document_shelve, document_unshelve

WRITTEN_FIELDS = ("title", "body", "file", "summary", "effective_on", "audience", "audience_roles")


class DraftHeld(Exception):
    """Somebody else writes on the draft now: `lock` says who; `draft` is what stands there."""

    def __init__(self, lock: DraftLock, draft: DocumentVersion) -> None:
        super().__init__(_("%(person)s writes on this draft.") % {"person": lock.holder})
        self.lock = lock
        self.draft = draft


class StaleDraft(Exception):
    """Somebody else wrote the draft since it was read; `draft` is what stands there now."""

    def __init__(self, draft: DocumentVersion) -> None:
        super().__init__(_("%(person)s wrote on this draft meanwhile.") % {"person": draft.written_by})
        self.draft = draft


@transaction.atomic
def draft_write(
    *,
    document: Document,
    changes: dict[str, Any],
    is_material: bool | None,
    actor: User,
    now: datetime,
    revision: int,
    over: str = "",
) -> DocumentVersion:
    """Write on the draft that was read at `revision`, and let go of it; a change of nothing writes nothing.

    The first version is material, whatever is said; None leaves that as it is. Raises DocumentRefused where nothing can be written now, DraftHeld when
    somebody else has the draft (unless it is taken over: `over` is the key that they hold it under), StaleDraft when somebody
    else was faster.
    """
    lock = lock_held(document)
    locked = Document.objects.get(pk=document.pk)
    if refusal := writing_refusal(locked):
        raise DocumentRefused(refusal)
    draft = DocumentVersion.objects.select_related("written_by", "file").get(
        document=locked, state=VersionState.DRAFT
    )
    if lock is not None and lock.holder_id != actor.pk and lock.counts(now):
        if over != str(lock.key):
            raise DraftHeld(lock, draft)
        take_from(lock, locked, actor, now)
    if draft.revision != revision:
        raise StaleDraft(draft)
    if lock is not None:
        lock.delete()
    said = {name: changes[name] for name in WRITTEN_FIELDS if name in changes}
    if draft.file_id is not None and "file" not in said:
        said.pop("body", None)  # what the file says
    if is_material is not None:
        said["major"], said["minor"] = _label_of(locked, is_material)
    changed = {name: value for name, value in said.items() if getattr(draft, name) != value}
    if not changed:
        return draft
    before = {name: plain(getattr(draft, name)) for name in changed if name != "body"}
    for name, value in changed.items():
        setattr(draft, name, value)
    draft.revision += 1
    draft.written_by, draft.written_at = actor, now
    if actor.pk not in draft.writers:
        draft.writers = [*draft.writers, actor.pk]
    draft.save()
    if locked.current_id is None:
        locked.title = draft.title
    locked.save()  # which writes the words that search finds it by
    entry_write(
        action="policies.document.written",
        actor=actor,
        record=locked,
        before=before,
        after={
            **{name: plain(value) for name, value in changed.items() if name != "body"},
            "version_label": draft.label,
        },
    )
    return draft


def _label_of(document: Document, is_material: bool) -> tuple[int, int]:
    """Return the number that a draft has: after the version in force, or the first."""
    current = document.current
    if current is None:
        return 1, 0
    return (current.major + 1, 0) if is_material else (current.major, current.minor + 1)


# What follows from the steps of a document. Each must be called inside the step's transaction, which has locked the document.


def version_submit(*, document: Document) -> None:
    """Let nobody write on the draft while it is looked at."""
    _move(document, VersionState.DRAFT, VersionState.IN_REVIEW)


def version_return(*, document: Document) -> None:
    """Let the draft be written again; what was approved of it counts no more."""
    DocumentVersion.objects.filter(
        document=document, state__in=(VersionState.IN_REVIEW, VersionState.APPROVED)
    ).update(state=VersionState.DRAFT, digest="", approval=None)


def version_approve(*, document: Document) -> None:
    """Write down what was approved of the version, and by which request."""
    request = latest_request(document)
    assert request is not None, "a step by approval has a request"
    _move(document, VersionState.IN_REVIEW, VersionState.APPROVED, digest=request.digest, approval=request)


def version_publish(*, document: Document, now: datetime) -> None:
    """Put the approved version in force, in the place of the one before."""
    DocumentVersion.objects.filter(document=document, state=VersionState.PUBLISHED).update(
        state=VersionState.SUPERSEDED, ended_at=now
    )
    _move(document, VersionState.APPROVED, VersionState.PUBLISHED, published_at=now)
    current = DocumentVersion.objects.get(document=document, state=VersionState.PUBLISHED)
    current.document = document
    document.title, document.current = current.title, current
    document.save()
    document_shelve(document=document)
    announcement_begin(version=current, now=now)


def revision_begin(*, document: Document, actor: User, now: datetime) -> None:
    """Begin the draft of a next version with what the one in force says."""
    current = document.current
    assert current is not None, "what is published has a version in force"
    last = document.versions.order_by("-number").values_list("number", flat=True)[0]
    major, minor = _label_of(document, False)
    DocumentVersion.objects.create(
        document=document,
        number=last + 1,
        major=major,
        minor=minor,
        title=current.title,
        body=current.body,
        file=current.file,
        audience=current.audience,
        audience_roles=current.audience_roles,
        written_by=actor,
        written_at=now,
    )


def revision_discard(*, document: Document, now: datetime) -> None:
    """Give the draft up; the version in force stays as it is."""
    _move(document, VersionState.DRAFT, VersionState.DISCARDED, ended_at=now)


def versions_retire(*, document: Document, now: datetime) -> None:
    """Let the version in force hold no more."""
    _move(document, VersionState.PUBLISHED, VersionState.RETIRED, ended_at=now)
    document_unshelve(document=document)
    announcements_call_off(document=document)


def _move(document: Document, source: str, target: str, **values: Any) -> None:
    """Move the version that is in a state to another; there is one, since the document's own state says so."""
    moved = DocumentVersion.objects.filter(document=document, state=source).update(state=target, **values)
    assert moved == 1, f"{document.reference} has {moved} versions in the state {source}"
