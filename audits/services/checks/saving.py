"""Saving one check, while somebody else may save it, too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audits.models import Check
from audits.services.checks.rules import (
    CheckRefused,
    audit_locked,
    change_check,
    grading_refusal,
    methods_ordered,
    writing_refusal,
)
from foundation.accounts.models import User
from foundation.trail.services import entries_write

FIELDS = ("result", "reason", "methods", "sample", "notes")
GRADING = {"result", "reason"}


@dataclass(frozen=True)
class Difference:
    """A field that two people changed since it was read: what one typed, and what stands there now."""

    name: str
    mine: Any
    theirs: Any


class CheckConflict(Exception):
    """Somebody else changed the same fields meanwhile; nothing was saved. `check` is as it is now."""

    def __init__(self, check: Check, differences: list[Difference]) -> None:
        super().__init__(_("Somebody else changed this check meanwhile."))
        self.check = check
        self.differences = differences


@dataclass(frozen=True)
class Saved:
    """A check as it is now, which fields this save changed, and which others had changed since it was read."""

    check: Check
    changed: tuple[str, ...]
    merged: tuple[str, ...]


@transaction.atomic
def check_save(*, check: Check, values: Mapping[str, Any], version: int, actor: User, now: datetime) -> Saved:
    """Save fields of a check as somebody typed them who had read it at `version`.

    What the history says of that version tells whose change a field is: what the person left as it was stays as it is
    now, and what only one of two people changed is kept of both. Where both changed the same field to different ends,
    raises CheckConflict and saves nothing. Raises CheckRefused when the audit's state, the person's part or the values
    stand against it.
    """
    audit = audit_locked(check.audit, actor=actor, now=now)
    if refusal := writing_refusal(actor, audit):
        raise CheckRefused({"": refusal})
    locked = _locked(check)
    locked.audit = audit
    sent = {name: values[name] for name in FIELDS if name in values}
    if "methods" in sent:
        sent["methods"] = methods_ordered(sent["methods"])
    read = _as_read(locked, version)
    mine = {name: value for name, value in sent.items() if read is None or value != read[name]}
    now_there = {name: getattr(locked, name) for name in FIELDS}
    conflicts = [
        Difference(name, value, now_there[name])
        for name, value in mine.items()
        if value != now_there[name] and (read is None or now_there[name] != read[name])
    ]
    if conflicts:
        raise CheckConflict(locked, conflicts)
    merged = tuple(name for name in FIELDS if read is not None and now_there[name] != read[name])
    changes = {name: value for name, value in mine.items() if value != now_there[name]}
    if not changes:
        return Saved(locked, (), merged)
    if GRADING & changes.keys() and (refusal := grading_refusal(actor, audit)):
        raise CheckRefused({"": refusal})
    entry = change_check(locked, changes, actor=actor, now=now)
    entries_write(drafts=[entry] if entry else [])
    return Saved(locked, tuple(changes), merged)


def _locked(check: Check) -> Check:
    checks = Check.objects.select_for_update(of=("self",)).select_related("text", "tested_by")
    found: Check | None = checks.filter(pk=check.pk).first()
    if found is None:
        raise CheckRefused({"": _("This check was taken out of the audit meanwhile.")})
    return found


def _as_read(check: Check, version: int) -> dict[str, Any] | None:
    """Return what a check said at a version; None when its history does not know, so that nothing counts as unchanged."""
    if version == check.version:
        return {name: getattr(check, name) for name in FIELDS}
    read: dict[str, Any] | None = check.check_events.filter(version=version).values(*FIELDS).last()  # type: ignore[attr-defined]
    return read
