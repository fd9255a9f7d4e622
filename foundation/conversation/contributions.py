"""What the conversation gives to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.conversation.choices import ADDED
from foundation.conversation.tabs import ACTIVITY, activity_context
from foundation.registry import RecordTab, TrailVerb, registry

registry.register(
    RecordTab(
        key=ACTIVITY,
        label=_("Activity"),
        icon="message",
        template="conversation/tab_activity.html",
        context=activity_context,
        order=100,
    ),
    TrailVerb(action=ADDED, sentence=_("commented"), icon="message"),
)
