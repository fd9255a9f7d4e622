"""A record's dates as facts for the side of its page."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from foundation.deadlines.ladders import Steps
from foundation.deadlines.models import Deadline
from foundation.deadlines.wording import kind_label, ladder_short
from foundation.ui.components import Due, Noted
from foundation.ui.structure import Fact


def deadline_facts(deadlines: Iterable[Deadline], *, now: datetime) -> list[Fact]:
    """Return each date with how far off it is and who must see to it, and how people are reminded of them.

    Give what `deadlines_of()` returns, which has assignees and ladders.
    """
    rows = list(deadlines)
    facts = [
        Fact(kind_label(row.kind), Noted(Due(row.due_on or row.due_at, now), row.assignee.full_name))
        for row in rows
    ]
    ladders = list(dict.fromkeys(ladder_short(Steps.of(row.ladder)) for row in rows))
    if ladders:
        facts.append(Fact(_("Reminders"), "; ".join(ladders)))
    return facts
