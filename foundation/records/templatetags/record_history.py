"""`{% load record_history %}{% record_history record %}`: what happened to a record, on any page that shows one."""

from datetime import UTC, datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from foundation.records.models import Record
from foundation.records.selectors import history_of

register = template.Library()

PARAMETER = "history_before"


@register.inclusion_tag("records/_history.html", takes_context=True)
def record_history(context: Context, record: Record) -> dict[str, Any]:
    """Draw the history of a record that the reader may see; older parts are a link away."""
    request = context["request"]
    history = history_of(record, request.user, before=_instant(request.GET.get(PARAMETER, "")))
    parameters = request.GET.copy()
    if history.older:
        parameters[PARAMETER] = history.older.isoformat()
    newest = request.GET.copy()
    newest.pop(PARAMETER, None)
    return {
        "now": context["now"],
        "history": history,
        "older_url": f"?{parameters.urlencode()}" if history.older else "",
        "newest_url": f"{request.path}?{newest.urlencode()}" if PARAMETER in request.GET else "",
    }


def _instant(text: str) -> datetime | None:
    """Return the instant (UTC) that a URL names; None for anything that is none."""
    try:
        at = datetime.fromisoformat(text)
        # In UTC, since PostgreSQL knows no offset of 16 hours or more.
        return at.astimezone(UTC) if timezone.is_aware(at) else None
    except (ValueError, OverflowError):
        return None
