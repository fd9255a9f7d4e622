"""Opening a draft to write on it, and taking it over from somebody else."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.notifications.services import NoticeDraft, notices_write, told
from foundation.records.plain import plain
from foundation.trail.services import entry_write
from policies.models import Document, DraftLock
from policies.permissions import writing_refusal
from policies.services.errors import DocumentRefused

TAKEN_OVER = "policies.draft_taken_over"


@transaction.atomic
def draft_open(*, document: Document, actor: User, now: datetime) -> DraftLock:
    """Let a person write on the draft, or go on, unless somebody else does; return who does now.

    Whoever let go of it, or was idle for too long, and types on, has it again as long as nobody else took it up.
    """
    lock = lock_held(document)
    if lock is None:
        return DraftLock.objects.create(document_id=document.pk, holder=actor, since=now, seen_at=now)
    if lock.holder_id == actor.pk:
        _seen(lock, now)
    elif not lock.counts(now):
        _hand_to(lock, actor, now)
    return lock


@transaction.atomic
def draft_take_over(*, document: Document, actor: User, now: datetime, key: str) -> DraftLock:
    """Let a person write on the draft in the place of whoever holds it under a key.

    Raises DocumentRefused when the draft can't be written, or somebody else has it meanwhile.
    """
    lock = lock_held(document)
    if refusal := writing_refusal(Document.objects.get(pk=document.pk)):
        raise DocumentRefused(refusal)
    if lock is None:
        return draft_open(document=document, actor=actor, now=now)
    if lock.holder_id != actor.pk and lock.counts(now) and str(lock.key) != key:
        raise DocumentRefused(_("%(person)s has it meanwhile.") % {"person": lock.holder})
    take_from(lock, document, actor, now)
    return lock


def take_from(lock: DraftLock, document: Document, actor: User, now: datetime) -> None:
    """Hand a draft that is locked on, and write down from whom. Must be called inside a transaction."""
    if lock.holder_id == actor.pk:
        return
    if lock.counts(now):
        entry_write(
            action="policies.document.taken_over",
            actor=actor,
            record=document,
            before={"writer": plain(lock.holder)},
            after={"writer": plain(actor)},
        )
        _tell(lock, document, actor, now)
    _hand_to(lock, actor, now)


@transaction.atomic
def draft_leave(*, document: Document, actor: User) -> None:
    """Let others write on the draft again, if the person holds it."""
    DraftLock.objects.filter(document_id=document.pk, holder=actor).delete()


def draft_close(*, document: Document, actor: User, now: datetime) -> None:
    """End that somebody writes on the draft, since it goes another way; raise DocumentRefused while somebody else does.

    Must be called inside the step's transaction.
    """
    lock = DraftLock.objects.select_related("holder").filter(document_id=document.pk).first()
    if lock is None:
        return
    if lock.holder_id != actor.pk and lock.counts(now):
        raise DocumentRefused(
            _("%(person)s writes on the draft. Wait until it is saved, or take it over first.")
            % {"person": lock.holder}
        )
    lock.delete()


def lock_held(document: Document) -> DraftLock | None:
    """Return who writes on a draft, and let nobody else open it before the transaction ends.

    The document's row is locked first, as it is by its steps and by who saves.
    """
    Document.objects.select_for_update(of=("self",)).filter(pk=document.pk).first()
    found: DraftLock | None = (
        DraftLock.objects.select_related("holder").filter(document_id=document.pk).first()
    )
    return found


def _tell(lock: DraftLock, document: Document, actor: User, now: datetime) -> None:
    """Tell who had the draft that somebody else has it; once for each time that it changes hands."""
    sentence = told(
        lambda: (
            _(
                "%(person)s took the draft over from you. What you typed and did not save is still in your browser: "
                "save it there, and you see both versions."
            )
            % {"person": actor.full_name}
        )
    )
    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=lock.holder_id,
                kind=TAKEN_OVER,
                dedupe_key=f"{TAKEN_OVER}:{document.pk}:{lock.key}",
                record_id=document.pk,
                thread=f"{TAKEN_OVER}:{document.pk}",
                payload={
                    "title": document.title,
                    "reference": document.reference,
                    "sentence": sentence,
                    "headline": told(lambda: _("your draft was taken over")),
                },
            )
        ],
        now=now,
    )


def _seen(lock: DraftLock, now: datetime) -> None:
    if not lock.counts(now):
        lock.since = now
    lock.seen_at = now
    lock.save(update_fields=["since", "seen_at"])


def _hand_to(lock: DraftLock, actor: User, now: datetime) -> None:
    lock.holder, lock.key = actor, uuid4()
    lock.since = lock.seen_at = now
    lock.save()
