"""How a year's audit programme is approved: by somebody who did not draft it, on exactly what it says and plans."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.models import Programme
from foundation.accounts.models import User
from foundation.approvals.choices import RequestState
from foundation.approvals.kinds import ApprovalKind, Outcome, StepPlan
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality

DECISION_DAYS = 14


def programme_content(programme: Programme) -> dict[str, Any]:
    """Return what is approved: what the programme says, and the audits that it plans.

    Restricted audits are left out: whoever sees the programme sees this, and may not even know of them.
    """
    open_to_readers = programme.audits.filter(confidentiality=Confidentiality.INTERNAL)
    audits = open_to_readers.select_related("unit").order_by("starts_on", "reference")
    # In one language, whoever asks and whoever decides: the digest binds to the words.
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "title": programme.title,
            "year": programme.year,
            "unit": programme.unit.name,
            "owner": programme.owner.full_name,
            "objectives": programme.objectives,
            "audits": [
                f"{audit.reference} {audit.title} – {audit.get_type_display()}, {audit.unit.name}, {audit.starts_on:%Y-%m-%d}"
                for audit in audits
            ],
        }


def drafter_refusal(programme: Programme, user: User) -> str | None:
    """Return why a person may not decide on the programme: nobody approves the own draft."""
    if user.pk in (programme.created_by_id, programme.drafted_by_id):
        return _("You drafted this programme, so somebody else must decide it.")
    return None


def programme_settle(outcome: Outcome) -> None:
    """Let the programme follow its approval: approved, or back to draft."""
    apply_transition(
        record=outcome.record,
        name="approve" if outcome.state == RequestState.APPROVED else "return",
        actor=outcome.actor,
        now=outcome.now,
        comment=outcome.comment,
        by_approval=True,
    )


PROGRAMME_APPROVAL = ApprovalKind(
    key="programme",
    content=programme_content,
    labels={
        "title": lazy("Title"),
        "year": lazy("Year"),
        "unit": lazy("Business unit"),
        "owner": lazy("Owner"),
        "objectives": lazy("Objectives"),
        "audits": lazy("Audits"),
    },
    steps=lambda programme: (StepPlan(label=_("Approval by the CISO"), right="programmes.approve"),),
    decide_by=lambda programme, today: today + timedelta(days=DECISION_DAYS),
    refusal=drafter_refusal,
    authors=lambda programme: (programme.created_by_id, programme.drafted_by_id),
    settle=programme_settle,
)
