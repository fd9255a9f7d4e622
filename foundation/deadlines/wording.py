"""Deadlines and ladders in words, in the language in force."""

import logging
from datetime import date
from typing import Any

from django.urls import NoReverseMatch
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.deadlines.ladders import Rung, Steps
from foundation.deadlines.recipients import ESCALATED, Claim, Why
from foundation.registry import DeadlineKind, RecordKind, registry
from foundation.ui.addresses import address_of
from foundation.ui.dates import day_words

logger = logging.getLogger(__name__)


def kind_label(kind: str) -> str:
    """Return what a kind of deadline is called; of a kind that no app registers any longer, just a date."""
    entry = registry.find(DeadlineKind, kind)
    return str(entry.label) if entry else _("A date")


def notice_facts(claim: Claim, rung: Rung) -> dict[str, Any]:
    """Return what a reminder tells everyone, as plain values. How far off the date is, the mail says when it is written."""
    due = {"due_on": claim.due_on.isoformat()} if claim.due_on else {"due_at": claim.due_at.isoformat()}
    return {
        "title": claim.title,
        "reference": claim.reference,
        "path": record_path(claim.record_kind, claim.reference),
        "deadline": claim.kind,
        "rung": rung.days,
        **due,
    }


def notice_words(kind: str, assignee_name: str, why: Why, instead_of: str = "") -> dict[str, Any]:
    """Return what a reminder tells one person: what is due, and why they are told, in the language in force.

    `instead_of` names the person for whom they stand in.
    """
    sentence = kind_label(kind)
    if why is not Why.ASSIGNED or instead_of:
        sentence = _("%(what)s (assigned to %(name)s)") % {"what": sentence, "name": assignee_name}
    return {
        "sentence": sentence,
        "reason": (
            _("You stand in for %(name)s, who is away.") % {"name": instead_of}
            if instead_of
            else _reason(why, assignee_name)
        ),
        "escalated": why in ESCALATED,
    }


def record_path(kind: str, reference: str) -> str:
    """Return the path of a record's page, without host; empty for a kind that no app registers any longer."""
    entry = registry.find(RecordKind, kind)
    if entry is None:
        return ""
    try:
        return address_of(entry.detail_url_name, reference)
    except NoReverseMatch:
        # One kind's broken address must not keep everyone's reminders back.
        logger.exception("No page for a record of kind %s", kind)
        return ""


def ladder_short(steps: Steps) -> str:
    """Return a ladder in a few words: "30 d · 7 d · 1 d · on the day · daily when late"."""
    words = [_("%(days)d d") % {"days": days} for days in sorted(steps.days_before, reverse=True)]
    if steps.on_the_day:
        words.append(_("on the day"))
    if steps.late_daily_for:
        words.append(_("daily when late"))
    elif steps.late_weekly:
        words.append(_("weekly when late"))
    return " · ".join(words) or _("no reminders")


def ladder_sentences(steps: Steps) -> list[str]:
    """Return a ladder in full: before and on the day, while late, and when others are told."""
    sentences = []
    if before := sorted(steps.days_before, reverse=True):
        days = get_text_list([str(day) for day in before], _("and"))
        sentences.append(
            ngettext("%(days)s day before.", "%(days)s days before.", before[0]) % {"days": days}
        )
    if steps.on_the_day:
        sentences.append(_("On the morning of the day."))
    if steps.late_daily_for:
        sentences.append(
            ngettext("On the first day late.", "Daily for %(count)d days when late.", steps.late_daily_for)
            % {"count": steps.late_daily_for}
        )
    if steps.late_weekly:
        sentences.append(_("Then weekly.") if steps.late_daily_for else _("Weekly when late."))
    if steps.escalate_after:
        sentences.append(
            ngettext(
                "From %(count)d day late on, also to the manager and the CISO.",
                "From %(count)d days late on, also to the manager and the CISO.",
                steps.escalate_after,
            )
            % {"count": steps.escalate_after}
        )
    return sentences or [_("No reminders.")]


def snooze_words(until: date, reason: str) -> str:
    """Return until when reminders are put off, and why."""
    return _("Snoozed until %(day)s: %(reason)s") % {
        "day": date_format(until, "DATE_FORMAT"),
        "reason": reason,
    }


def snoozed_day(kind: str, value: object) -> str | None:
    """Return the day of a snooze in words, as the trail keeps it: "2026-11-30"."""
    try:
        return day_words(date.fromisoformat(str(value)))
    except ValueError:
        return None


def rung_text(days: int) -> str:
    """Return how far from the due date a reminder lies: "7 days before", "on the day", "3 days late"."""
    if days < 0:
        return ngettext("%(count)d day before", "%(count)d days before", -days) % {"count": -days}
    if days:
        return ngettext("%(count)d day late", "%(count)d days late", days) % {"count": days}
    return _("on the day")


def _reason(why: Why, assignee_name: str) -> str:
    match why:
        case Why.ASSIGNED:
            return _("It is assigned to you.")
        case Why.TAKES_PART:
            return _("You take part in it.")
        case Why.MANAGES:
            return _("It is late, and you are the manager of %(name)s, to whom it is assigned.") % {
                "name": assignee_name
            }
        case Why.OVERSEES:
            return _("It is late, and you are the CISO for its business unit.")
        case Why.STANDS_IN:
            return _("%(name)s, to whom it is assigned, cannot be reminded.") % {"name": assignee_name}
