"""The tab on a plan's page that shows whom it calls."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.organisation import organisation_day
from foundation.ui.structure import Action, EmptyState
from response.parts import contacts_table
from response.permissions import can_manage, managing_refusal
from response.selectors import contacts_of


def contacts_context(*, record: Any, request: Any, now: datetime) -> dict[str, Any]:
    """Return what the tab needs: the sheet, what of it is to be confirmed, and the ways on."""
    found = list(contacts_of(record))
    today = organisation_day(now)
    url = reverse("response:contact-list", args=[record.reference])
    may = can_manage(request.user, record) and managing_refusal(record) is None
    add = Action(
        _("Add a contact"), reverse("response:contact-add", args=[record.reference]), icon="plus", primary=may
    )
    return {
        "sheet": contacts_table(found, now) if found else None,
        "late": sum(1 for one in found if one.confirm_by < today and not record.is_retired),
        "ways": [
            *([add] if may else []),
            Action(_("Sheet to print, confirm or take along"), url, icon="printer"),
        ],
        "none": None
        if found
        else EmptyState(
            _("Nobody is named yet"),
            _("Who is called when it happens, in which order, and by which number."),
            "users",
            [add] if may else (),
        ),
    }
