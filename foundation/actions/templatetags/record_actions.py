"""`{% load record_actions %}{% record_actions record %}`: what is to be done about a record, on any page that shows one."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from foundation.actions.permissions import can_manage_actions
from foundation.actions.selectors import actions_shown
from foundation.actions.sources import agreeing_refusal, proposing_refusal
from foundation.records.models import Record

register = template.Library()


@register.inclusion_tag("actions/_of_record.html", takes_context=True)
def record_actions(context: Context, record: Record) -> dict[str, Any]:
    """Draw the actions that follow from a record and that the reader may know of, and the way to agree on one, or to propose it.

    Offered is what would not be refused.
    """
    user = context["request"].user
    agrees = can_manage_actions(user, record) and agreeing_refusal(source=record, person=user) is None
    proposes = not agrees and proposing_refusal(source=record, person=user) is None
    return {
        "actions": actions_shown(record, user),
        "create_url": reverse("actions:action-create", args=[record.reference]) if agrees else "",
        "propose_url": reverse("actions:action-propose", args=[record.reference]) if proposes else "",
        "now": context["now"],
    }
