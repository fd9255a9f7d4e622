"""How ladders are put into words."""

import pytest

from foundation.deadlines.ladders import Steps
from foundation.deadlines.wording import ladder_sentences, ladder_short


class TestWords:
    @pytest.mark.parametrize(
        ("steps", "short", "sentences"),
        [
            (Steps(on_the_day=False), "no reminders", ["No reminders."]),
            (Steps(days_before=(1,), on_the_day=False), "1 d", ["1 day before."]),
            (Steps(late_weekly=True), "on the day · weekly when late", ["On the morning of the day.", "Weekly when late."]),
            (
                Steps(days_before=(1, 14), late_daily_for=1, escalate_after=1),
                "14 d · 1 d · on the day · daily when late",
                [
                    "14 and 1 days before.",
                    "On the morning of the day.",
                    "On the first day late.",
                    "From 1 day late on, also to the manager and the CISO.",
                ],
            ),
        ],
    )  # fmt: skip
    def test_ladders(self, steps, short, sentences):
        assert ladder_short(steps) == short
        assert ladder_sentences(steps) == sentences
