"""Who may see the checklist of an audit, and who may work on it."""

from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Q, QuerySet
from django.utils.translation import gettext as _

from audits.choices import REPORTED_STATES, AuditRole
from audits.models import Audit
from audits.permissions.people import OF_THE_UNIT
from audits.permissions.sides import audited_refusal, is_auditor_of, parts_in, verdict_refusal
from foundation.accounts.access import Scope, access_of
from foundation.accounts.models import User
from foundation.records.models import Record
from foundation.records.written import Written

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


REPORTED = tuple(state.value for state in REPORTED_STATES)
CONCERNING_UNITS = tuple(type.value for type in OF_THE_UNIT)
# By hand, since it stands in what pages of checks, findings and files ask.
SEEN = """(
    (
        {owner_id} = %s OR {lead_auditor_id} = %s
        OR {pk} IN (SELECT record_id FROM records_participant WHERE user_id = %s)
        OR (READS AND (
            {state} IN %s OR {type} NOT IN %s OR {unit_id} IN (SELECT id FROM accounts_businessunit WHERE parent_id IS NULL)
            OR (RUNS AND {unit_id} NOT IN %s) OR APPROVES
        ))
    ) AND {pk} NOT IN (SELECT record_id FROM records_participant WHERE user_id = %s AND role = %s)
)"""


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
    runs = access.has("audits.run", audit.unit_id) and audit.unit_id not in access.own
    return runs or access.has("audits.approve_report", audit.unit_id)


def checks_seen_by(user: "AnyUser", prefix: str = "") -> Q:
    """Return the condition under which a person sees the checklist of an audit that they may know of: `can_see_checks()`, for many.

    On audits or their listings; `prefix` reaches them from another table.
    """
    access, person = access_of(user), user.pk or 0
    reads, reads_in = _within(access.scope("records.view"))
    runs, runs_in = _within(access.scope("audits.run"))
    approves, approves_in = _within(access.scope("audits.approve_report"))
    own = tuple(sorted(access.own)) or (0,)
    values = (person, person, person, *reads_in, REPORTED, CONCERNING_UNITS, *runs_in, own, *approves_in)
    sql = SEEN.replace("READS", reads).replace("RUNS", runs).replace("APPROVES", approves)
    columns = {
        name: f"{prefix}{name}" for name in ("pk", "owner_id", "lead_auditor_id", "unit_id", "type", "state")
    }
    audited = (person, AuditRole.AUDITEE.value)
    return Q(Written(sql, columns, (*values, *audited), output_field=BooleanField()))


def _within(scope: Scope) -> tuple[str, tuple[Any, ...]]:
    """Return the condition that an audit is within a scope, with its values."""
    if scope.everywhere:
        return "TRUE", ()
    return ("{unit_id} IN %s", (tuple(sorted(scope.unit_ids)),)) if scope.unit_ids else ("FALSE", ())


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
