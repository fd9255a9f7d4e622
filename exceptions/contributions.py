"""What exceptions give to the whole."""

from django.utils.translation import gettext_lazy as _

from exceptions.approvals import EXCEPTION_APPROVAL
from exceptions.choices import FINAL
from exceptions.indicators import INDICATORS
from exceptions.lifecycle import EXCEPTION_LIFECYCLE
from exceptions.permissions import ASKER, DOCUMENT_OWNER, REQUEST
from exceptions.sample import sample_exceptions
from exceptions.search import exception_search_text
from exceptions.selectors import exceptions_counted, exceptions_to_decide_again
from exceptions.services import DECIDE_AGAIN, ENDED, EXPIRY, REDECISION, exception_give, exceptions_follow
from exceptions.tabs import exceptions_context
from foundation.registry import (
    Command,
    DeadlineKind,
    FieldWords,
    NavigationEntry,
    NoticeKind,
    OwnerChange,
    ParticipantRole,
    RecordFollowed,
    RecordKind,
    RecordTab,
    SampleSet,
    TrailVerb,
    registry,
)

VERBS = {
    "created": (_("began the exception"), "plus"),
    "changed": (_("changed what is asked for"), "pencil"),
    "submit": (_("submitted the exception for a decision"), "send"),
    "withdraw": (_("withdrew the draft"), "trash"),
    "grant": (_("granted the exception"), "circle-check"),
    "refuse": (_("refused the exception"), "ban"),
    "return": (_("returned the exception to draft"), "arrow-back-up"),
    "expire": (_("noted that the exception expired on its day"), "clock-exclamation"),
    "renew": (_("noted that the exception goes on as its renewal"), "repeat"),
    "revoke": (_("revoked the exception"), "ban"),
    "overtaken": (_("asked to decide again: the document says something else by now"), "alert-triangle"),
}

registry.register(
    RecordKind(
        key="exception",
        model="exceptions.PolicyException",
        prefix="EXC",
        label=_("Exception"),
        label_plural=_("Exceptions"),
        icon="lock-open",
        detail_url_name="exceptions:exception-detail",
        search_text=exception_search_text,
        final_states=frozenset(FINAL),
        duty="policies",
    ),
    EXCEPTION_LIFECYCLE,
    *INDICATORS,
    EXCEPTION_APPROVAL,
    ParticipantRole(key=ASKER, label=_("Asked for it")),
    ParticipantRole(key=DOCUMENT_OWNER, label=_("Answers for the document")),
    DeadlineKind(
        key=EXPIRY,
        label=_("Exception ends: renew it, or follow the policy"),
        audience=(ASKER, DOCUMENT_OWNER),
    ),
    DeadlineKind(key=REDECISION, label=_("Decide again: the document has changed"), audience=(ASKER,)),
    NoticeKind(
        key=ENDED,
        label=_("Exceptions that ended"),
        icon="clock-exclamation",
        reason=_("You own or asked for this exception, or answer for its document."),
    ),
    NoticeKind(
        key=DECIDE_AGAIN,
        label=_("Exceptions whose document has changed"),
        icon="alert-triangle",
        reason=_("You own or asked for this exception, or answer for its document."),
    ),
    OwnerChange(key="exception", give=exception_give),
    RecordFollowed(key="exceptions", kind="document", react=exceptions_follow),
    RecordTab(
        key="exceptions",
        label=_("Exceptions"),
        icon="lock-open",
        template="exceptions/tab_exceptions.html",
        context=exceptions_context,
        rows=exceptions_counted,
        order=30,
        kinds=frozenset({"document"}),
    ),
    NavigationEntry(
        key="exceptions",
        label=_("Exceptions"),
        icon="lock-open",
        url_name="exceptions:exception-list",
        group="govern",
        order=293,
        badge=exceptions_to_decide_again,
        badge_right="records.view",
    ),
    Command(
        key="exceptions.new",
        label=_("Ask for an exception"),
        icon="lock-open",
        url_name="exceptions:exception-begin",
        right=REQUEST,
        also=_("new exception waiver deviation policy request"),
        order=446,
    ),
    SampleSet(key="exceptions", order=17, load=sample_exceptions),
    *(
        TrailVerb(action=f"exceptions.exception.{name}", sentence=sentence, icon=icon)
        for name, (sentence, icon) in VERBS.items()
    ),
    TrailVerb(action="exceptions.list.exported", sentence=_("exported the list"), icon="file-export"),
    FieldWords(key="version_in_force", label=_("Version of the document")),
    FieldWords(key="section_title", label=_("Section")),
    FieldWords(key="systems", label=_("Systems")),
    FieldWords(key="compensation", label=_("Compensating controls")),
    FieldWords(key="risk_words", label=_("Risk in words")),
    FieldWords(key="expires_on", label=_("In force until")),
    FieldWords(key="replaced_on", label=_("Renewal in force from")),
    FieldWords(key="written_by", label=_("Last written by")),
)
