"""Who may change what audits and programmes say."""

from typing import TYPE_CHECKING

from audits.choices import ProgrammeState
from audits.models import Audit, Programme
from foundation.accounts.access import access_of

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def can_change_audit(user: "AnyUser", audit: Audit) -> bool:
    """Tell whether a person may change what an audit says; once closed or cancelled, nobody may."""
    return audit.is_open and access_of(user).has("audits.plan", audit.unit_id)


def can_change_programme(user: "AnyUser", programme: Programme) -> bool:
    """Tell whether a person may change what a programme says: only a draft is changed."""
    return programme.state == ProgrammeState.DRAFT and access_of(user).has("audits.plan", programme.unit_id)
