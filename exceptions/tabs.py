"""The tab on a document's page that shows the exceptions from it."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from exceptions.choices import OPEN
from exceptions.parts import exceptions_table
from exceptions.permissions import REQUEST
from exceptions.selectors import exceptions_of
from foundation.accounts.access import access_of
from foundation.accounts.organisation import organisation_day
from foundation.ui.structure import Action, EmptyState
from policies.choices import IN_FORCE

MOST_SHOWN = 50


def exceptions_context(*, record: Any, request: Any, now: datetime) -> dict[str, Any]:
    """Return what the tab needs: those that hold or may come, those that are over, and the way to ask for one."""
    day = organisation_day(now)
    found = list(exceptions_of(record, request.user)[: MOST_SHOWN + 1])
    shown = found[:MOST_SHOWN]
    current = [one for one in shown if one.state_on(day) in OPEN]
    over = [one for one in shown if one.state_on(day) not in OPEN]
    ask = None
    if record.state in IN_FORCE and access_of(request.user).has_anywhere(REQUEST):
        url = reverse("exceptions:exception-create", args=[record.reference])
        ask = Action(_("Ask for an exception"), url, icon="plus")
    return {
        "current": exceptions_table(current, now, day) if current else None,
        "over": exceptions_table(over, now, day) if over else None,
        "ask": [ask] if ask else [],
        "all_url": f"{reverse('exceptions:exception-list')}?document={record.reference}&state=all"
        if len(found) > MOST_SHOWN
        else "",
        "none": None
        if found
        else EmptyState(
            _("No exceptions"),
            _("Everyone whom it is for follows it. Whoever can't, for a while, asks for an exception."),
            "shield-check",
            [ask] if ask else (),
        ),
    }
