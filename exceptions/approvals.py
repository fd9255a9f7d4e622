"""How an exception is granted: by who answers for the document, and with a grave risk by the CISO, too; never by who asks."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from exceptions.choices import GRAVE
from exceptions.models import PolicyException
from exceptions.permissions import DECIDE, DOCUMENT_OWNER
from foundation.accounts.models import User
from foundation.approvals.choices import RequestState
from foundation.approvals.kinds import ApprovalKind, Outcome, StepPlan
from foundation.lifecycle.services import apply_transition
from foundation.ui.dates import day_words

DECISION_DAYS = 14
STEPS = {RequestState.APPROVED: "grant", RequestState.REJECTED: "refuse"}


def exception_content(exception: PolicyException) -> dict[str, Any]:
    """Return what is granted, as plain values; its digest is what an approval binds to.

    In one language, whoever asks and whoever decides. Who owns it is no part of it: that may change meanwhile.
    """
    document = exception.document
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "reference": exception.reference,
            "title": exception.title,
            "document": f"{document.reference} {exception.version_in_force.title} {exception.version_in_force.label}",
            **({"section": exception.section_title} if exception.section else {}),
            "unit": exception.unit.name,
            **({"systems": exception.systems} if exception.systems else {}),
            "reason": exception.reason,
            "compensation": exception.compensation,
            "risk": str(exception.get_risk_display()),
            "risk_words": exception.risk_words,
            "starts_on": exception.starts_on.isoformat(),
            "expires_on": exception.expires_on.isoformat(),
            **({"renews": exception.renews.reference} if exception.renews else {}),
        }


def exception_authors(exception: PolicyException) -> list[int]:
    """Return who made what is to be granted: who asked, all who wrote on it, and who is to own it."""
    return [exception.created_by_id, *exception.writers, exception.written_by_id, exception.owner_id]


def exception_steps(exception: PolicyException | None) -> tuple[StepPlan, ...]:
    """Return who decides: the document's owner by then, with a grave risk the CISO, too; the CISO alone where the owner has a side."""
    if exception is None:
        label = lazy("Decision by the document’s owner, and with a high or critical risk by the CISO")
        return (StepPlan(label=label, right=DECIDE),)
    owner = exception.document.owner
    by_ciso = StepPlan(label=lazy("Decision by the CISO"), right=DECIDE)
    if not owner.is_active or owner.pk in exception_authors(exception):
        return (by_ciso,)
    by_owner = StepPlan(label=lazy("Decision by the document’s owner"), parts=(DOCUMENT_OWNER,))
    return (by_owner, by_ciso) if exception.risk in GRAVE else (by_owner,)


def owner_refusal(exception: PolicyException, user: User) -> str | None:
    """Return why a person may not decide: nobody decides on what they own, also where they came to own it while it waited."""
    return _("You own it, so somebody else must decide it.") if user.pk == exception.owner_id else None


def over_refusal(exception: PolicyException, today: date) -> str | None:
    """Return why an exception can't be granted any more: its last day is over."""
    if exception.expires_on >= today:
        return None
    return _(
        "Its last day, %(day)s, is over: nothing is left to grant. Request changes, so that it is asked for until a later day; or reject it."
    ) % {"day": day_words(exception.expires_on)}


def decided_by(exception: PolicyException, today: date) -> date:
    """Return the day by which a decision is due: in two weeks, or before it is to hold."""
    due = today + timedelta(days=DECISION_DAYS)
    return max(today, min(due, exception.starts_on))


def exception_settle(outcome: Outcome) -> None:
    """Let the exception follow the decision: granted, refused, or back to the draft."""
    apply_transition(
        record=outcome.record,
        name=STEPS.get(RequestState(outcome.state), "return"),
        actor=outcome.actor,
        now=outcome.now,
        comment=outcome.comment,
        by_approval=True,
    )


EXCEPTION_APPROVAL = ApprovalKind(
    key="exception",
    content=exception_content,
    labels={
        "reference": lazy("Reference"),
        "title": lazy("Title"),
        "document": lazy("Document"),
        "section": lazy("Section"),
        "unit": lazy("Business unit"),
        "systems": lazy("Systems"),
        "reason": lazy("Why"),
        "compensation": lazy("Compensating controls"),
        "risk": lazy("Risk"),
        "risk_words": lazy("Risk in words"),
        "starts_on": lazy("In force from"),
        "expires_on": lazy("In force until"),
        "renews": lazy("Renews"),
    },
    steps=exception_steps,
    decide_by=decided_by,
    refusal=owner_refusal,
    too_late=over_refusal,
    authors=exception_authors,
    settle=exception_settle,
    related=("unit", "document__owner", "version_in_force", "renews"),
)
