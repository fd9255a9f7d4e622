"""Exceptions for tests."""

from datetime import UTC, date, datetime
from typing import Any

from exceptions.choices import ExceptionState, RiskLevel
from exceptions.models import PolicyException
from exceptions.services import exception_create
from foundation.accounts.models import User
from foundation.approvals.choices import Verdict
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.sample import open_and_decide
from foundation.approvals.selectors import latest_request
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast
from policies.models import Document
from policies.tests.factories import published

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
START, END = date(2026, 11, 24), date(2027, 5, 31)


def exception_make(
    cast: Cast,
    *,
    actor: User | None = None,
    document: Document | None = None,
    now: datetime = NOW,
    **said: Any,
) -> PolicyException:
    """Ask for an exception from a policy that the analyst owns; the head of Payments asks, for that unit."""
    asker = actor or cast.unit_lead
    values = {
        "title": "Gates without keys",
        "unit": cast.units.payments,
        "owner": asker,
        "section": "section-rules",
        "systems": "Gates 4 and 5",
        "reason": "The locks are on their way.",
        "compensation": "A guard stands at each gate.",
        "risk": RiskLevel.MODERATE,
        "risk_words": "Somebody may slip in behind another.",
        "starts_on": START,
        "expires_on": END,
    }
    return exception_create(actor=asker, now=now, document=document or published(cast), **values | said)


def step(
    exception: PolicyException, name: str, actor: User, *, now: datetime = NOW, comment: str = ""
) -> PolicyException:
    """Take a step, and return the exception as it is then."""
    apply_transition(record=exception, name=name, actor=actor, now=now, comment=comment)
    return PolicyException.objects.get(pk=exception.pk)


def decide(
    exception: PolicyException,
    actor: User,
    verdict: Verdict = Verdict.APPROVE,
    *,
    now: datetime = NOW,
    comment: str = "",
) -> PolicyException:
    """Decide on what was submitted, and return the exception as it is then."""
    request = latest_request(exception)
    assert isinstance(request, ApprovalRequest)
    open_and_decide(request=request, actor=actor, verdict=verdict, now=now, comment=comment)
    return PolicyException.objects.get(pk=exception.pk)


def submitted(cast: Cast, **said: Any) -> PolicyException:
    """Ask for an exception and submit it."""
    exception = exception_make(cast, **said)
    return step(exception, "submit", exception.created_by, now=said.get("now", NOW))


def granted(cast: Cast, **said: Any) -> PolicyException:
    """Ask for an exception, and let the policy's owner grant it."""
    exception = submitted(cast, **said)
    return decide(exception, exception.document.owner, now=said.get("now", NOW))


MAKERS = {
    ExceptionState.DRAFT: exception_make,
    ExceptionState.IN_REVIEW: submitted,
    ExceptionState.GRANTED: granted,
}


def made_in(cast: Cast, state: str) -> PolicyException:
    """Make an exception in a state, by the ways that there are; what is over comes from `granted` or `in_review`."""
    if state in MAKERS:
        return MAKERS[ExceptionState(state)](cast)
    exception = granted(cast) if state in ("expired", "renewed", "revoked") else submitted(cast)
    if state == ExceptionState.WITHDRAWN:
        exception = exception_make(cast, document=exception.document)
    PolicyException.objects.filter(pk=exception.pk).update(state=state)
    return PolicyException.objects.get(pk=exception.pk)
