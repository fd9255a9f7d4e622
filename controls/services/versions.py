"""The versions of a control: written as drafts, and moved on by the control's steps."""

from datetime import datetime
from typing import Any

from django.db import transaction

from controls.choices import VersionState
from controls.models import Control, ControlVersion
from controls.models.versions import WRITTEN
from controls.permissions import writing_refusal
from controls.services.errors import ControlRefused
from controls.services.evidence import asking_after_approval, asking_follow
from foundation.accounts.models import User
from foundation.approvals.selectors import latest_request
from foundation.records.plain import plain
from foundation.records.services import StaleRecord
from foundation.trail.services import entry_write

# What a control repeats of the version that counts.
REPEATED = ("title", "type", "nature", "is_key", "frequency", "evidence_months")


@transaction.atomic
def draft_write(
    *, control: Control, changes: dict[str, Any], actor: User, now: datetime, version: int
) -> ControlVersion:
    """Write on the draft of a control that was read at `version`; a change of nothing writes nothing.

    Raises ControlRefused where nothing can be written now, StaleRecord when somebody else was faster.
    """
    if unknown := changes.keys() - set(WRITTEN):
        raise ValueError(f"Not written here: {sorted(unknown)}")
    locked = Control.objects.select_for_update(of=("self",)).get(pk=control.pk)
    if refusal := writing_refusal(locked):
        raise ControlRefused(refusal)
    if locked.version != version:
        raise StaleRecord(locked)
    draft: ControlVersion = ControlVersion.objects.get(control=locked, state=VersionState.DRAFT)
    changed = {name: value for name, value in changes.items() if getattr(draft, name) != value}
    if not changed:
        return draft
    before = {name: plain(getattr(draft, name)) for name in changed}
    for name, value in changed.items():
        setattr(draft, name, value)
    draft.written_by, draft.written_at = actor, now
    if actor.pk not in draft.writers:
        draft.writers = [*draft.writers, actor.pk]
    draft.save()
    if locked.current_id is None:
        _repeat(locked, draft)
    locked.version += 1
    locked.save()
    entry_write(
        action="controls.control.written",
        actor=actor,
        record=locked,
        before=before,
        after={name: plain(value) for name, value in changed.items()} | {"version_number": draft.number},
    )
    return draft


def _repeat(control: Control, version: ControlVersion) -> None:
    """Let a control say of itself what a version says."""
    for name in REPEATED:
        setattr(control, name, getattr(version, name))


# What follows from the steps of a control. Each must be called inside the step's transaction, which has locked the control.


def version_submit(*, control: Control) -> None:
    """Let nobody write on the draft while it is looked at."""
    _move(control, VersionState.DRAFT, VersionState.IN_REVIEW)


def version_return(*, control: Control) -> None:
    """Let the draft be written again."""
    _move(control, VersionState.IN_REVIEW, VersionState.DRAFT)


def version_approve(*, control: Control, now: datetime) -> None:
    """Put what was approved in force, in the place of the version before, with the digest and the request of the approval."""
    request = latest_request(control)
    assert request is not None, "a step by approval has a request"
    ControlVersion.objects.filter(control=control, state=VersionState.IN_FORCE).update(
        state=VersionState.SUPERSEDED, ended_at=now
    )
    _move(
        control,
        VersionState.IN_REVIEW,
        VersionState.IN_FORCE,
        digest=request.digest,
        approval=request,
        approved_at=now,
    )
    months_before = control.evidence_months if control.current_id else None
    current = ControlVersion.objects.get(control=control, state=VersionState.IN_FORCE)
    _repeat(control, current)
    control.current = current
    control.save()
    asking_after_approval(control=control, months_before=months_before, now=now)


def revision_begin(*, control: Control, actor: User, now: datetime) -> None:
    """Begin the draft of a next version with what the one in force says."""
    current = control.current
    assert current is not None, "what is in force has a version"
    last = control.versions.order_by("-number").values_list("number", flat=True)[0]
    said = {name: getattr(current, name) for name in WRITTEN if name != "summary"}
    ControlVersion.objects.create(control=control, number=last + 1, written_by=actor, written_at=now, **said)


def revision_discard(*, control: Control, now: datetime) -> None:
    """Give the draft up; the version in force stays as it is."""
    _move(control, VersionState.DRAFT, VersionState.DISCARDED, ended_at=now)


def versions_retire(*, control: Control, now: datetime) -> None:
    """Let the version in force hold no more, and ask for no evidence."""
    _move(control, VersionState.IN_FORCE, VersionState.RETIRED, ended_at=now)
    asking_follow(control=control, now=now)


def _move(control: Control, source: str, target: str, **values: Any) -> None:
    """Move the version that is in a state to another; there is one, since the control's own state says so."""
    moved = ControlVersion.objects.filter(control=control, state=source).update(state=target, **values)
    assert moved == 1, f"{control.reference} has {moved} versions in the state {source}"
