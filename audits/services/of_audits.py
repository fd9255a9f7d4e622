"""What findings and requests for evidence have in common: they belong to an audit, and follow it."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from audits.choices import AUDIT_OWNER, AuditRole
from audits.models import Audit, EvidenceRequest, Finding
from audits.schedule import EARLIEST, LATEST
from foundation.accounts.models import User
from foundation.records.services import participants_set, record_hold, record_update

AUDITORS = (AuditRole.LEAD, AuditRole.TEAM)


def audit_hold(belonging: type[Finding] | type[EvidenceRequest], key: int) -> None:
    """Keep the audit of what belongs to it in its state until the transaction ends: hold it before that is locked."""
    record_hold(belonging._default_manager.values_list("audit_id", flat=True).get(pk=key))


finding_audit_hold = partial(audit_hold, Finding)
evidence_audit_hold = partial(audit_hold, EvidenceRequest)


def people_named(audit: Audit, roles: Iterable[str]) -> dict[str, list[User]]:
    """Return who is named in what belongs to an audit: who plays one of these parts there, and its owner."""
    people: dict[str, list[User]] = {str(role): [] for role in roles}
    for part in audit.participants.select_related("user").order_by("user__full_name", "user_id"):
        if part.role in people:
            people[part.role].append(part.user)
    return {**people, AUDIT_OWNER: [audit.owner]}


def owner_refusal(*, owner: User, people: Mapping[str, Iterable[User]]) -> str | None:
    """Return why a person can't answer in an audit whose auditors are among these people, or None."""
    if not owner.is_active:
        return _("%(person)s is no longer active.") % {"person": owner}
    if any(owner in people[role] for role in AUDITORS):
        return _("%(person)s audits here, so somebody else must answer.") % {"person": owner}
    return None


def day_refusal(day: date) -> str | None:
    """Return why a day can't be one of an audit's, or None."""
    return None if EARLIEST <= day <= LATEST else _("Use a date between 2000 and 2100.")


def audit_followed(
    record: Any, *, audit: Audit, people: Mapping[str, list[User]], actor: User
) -> tuple[Any, set[str]]:
    """Let what belongs to an audit be of its unit, as confidential as it is, and name these people; return it, and which parts changed.

    Reads the participants that were prefetched with it; what is as it should be is not written again.
    """
    changed = record
    if (record.unit_id, record.confidentiality) != (audit.unit_id, audit.confidentiality):
        changes = {"unit": audit.unit, "confidentiality": audit.confidentiality}
        changed = record_update(record=record, changes=changes, actor=actor, version=record.version)
    named: dict[str, set[int]] = {}
    for part in record.participants.all():
        named.setdefault(part.role, set()).add(part.user_id)
    moved = {role for role in people if named.get(role, set()) != {person.pk for person in people[role]}}
    for role in sorted(moved):
        participants_set(record=changed, role=role, users=people[role], actor=actor)
    return changed, moved
