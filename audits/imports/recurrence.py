"""How often an audit recurs, in words or as an RRULE (RFC 5545 §3.3.10)."""

import re
from datetime import date

from django.utils.translation import gettext as _

from foundation.deadlines.rules import RecurrenceError, rule_read
from foundation.records.imports import CellError, cells
from foundation.records.imports.tables import Cell

ONCE = {"once", "never", "none", "no", "-", "–", "one-off", "one off", "not"}
WORDS = {
    "weekly": ("WEEKLY", 1),
    "biweekly": ("WEEKLY", 2),
    "fortnightly": ("WEEKLY", 2),
    "monthly": ("MONTHLY", 1),
    "bimonthly": ("MONTHLY", 2),
    "quarterly": ("MONTHLY", 3),
    "half-yearly": ("MONTHLY", 6),
    "half yearly": ("MONTHLY", 6),
    "semi-annually": ("MONTHLY", 6),
    "semiannually": ("MONTHLY", 6),
    "semi-annual": ("MONTHLY", 6),
    "twice a year": ("MONTHLY", 6),
    "yearly": ("YEARLY", 1),
    "annually": ("YEARLY", 1),
    "annual": ("YEARLY", 1),
    "biennially": ("YEARLY", 2),
    "biennial": ("YEARLY", 2),
    "triennially": ("YEARLY", 3),
    "triennial": ("YEARLY", 3),
}
UNITS = {"week": "WEEKLY", "month": "MONTHLY", "quarter": "QUARTERLY", "year": "YEARLY"}
NUMBERS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
} | {"other": 2, "second": 2, "third": 3, "fourth": 4}
EVERY = re.compile(r"every(?: (\d{1,3}|[a-z]+))? (week|month|quarter|year)s?")
END = re.compile(r"(?P<rule>.+?),? (?:until (?P<until>.+)|(?:for )?(?P<count>\d{1,3}) times)")
LONGEST = {"WEEKLY": 520, "MONTHLY": 120, "YEARLY": 10}


def recurrence(cell: Cell) -> str:
    """Return the RRULE that a cell asks for, in one spelling; empty for an audit that takes place once."""
    value = cells.text(cell, most=300)
    words = value.casefold()
    if words in ONCE:
        return ""
    if "freq=" in words:
        return _rule(value)
    ending = ""
    if match := END.fullmatch(words):
        words = match["rule"]
        ending = _until(match["until"]) if match["until"] else f";COUNT={int(match['count'])}"
    frequency, interval = _words(words, value)
    if frequency == "QUARTERLY":
        frequency, interval = "MONTHLY", interval * 3
    if not 1 <= interval <= LONGEST[frequency]:
        raise CellError(_("“%(value)s”: an audit recurs at least every ten years.") % {"value": value})
    return _rule(f"FREQ={frequency};INTERVAL={interval}{ending}")


def _rule(rrule: str) -> str:
    try:
        return str(rule_read(rrule))
    except RecurrenceError as error:
        raise CellError(str(error)) from error


def _words(words: str, value: str) -> tuple[str, int]:
    if words in WORDS:
        return WORDS[words]
    if match := EVERY.fullmatch(words):
        number = match[1] or "1"
        interval = int(number) if number.isdigit() else NUMBERS.get(number, 0)
        if interval:
            return UNITS[match[2]], interval
    raise CellError(
        _(
            "“%(value)s” is not understood. Write for instance: yearly, quarterly, every 6 months, every 2 years."
        )
        % {"value": value}
    )


def _until(written: str) -> str:
    until: date = cells.day(written)
    return f";UNTIL={until:%Y%m%d}"
