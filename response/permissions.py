"""Who may keep the contacts of a plan, and exercise it."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from foundation.accounts.access import access_of
from policies.choices import DocumentType
from policies.models import Document

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

MANAGE = "response.manage"


def is_plan(record: Any) -> bool:
    """Tell whether a document is an incident response plan."""
    return bool(record.type == DocumentType.PLAN)


def can_manage(user: "AnyUser", plan: Document) -> bool:
    """Tell whether a person may keep the contacts of a plan and exercise it: by right, or as its owner."""
    return access_of(user).has(MANAGE, plan.unit_id) or (plan.owner_id == user.pk and plan.owner.is_active)


def managing_refusal(plan: Document) -> str | None:
    """Return why nobody changes the contacts of a plan any more, or None."""
    return _("The plan is retired, so its sheet stays as it is.") if plan.is_retired else None
