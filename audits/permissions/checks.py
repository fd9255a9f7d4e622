"""Who may see the checklist of an audit, and who may work on it."""

from typing import TYPE_CHECKING

from django.db.models import BooleanField, Q, QuerySet, Value
from django.utils.translation import gettext as _

from audits.choices import REPORTED_STATES, AuditRole
from audits.models import Audit
from audits.permissions.people import OF_THE_UNIT
from audits.permissions.sides import audited_refusal, is_auditor_of, parts_in, verdict_refusal
from foundation.accounts.access import Scope, access_of
from foundation.accounts.models import User
from foundation.records.models import Participant, Record

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def can_see_checks(user: "AnyUser", audit: Audit) -> bool:
    """Tell whether a person who may know of an audit sees its checklist, what is found out and its reports.

    Who is audited there by name does not. Its auditors and its owner do. Others read it by the right to the unit's working
    records once the report is approved: what auditors are still to conclude from is not for who is audited. Until then, of
    those, only who runs audits of the unit without belonging to it, and who approves the report (ISO 19011:2018, 6.5.2: a
    report goes to its recipients when it is approved). The audit of a supplier, or of the whole organisation, audits nobody
    by their unit.
    """
    parts = parts_in(user, audit)
    if AuditRole.AUDITEE in parts:
        return False
    if parts or user.pk in (audit.owner_id, audit.lead_auditor_id):
        return True
    access = access_of(user)
    if not access.has("records.view", audit.unit_id):
        return False
    if audit.state in REPORTED_STATES or audit.type not in OF_THE_UNIT or audit.unit.parent_id is None:
        return True
    runs = access.has("audits.run", audit.unit_id) and audit.unit_id not in access.home
    return runs or access.has("audits.approve_report", audit.unit_id)


def checks_seen_by(user: "AnyUser", prefix: str = "") -> Q:
    """Return the condition under which a person sees the checklist of an audit that they may know of: `can_see_checks()`, for many.

    On audits or their listings; `prefix` reaches them from another table.
    """

    def where(scope: Scope) -> Q:
        everywhere = Q(Value(True, output_field=BooleanField()))  # an empty Q would vanish from a disjunction
        return everywhere if scope.everywhere else Q(**{f"{prefix}unit_id__in": sorted(scope.unit_ids)})

    access, named = access_of(user), Participant.objects.filter(user=user.pk)
    audited = Q(**{f"{prefix}pk__in": named.filter(role=AuditRole.AUDITEE).values("record_id")})
    works = (
        Q(**{f"{prefix}owner": user.pk})
        | Q(**{f"{prefix}lead_auditor": user.pk})
        | Q(**{f"{prefix}pk__in": named.values("record_id")})
    )
    audits_nobody = ~Q(**{f"{prefix}type__in": OF_THE_UNIT}) | Q(**{f"{prefix}unit__parent": None})
    runs = where(access.scope("audits.run")) & ~Q(**{f"{prefix}unit_id__in": sorted(access.home)})
    early = audits_nobody | runs | where(access.scope("audits.approve_report"))
    over = Q(**{f"{prefix}state__in": REPORTED_STATES})
    return (works | where(access.scope("records.view")) & (over | early)) & ~audited


def audits_unseen(user: "AnyUser") -> "QuerySet[Audit]":
    """Return the audits whose checklist a person does not see."""
    found: QuerySet[Audit] = Audit.objects.filter(~checks_seen_by(user))
    return found


def is_unseen_audit(user: "AnyUser", record: Record) -> bool:
    """Tell whether a record is an audit whose checklist a person does not see: no query for an audit that a page has read."""
    if isinstance(record, Audit):
        return not can_see_checks(user, record)
    return record.kind == "audit" and audits_unseen(user).filter(pk=record.pk).exists()


def check_work_refusal(user: User, audit: Audit) -> str | None:
    """Return why a person may not work on the checks of an audit, or None.

    Its auditors may, and whoever runs audits of the unit; nobody who is audited there, and nobody grades the own unit.
    """
    if AuditRole.AUDITEE in parts_in(user, audit):
        return _("You are audited here, so you have no part in the checklist.")
    if not (user.pk == audit.lead_auditor_id or is_auditor_of(user, audit)):
        return _("The audit's team works on its checks, and whoever runs audits of %(unit)s.") % {
            "unit": audit.unit
        }
    return audited_refusal(audit=audit, user=user)


def check_grading_refusal(user: User, audit: Audit) -> str | None:
    """Return why a person may not say what the checks of an audit came to, and conclude from them, or None."""
    return check_work_refusal(user, audit) or verdict_refusal(audit=audit, user=user)


def can_work_on_checks(user: User, audit: Audit) -> bool:
    """Tell whether a person may work on the checks of an audit; what its state allows is another question."""
    return check_work_refusal(user, audit) is None
