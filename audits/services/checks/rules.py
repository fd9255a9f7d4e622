"""What stands against working on the checks of an audit: who asks, and how far the audit is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from audits.choices import (
    CHOOSING_STATES,
    GRADING_STATES,
    SAY_WHY,
    WRITING_STATES,
    AuditState,
    CheckMethod,
    CheckResult,
)
from audits.models import Audit, Check
from audits.permissions import check_grading_refusal, check_work_refusal
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.records.services import FieldsRefused, record_hold
from foundation.trail.services import EntryDraft


class CheckRefused(FieldsRefused):
    """A check can't be so."""


def choosing_refusal(user: User, audit: Audit) -> str | None:
    """Return why a person may not put the checklist together now, or None."""
    return check_work_refusal(user, audit) or _state_refusal(
        audit, CHOOSING_STATES, _("Which requirements are tested is settled once the fieldwork is over.")
    )


def writing_refusal(user: User, audit: Audit) -> str | None:
    """Return why a person may not write into checks now, or None: methods, samples, notes and evidence may be prepared."""
    return check_work_refusal(user, audit) or _state_refusal(
        audit, WRITING_STATES, _("The report is being agreed on, so the checks stay as they are.")
    )


def grading_refusal(user: User, audit: Audit) -> str | None:
    """Return why a person may not say now what checks came to, or None."""
    if audit.state in WRITING_STATES and audit.state not in GRADING_STATES:
        return check_work_refusal(user, audit) or _("Results can be set once the fieldwork has started.")
    return writing_refusal(user, audit) or check_grading_refusal(user, audit)


def _state_refusal(audit: Audit, states: Sequence[AuditState], otherwise: str) -> str | None:
    if audit.state in states:
        return None
    if audit.is_open:
        return otherwise
    return _("A closed or cancelled audit stays as it is. Reopen it first.")


def audit_locked(audit: Audit, *, actor: User, now: datetime, alone: bool = False) -> Audit:
    """Return an audit as it is now, with its people, and keep it in its state until the transaction ends.

    Several may work on its checks at once; `alone` keeps everybody else off them.
    """
    access_of(actor, now)
    record_hold(audit.pk, alone=alone)
    found: Audit = Audit.objects.select_related("unit").prefetch_related("participants").get(pk=audit.pk)
    return found


def methods_ordered(methods: Sequence[str]) -> list[str]:
    """Return methods in their usual order, each once."""
    return [method for method in CheckMethod.values if method in methods]


def change_check(
    check: Check, changes: Mapping[str, Any], *, actor: User, now: datetime
) -> EntryDraft | None:
    """Change a locked check and save it; return what the trail is told: the result, or why there is none.

    A reason is one of the result that it was given with: another result leaves it behind. Who says why something was not
    tested judges as who tests it does: nobody approves a report on that. Raises CheckRefused for a requirement that does
    not apply, without a reason.
    """
    before, reason = check.result, check.reason
    for name, value in changes.items():
        setattr(check, name, value)
    if check.result != before and "reason" not in changes:
        check.reason = ""
    if check.result == CheckResult.NOT_APPLICABLE and not check.reason.strip():
        raise CheckRefused({"reason": _("Say why the requirement does not apply here.")})
    is_judged = check.result != before or (check.result in SAY_WHY and check.reason != reason)
    if is_judged:
        is_open = check.result == CheckResult.NOT_TESTED and not check.reason.strip()
        check.tested_by, check.tested_at = (None, None) if is_open else (actor, now)
    check.version += 1
    check.save()
    if not is_judged:
        return None
    return EntryDraft(
        action="audits.check.graded",
        actor=actor,
        record=check.audit,
        before={"check_result": before},
        after={"check_result": check.result, "requirement": check.text.identifier},
        comment=check.reason_given,
    )
