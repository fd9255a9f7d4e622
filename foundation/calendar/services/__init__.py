"""Writes of the calendar."""

from foundation.calendar.services.feeds import MOST_FEEDS as MOST_FEEDS
from foundation.calendar.services.feeds import feed_make as feed_make
from foundation.calendar.services.feeds import feed_note_use as feed_note_use
from foundation.calendar.services.feeds import feed_renew as feed_renew
from foundation.calendar.services.feeds import feed_revoke as feed_revoke
