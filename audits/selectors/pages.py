"""Reads for the page of an audit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.choices import AuditState
from audits.models import Audit
from audits.schedule import STEPS, next_step
from audits.selectors.sides import answers_annotated
from foundation.accounts.models import User
from foundation.records.models import Participant, Record
from foundation.records.selectors import entries_of
from foundation.records.words import actor_of, icon_of, sentence_of
from foundation.ui.structure import Moment


@dataclass(frozen=True)
class DatedStep:
    """A date of an audit as its page shows it: whether it is what the audit waits for, or past."""

    label: Any
    on: date
    days: str
    is_next: bool
    is_done: bool
    note: str


def steps_of(audit: Audit, *, notes: Mapping[str, str]) -> list[DatedStep]:
    """Return the audit's dates in order, with what there is to say of each, by kind of date."""
    coming = next_step(audit.state)
    return [
        DatedStep(
            label=step.label,
            on=getattr(audit, step.field),
            days=days_words((getattr(audit, step.field) - audit.starts_on).days),
            is_next=step == coming,
            is_done=audit.state != AuditState.CANCELLED and audit.state not in step.awaited_in,
            note=notes.get(step.kind, ""),
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


def audits_with_people(user: User) -> QuerySet[Audit]:
    """Return the audits that a person may know of, with all that their pages name but the programme, by two queries."""
    found: QuerySet[Audit] = (
        Audit.objects.visible_to(user)
        .select_related("unit", "owner", "lead_auditor", "series", "report_approved_by")
        .prefetch_related(Prefetch("participants", queryset=Participant.objects.select_related("user")))
        .annotate(**answers_annotated())
    )
    return found


def activity_of(record: Record, reader: User, *, count: int) -> list[Moment]:
    """Return the latest facts about a record, as the trail has them for a reader; one query."""
    entries = entries_of(record, reader).order_by("-at", "-pk")[:count]
    return [
        Moment(
            at=entry.at,
            sentence=sentence_of(entry),
            actor=actor_of(entry),
            icon=icon_of(entry),
            comment=entry.comment,
        )
        for entry in entries
    ]


def people_of(audit: Audit) -> dict[str, list[User]]:
    """Return who plays which part in an audit; reads the participants that were prefetched."""
    people: dict[str, list[User]] = {}
    for part in audit.participants.all():
        people.setdefault(part.role, []).append(part.user)
    return {role: sorted(users, key=lambda user: user.full_name) for role, users in people.items()}
