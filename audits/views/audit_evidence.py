"""The requests for evidence on the page of their audit."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from audits.choices import EvidenceState
from audits.models import Audit, EvidenceListing
from audits.permissions import can_ask_for_evidence
from audits.selectors import evidence_of
from audits.views.evidence_lists import evidence_badge
from foundation.accounts.models import User
from foundation.ui.components import Due, Link, Person, Reference
from foundation.ui.filters import ANY
from foundation.ui.structure import Action, EmptyState

SHOWN = 200
# What waits for somebody stands first.
ORDER = {
    state: place
    for place, state in enumerate(
        (
            EvidenceState.ANSWERED,
            EvidenceState.RETURNED,
            EvidenceState.PENDING,
            EvidenceState.ACCEPTED,
            EvidenceState.WITHDRAWN,
        )
    )
}


def evidence_context(audit: Audit, *, user: User, now: datetime) -> dict[str, Any]:
    """Return an audit's requests as its page shows them, with the counts by state. One query.

    Who is asked sees the own ones alone, and they alone are counted.
    """
    found = list(evidence_of(audit, user).select_related("owner").order_by("pk")[: SHOWN + 1])
    rows = sorted(
        found[:SHOWN], key=lambda row: (ORDER[EvidenceState(row.state)], row.due_on or now.date(), row.pk)
    )
    counted = Counter(row.state for row in rows)
    ask_url = (
        reverse("audits:evidence-ask", args=[audit.reference]) if can_ask_for_evidence(user, audit) else ""
    )
    cells = [_cells(row, now=now) for row in rows]
    return {
        "evidence_columns": [label for label, _cell in cells[0]] if cells else [],
        "evidence": cells,
        "states": [(evidence_badge(state), counted[state]) for state in ORDER if counted[state]],
        "has_more": len(found) > SHOWN,
        "all_url": f"{reverse('audits:evidence-list')}?audit={audit.reference}&state={ANY}",
        "ask_url": ask_url,
        "no_evidence": EmptyState(
            _("Nothing is asked for"),
            _("What auditors need to see stands here, with who is asked, until when, and what was answered."),
            "report-search",
            [Action(_("Ask for evidence"), ask_url, icon="plus", primary=True)] if ask_url else [],
        ),
    }


def _cells(row: EvidenceListing, *, now: datetime) -> list[tuple[str, Any]]:
    """Return what the page shows of a request, each value with its label."""
    return [
        (_("Reference"), Reference(row.reference, row.get_absolute_url())),
        (_("What is needed"), Link(row.title, row.get_absolute_url())),
        (_("State"), evidence_badge(row.state)),
        (_("Who is asked"), Person(row.owner.full_name)),
        (_("Due"), Due(row.due_on, now) if row.due_on else ""),
    ]
