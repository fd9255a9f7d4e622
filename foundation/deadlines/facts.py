"""How people are reminded of a date, as a fact for the side of its record's page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.deadlines.ladders import Steps
from foundation.deadlines.models import Deadline
from foundation.deadlines.selectors import snoozed_until
from foundation.deadlines.wording import ladder_short, snooze_words

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def reminders_fact(deadline: Deadline, *, now: datetime, reader: AnyUser) -> SafeString:
    """Return when people are reminded of a date, whether that is put off, and the way to change it for who may.

    Give what `deadlines_of()` returns, which has the ladder.
    """
    until = snoozed_until(deadline, now=now)
    parts = [format_html("{}", ladder_short(Steps.of(deadline.ladder)))]
    if until:
        parts.append(
            format_html('<div class="cell-note">{}</div>', snooze_words(until, deadline.snooze_reason))
        )
    if deadline.assignee_id == reader.pk:
        page = "deadlines:deadline-wake" if until else "deadlines:deadline-snooze"
        parts.append(
            format_html(
                '<div><a href="{0}" hx-get="{0}" hx-target="#ask-content" hx-swap="innerHTML" aria-haspopup="dialog">{1}</a></div>',
                reverse(page, args=[deadline.pk]),
                _("Remind again") if until else _("Snooze"),
            )
        )
    return SafeString("".join(parts))


def snooze_notes(deadlines: Iterable[Deadline], *, now: datetime) -> dict[str, str]:
    """Return until when and why reminders are put off, by the kind of date; of dates that are reminded of, nothing."""
    put_off = ((deadline, snoozed_until(deadline, now=now)) for deadline in deadlines)
    return {
        deadline.kind: snooze_words(until, deadline.snooze_reason) for deadline, until in put_off if until
    }
