"""The findings on the page of their audit."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from audits.choices import GRADE_TONES, FindingState, Grade
from audits.models import Audit
from audits.permissions import can_raise_finding
from audits.selectors import findings_of
from audits.views.finding_lists import finding_badge, repeat_badge, short_grade_badge
from foundation.accounts.models import User
from foundation.ui.components import Badge, Due, Link, Listing, Person, Reference
from foundation.ui.filters import ANY
from foundation.ui.structure import Action, EmptyState

SHOWN = 200
GRAVEST_FIRST = {grade.value: place for place, grade in enumerate(Grade)}


def findings_context(audit: Audit, *, user: User, now: datetime) -> dict[str, Any]:
    """Return an audit's findings as its page shows them, the gravest first, with the counts by grade. One query."""
    listed = findings_of(audit, user).with_repeats_for(user).select_related("owner", "requirement")
    found = list(listed.order_by("pk")[: SHOWN + 1])
    rows = sorted(found[:SHOWN], key=lambda row: (GRAVEST_FIRST[row.grade], row.pk))
    standing = Counter(row.grade for row in rows if row.state != FindingState.WITHDRAWN)
    raise_url = (
        reverse("audits:finding-create", args=[audit.reference]) if can_raise_finding(user, audit) else ""
    )
    cells = [_cells(row, now) for row in rows]
    return {
        "finding_columns": [label for label, _cell in cells[0]] if cells else [],
        "findings": cells,
        "grades": [
            (Badge(grade.label, GRADE_TONES[grade.value]), standing[grade.value])
            for grade in Grade
            if standing[grade.value]
        ],
        "has_more": len(found) > SHOWN,
        "all_url": f"{reverse('audits:finding-list')}?audit={audit.reference}&state={ANY}",
        "raise_url": raise_url,
        "no_findings": EmptyState(
            _("No findings yet"),
            _("What the audit finds to fall short stands here, with what is answered and done about it."),
            "flag",
            [Action(_("Raise a finding"), raise_url, icon="plus", primary=True)] if raise_url else [],
        ),
    }


def _cells(row: Any, now: datetime) -> list[tuple[str, Any]]:
    """Return what the page shows of a finding, each value with its label."""
    link = Link(row.title, row.get_absolute_url())
    return [
        (_("Reference"), Reference(row.reference, row.get_absolute_url())),
        (_("Finding"), Listing((link, repeat_badge()), " ") if row.repeats else link),
        (_("Grade"), short_grade_badge(row.grade)),
        (_("State"), finding_badge(row.state)),
        (_("Requirement"), row.requirement.identifier if row.requirement else ""),
        (_("Owner"), Person(row.owner.full_name)),
        (_("Answer due"), Due(row.due_on, now) if row.due_on else ""),
    ]
