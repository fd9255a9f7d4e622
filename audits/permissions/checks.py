"""Who may see the checklist of an audit, and who may work on it."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from audits.choices import AuditRole
from audits.models import Audit
from audits.permissions.sides import audited_refusal, is_auditor_of, parts_in
from foundation.accounts.access import access_of
from foundation.accounts.models import User

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def can_see_checks(user: "AnyUser", audit: Audit) -> bool:
    """Tell whether a person who may know of an audit sees its checklist: never who is audited there.

    Its auditors and its owner do, and whoever reads the unit's working records.
    """
    parts = parts_in(user, audit)
    if AuditRole.AUDITEE in parts:
        return False
    if parts or user.pk in (audit.owner_id, audit.lead_auditor_id):
        return True
    return access_of(user).has("records.view", audit.unit_id)


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


def can_work_on_checks(user: User, audit: Audit) -> bool:
    """Tell whether a person may work on the checks of an audit; what its state allows is another question."""
    return check_work_refusal(user, audit) is None
