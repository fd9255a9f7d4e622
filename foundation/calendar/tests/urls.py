"""Who meets what behind the addresses of the calendar."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from audits.tests.factories import audit_make
from foundation.calendar.models import CalendarFeed
from foundation.calendar.services import feed_make
from foundation.deadlines.models import Deadline
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone, only

# The audit is of payments; moving its date takes the right to plan it.
MOVERS = answers(otherwise=404, ciso=200, analyst=200, auditor=403, unit_lead=403)
OWNER = only("analyst", otherwise=404)
ASKS_WHO = only("analyst", answer=302, otherwise=404)  # leads to the password


def token_of_analyst(cast: Cast) -> str:
    return feed_make(user=cast.analyst, name="Phone", covers="mine", now=timezone.now())


def own_feed(cast: Cast) -> Sequence[Any]:
    token_of_analyst(cast)
    return [CalendarFeed.objects.get(user=cast.analyst).pk]


def date_of_audit(cast: Cast) -> Sequence[Any]:
    return [Deadline.objects.get(record_id=audit_make(cast).pk, kind="audits.start").pk]


ROWS = [
    UrlRow(name="calendar:calendar", get=everyone()),
    UrlRow(
        name="calendar:date-move",
        args=date_of_audit,
        get=MOVERS,
        post={part: 422 if answer == 200 else answer for part, answer in MOVERS.items()},
    ),
    UrlRow(name="calendar:feed-list", get=everyone()),
    UrlRow(name="calendar:feed-create", get=everyone(), post=everyone(422)),
    UrlRow(name="calendar:feed-renew", args=own_feed, get=OWNER, post=ASKS_WHO),
    UrlRow(
        name="calendar:feed-revoke", args=own_feed, get=OWNER, post=only("analyst", answer=302, otherwise=404)
    ),
    # Whoever knows the token is who it is for, signed in or not.
    UrlRow(
        name="calendar:feed-read",
        args=lambda cast: [token_of_analyst(cast)],
        get=everyone(anonymous=200),
    ),
]
