"""Reads for the page of an audit."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.choices import AuditState
from audits.models import Audit
from audits.schedule import STEPS, next_step
from foundation.accounts.models import User


@dataclass(frozen=True)
class DatedStep:
    """A date of an audit as its page shows it: whether it is what the audit waits for, or past."""

    label: Any
    on: date
    days: str
    is_next: bool
    is_done: bool


def steps_of(audit: Audit) -> list[DatedStep]:
    """Return the audit's dates in order."""
    coming = next_step(audit.state)
    return [
        DatedStep(
            label=step.label,
            on=getattr(audit, step.field),
            days=days_words((getattr(audit, step.field) - audit.starts_on).days),
            is_next=step == coming,
            is_done=audit.state != AuditState.CANCELLED and audit.state not in step.awaited_in,
        )
        for step in STEPS
    ]


def days_words(days: int) -> str:
    """Return how far a date lies from the start, in words."""
    if days == 0:
        return _("the start")
    if days < 0:
        return ngettext("%(count)d day before the start", "%(count)d days before the start", -days) % {
            "count": -days
        }
    return ngettext("%(count)d day after the start", "%(count)d days after the start", days) % {"count": days}


def people_of(audit: Audit) -> dict[str, list[User]]:
    """Return who plays which part in an audit; reads the participants that were prefetched."""
    people: dict[str, list[User]] = {}
    for part in audit.participants.all():
        people.setdefault(part.role, []).append(part.user)
    return {role: sorted(users, key=lambda user: user.full_name) for role, users in people.items()}
