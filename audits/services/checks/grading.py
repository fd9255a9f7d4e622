"""Saying of several checks at once what they came to, or how they are tested."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audits.choices import SAY_WHY, CheckMethod, CheckResult
from audits.models import Audit, Check
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


@dataclass(frozen=True)
class SeveralSet:
    """How many checks were changed, and which were left as they are: by their requirement, and why."""

    changed: int
    left: tuple[tuple[str, str], ...]


@transaction.atomic
def checks_set(
    *,
    audit: Audit,
    chosen: Mapping[int, int],
    actor: User,
    now: datetime,
    result: str = "",
    reason: str = "",
    method: str = "",
) -> SeveralSet:
    """Set the result of several untested checks, add a method to them, or both; `chosen` has the versions read, by key.

    That they are not tested can be set with the reason alone, which their report gives.

    Each is judged as it would be alone: what somebody changed meanwhile, and what has a result already, is left as it is
    and told. Raises CheckRefused when nothing can be done at all.
    """
    audit = audit_locked(audit, actor=actor, now=now)
    if refusal := (grading_refusal if result else writing_refusal)(actor, audit):
        raise CheckRefused({"": refusal})
    if result not in ("", *CheckResult.values) or method not in ("", *CheckMethod.values):
        raise CheckRefused({"": _("Choose what to set.")})
    if not (result or method):
        raise CheckRefused({"": _("Choose what to set.")})
    if result in SAY_WHY and not reason.strip():
        raise CheckRefused({"reason": _("Say why the requirements do not apply here, or were not tested.")})
    checks = Check.objects.select_for_update(of=("self",)).select_related("text")
    entries, left, changed = [], [], 0
    for check in checks.filter(audit=audit, pk__in=list(chosen)).order_by("pk"):
        if why := _left_since(check, chosen[check.pk]):
            left.append((check.text.identifier, why))
            continue
        check.audit = audit
        changes: dict[str, Any] = {"methods": methods_ordered([*check.methods, method])} if method else {}
        if result:
            changes["result"] = result
        if result in SAY_WHY:
            changes["reason"] = reason
        if all(getattr(check, name) == value for name, value in changes.items()):
            continue
        changed += 1
        if entry := change_check(check, changes, actor=actor, now=now):
            entries.append(entry)
    entries_write(drafts=entries)
    return SeveralSet(changed, tuple(left))


def _left_since(check: Check, version: int) -> str:
    if check.result != CheckResult.NOT_TESTED:
        return _("has a result already")
    return "" if check.version == version else _("was changed meanwhile")
