"""The starter plan: what each of the thirteen duties may begin with, in our own words, as data."""

from duties.starting_texts.directing import DIRECTING
from duties.starting_texts.leading import LEADING
from duties.starting_texts.shape import StarterActivity
from duties.starting_texts.watching import WATCHING

STARTER_PLAN: tuple[StarterActivity, ...] = tuple(
    sorted((*DIRECTING, *WATCHING, *LEADING), key=lambda activity: activity.duty)
)
STARTER_BY_KEY = {activity.key: activity for activity in STARTER_PLAN}

__all__ = ["STARTER_BY_KEY", "STARTER_PLAN", "StarterActivity"]
