"""How often an audit recurs, in words."""

import pytest

from audits.imports.recurrence import recurrence
from foundation.records.imports import CellError


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("once", ""),
        ("Never", ""),
        ("yearly", "FREQ=YEARLY"),
        ("Annually", "FREQ=YEARLY"),
        ("every year", "FREQ=YEARLY"),
        ("every 2 years", "FREQ=YEARLY;INTERVAL=2"),
        ("every two years", "FREQ=YEARLY;INTERVAL=2"),
        ("every other year", "FREQ=YEARLY;INTERVAL=2"),
        ("Every 6 Months", "FREQ=MONTHLY;INTERVAL=6"),
        ("half-yearly", "FREQ=MONTHLY;INTERVAL=6"),
        ("quarterly", "FREQ=MONTHLY;INTERVAL=3"),
        ("every quarter", "FREQ=MONTHLY;INTERVAL=3"),
        ("every 2 quarters", "FREQ=MONTHLY;INTERVAL=6"),
        ("monthly", "FREQ=MONTHLY"),
        ("fortnightly", "FREQ=WEEKLY;INTERVAL=2"),
        ("every 3 weeks", "FREQ=WEEKLY;INTERVAL=3"),
        ("yearly until 2030-12-31", "FREQ=YEARLY;UNTIL=20301231"),
        ("every 6 months, 4 times", "FREQ=MONTHLY;INTERVAL=6;COUNT=4"),
        ("RRULE:FREQ=YEARLY;INTERVAL=1", "FREQ=YEARLY"),
        ("freq=monthly;bymonthday=1", "FREQ=MONTHLY;BYMONTHDAY=1"),
    ],
)
def test_words_that_are_understood(words, rule):
    assert recurrence(words) == rule


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("now and then", "is not understood"),
        ("every", "is not understood"),
        ("every few years", "is not understood"),
        ("every 0 years", "is not understood"),
        ("every 50 years", "at least every ten years"),
        ("yearly until 2030-02-30", "no such day"),
        ("FREQ=SOMETIMES", "can't be read"),
        ("FREQ=SECONDLY", "can't be read"),
        ("FREQ=YEARLY;COUNT=0", "between 1 and 1000"),
        ("FREQ=YEARLY;COUNT=2;UNTIL=20301231", "not both"),
    ],
)
def test_words_that_are_not(words, said):
    with pytest.raises(CellError, match=said):
        recurrence(words)
