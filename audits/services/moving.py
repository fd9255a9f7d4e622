"""Moving one date of an audit to another day."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audits.models import Audit
from audits.permissions import audit_change_refusal
from audits.schedule import EARLIEST, LATEST, LONGEST, Offsets, offsets_of
from audits.services.audits import AuditRefused, audit_change
from foundation.accounts.models import User
from foundation.accounts.permissions import right_check
from foundation.records.models import Record

START = "audits.start"
PREPARATION = "audits.preparation"
# The number of days that a date other than the start stands at, by the kind of its deadline.
DAYS = {
    PREPARATION: "preparation_days",
    "audits.fieldwork_end": "fieldwork_days",
    "audits.report": "report_days",
    "audits.follow_up": "follow_up_days",
}


def audit_move_refusal(*, record: Record, user: User) -> str | None:
    """Return why the audit's dates can't be moved as it stands, or not by this person, or None.

    Raises PermissionDenied for who may not plan it. Who is audited there does not move them: `audit_change_refusal()`.
    """
    right_check(user=user, right="audits.plan", unit_id=record.unit_id)
    return audit_change_refusal(audit=_audit(record), user=user)


def audit_date_move(*, kind: str, record: Record, to: date, version: int, actor: User, now: datetime) -> None:
    """Move the date of one kind: the start takes all others along, any other changes its distance from the start.

    Raises ValidationError for a day that the audit's form would not take either, StaleRecord when somebody was faster.
    """
    audit = _audit(record)
    starts_on, offsets = _moved(audit, kind, to)
    _check(starts_on, offsets)
    try:
        audit_change(
            audit=audit,
            changes={"starts_on": starts_on, **offsets.values()},
            actor=actor,
            now=now,
            version=version,
        )
    except AuditRefused as refused:
        raise ValidationError(str(refused)) from refused


def _audit(record: Record) -> Audit:
    """Return the audit that a record is; lists have it in hand, the calendar only the record."""
    audit: Audit = record if isinstance(record, Audit) else Audit.objects.get(pk=record.pk)
    return audit


def _moved(audit: Audit, kind: str, to: date) -> tuple[date, Offsets]:
    if kind == START:
        return to, offsets_of(audit)
    days = (to - audit.starts_on).days
    if kind == PREPARATION:
        days = -days
    if days < 0:
        raise ValidationError(
            _("This lies after the start of the fieldwork.")
            if kind == PREPARATION
            else _("This lies before the start of the fieldwork.")
        )
    return audit.starts_on, Offsets(**{**offsets_of(audit).values(), DAYS[kind]: days})


def _check(starts_on: date, offsets: Offsets) -> None:
    """Raise ValidationError unless the dates lie in the years, the distance and the order that an audit may have."""
    if max(offsets.values().values()) > LONGEST:
        raise ValidationError(_("All dates lie within two years of the start."))
    first, last = (
        starts_on.toordinal() - offsets.preparation_days,
        starts_on.toordinal() + offsets.follow_up_days,
    )
    if not EARLIEST.toordinal() <= first <= last <= LATEST.toordinal():
        raise ValidationError(_("Use a date between 2000 and 2100."))
    if offsets.report_days < offsets.fieldwork_days:
        raise ValidationError(_("The report is due when the fieldwork has ended, not before."))
    if offsets.follow_up_days < offsets.report_days:
        raise ValidationError(_("The follow-up is due after the report, not before."))
