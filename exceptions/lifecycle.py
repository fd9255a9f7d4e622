"""The transitions of exceptions, as data, with what stands against them and what follows."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from exceptions.choices import STATE_TONES, ExceptionState
from exceptions.models import PolicyException
from exceptions.permissions import ASKER, DECIDE, DOCUMENT_OWNER
from exceptions.selectors import exceptions_standing
from exceptions.services import exception_granted, exception_over, exception_revoked
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.approvals.services import approval_request
from foundation.lifecycle.services import TransitionRefused
from foundation.lifecycle.tables import Lifecycle, Moment, Transition
from foundation.records.models import Record


def stale_refusal(record: Record, actor: User) -> str | None:
    """Return why an exception can't be submitted: its document says something else than when it was written."""
    assert isinstance(record, PolicyException)
    document = record.document
    if document.is_retired:
        return _("%(reference)s is retired, so there is nothing to be excepted from.") % {
            "reference": document.reference
        }
    if document.current_id != record.version_in_force_id:
        return _(
            "%(reference)s has a new version by now. Open the form, look at whether it still fits, and save it."
        ) % {"reference": document.reference}
    return None


def submitted(moment: Moment) -> None:
    """Ask for the decision on the exception as it stands; none that would be over by then."""
    if moment.record.expires_on <= organisation_day(moment.now):
        raise TransitionRefused(
            _("It would be over before anybody decides. Change until when it is to hold.")
        )
    approval_request(record=moment.record, actor=moment.actor, now=moment.now)


def granted(moment: Moment) -> None:
    """Keep what was granted, and remind of its end; nothing is granted that is over."""
    if moment.record.expires_on < organisation_day(moment.now):
        raise TransitionRefused(_("Its last day is over: nothing is left to grant."))
    exception_granted(exception=moment.record, now=moment.now)


def over(moment: Moment) -> None:
    """Tell that it ended."""
    exception_over(exception=moment.record, now=moment.now)


def revoked(moment: Moment) -> None:
    """End it before its day, unless that is over already."""
    exception = moment.record
    written = PolicyException(
        state=moment.source, expires_on=exception.expires_on, replaced_on=exception.replaced_on
    )
    if written.state_on(organisation_day(moment.now)) != ExceptionState.GRANTED:
        raise TransitionRefused(_("It is over already."))
    exception_revoked(exception=exception, actor=moment.actor, now=moment.now, why=moment.comment)


PATH = (ExceptionState.DRAFT, ExceptionState.IN_REVIEW, ExceptionState.GRANTED, ExceptionState.EXPIRED)

EXCEPTION_LIFECYCLE = Lifecycle(
    key="exception",
    states=ExceptionState,
    initial=ExceptionState.DRAFT,
    path=PATH,
    tones=STATE_TONES,
    stands=exceptions_standing,
    transitions=(
        Transition(
            name="submit",
            label=lazy("Submit for a decision"),
            sources=(ExceptionState.DRAFT,),
            target=ExceptionState.IN_REVIEW,
            right="",
            owner_may=True,
            parts_may=(ASKER,),
            icon="send",
            confirm=lazy(
                "Whoever answers for the document decides; with a high or critical risk the CISO, too. Nobody who asked decides."
            ),
            refusal=stale_refusal,
            consequence=submitted,
        ),
        Transition(
            name="withdraw",
            label=lazy("Withdraw the draft"),
            sources=(ExceptionState.DRAFT,),
            target=ExceptionState.WITHDRAWN,
            right="",
            owner_may=True,
            parts_may=(ASKER,),
            needs_comment=True,
            comment_label=lazy("Why is it not needed?"),
            tone="secondary",
            icon="trash",
        ),
        Transition(
            name="grant",
            label=lazy("Grant"),
            sources=(ExceptionState.IN_REVIEW,),
            target=ExceptionState.GRANTED,
            right=DECIDE,
            icon="circle-check",
            by_approval=True,
            consequence=granted,
        ),
        Transition(
            name="refuse",
            label=lazy("Refuse"),
            sources=(ExceptionState.IN_REVIEW,),
            target=ExceptionState.REFUSED,
            right=DECIDE,
            icon="ban",
            by_approval=True,
        ),
        Transition(
            name="return",
            label=lazy("Back to draft"),
            sources=(ExceptionState.IN_REVIEW,),
            target=ExceptionState.DRAFT,
            right=DECIDE,
            icon="arrow-back-up",
            by_approval=True,
        ),
        # The days that these two go by stood in what was decided, so nobody decides anew.
        Transition(
            name="expire",
            label=lazy("Expire"),
            sources=(ExceptionState.GRANTED,),
            target=ExceptionState.EXPIRED,
            right=DECIDE,
            icon="clock-exclamation",
            by_approval=True,
            consequence=over,
        ),
        Transition(
            name="renew",
            label=lazy("Go on as its renewal"),
            sources=(ExceptionState.GRANTED,),
            target=ExceptionState.RENEWED,
            right=DECIDE,
            icon="repeat",
            by_approval=True,
            consequence=over,
        ),
        Transition(
            name="revoke",
            label=lazy("Revoke"),
            sources=(ExceptionState.GRANTED,),
            target=ExceptionState.REVOKED,
            right=DECIDE,
            owner_may=True,
            parts_may=(DOCUMENT_OWNER,),
            needs_comment=True,
            comment_label=lazy("Why does it hold no more?"),
            tone="danger",
            icon="ban",
            consequence=revoked,
        ),
    ),
)
