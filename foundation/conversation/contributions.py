"""What the conversation gives to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.conversation.choices import ADDED, COMMENTED, EDITED, MENTIONED, WITHDRAWN
from foundation.conversation.sample import sample_conversation
from foundation.conversation.selectors import comments_matching
from foundation.conversation.tabs import ACTIVITY, activity_context
from foundation.registry import (
    FieldWords,
    NoticeKind,
    RecordTab,
    SampleSet,
    SearchSource,
    TrailVerb,
    registry,
)

registry.register(
    RecordTab(
        key=ACTIVITY,
        label=_("Activity"),
        icon="message",
        template="conversation/tab_activity.html",
        context=activity_context,
        order=100,
    ),
    NoticeKind(
        key=MENTIONED,
        label=_("Comments that mention me"),
        reason=_("A comment mentions you."),
        may_be_silenced=True,
        icon="at",
    ),
    NoticeKind(
        key=COMMENTED,
        label=_("Comments on what I follow"),
        reason=_("You follow this: you own it, take part in it, commented on it, or chose to."),
        may_be_silenced=True,
        icon="message",
    ),
    SearchSource(key="comments", label=_("Comments"), icon="message", search=comments_matching, order=200),
    SampleSet(key="conversation", order=50, load=sample_conversation),
    FieldWords(key="comment", label=_("Comment"), is_told=lambda value: not isinstance(value, int)),
    FieldWords(key="fingerprint", label=_("SHA-256 of its text"), is_told=lambda value: False),
    TrailVerb(action=ADDED, sentence=_("commented"), icon="message"),
    TrailVerb(action=EDITED, sentence=_("edited a comment"), icon="pencil"),
    TrailVerb(action=WITHDRAWN, sentence=_("withdrew a comment"), icon="trash"),
)
