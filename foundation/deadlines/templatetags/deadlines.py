"""Tags for pages that show dates: `{% load deadlines %}`."""

from typing import Any

from django import template
from django.template import Context

from foundation.deadlines.facts import deadline_facts
from foundation.deadlines.selectors import deadlines_of
from foundation.records.models import Record

register = template.Library()


@register.inclusion_tag("deadlines/_record_deadlines.html", takes_context=True)
def record_deadlines(context: Context, record: Record) -> dict[str, Any]:
    """Draw a record's open dates with how far off they are, and its reminders in words. One query."""
    return {"facts": deadline_facts(deadlines_of(record), now=context["now"])}
