"""What is measured of evidence packs: one of all activities there are."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection

from bench.duty_cases import activities_ready
from bench.measures import Bound, Row, rate_row
from bench.packing import PackFailed, pack_measure
from bench.scene import Case, Scene
from duties.models import ActivityListing
from foundation.accounts.models import User
from foundation.trail.services import seal_entries

# Of our own: 20,000 activities in a little more than three minutes, by a worker whose memory does not follow the evidence.
PACK = Bound(per_second=100, memory_mb=150)

ENTRIES = """
    INSERT INTO trail_entry (action, actor_id, actor_name, record_id, record_kind, record_reference, subject, before, after,
                             comment, request_id)
    SELECT 'duties.activity.' || verb, %(person)s, 'Somebody', id, 'activity', reference, title, '{}', '{"state": "done"}', '', ''
    FROM records_record CROSS JOIN unnest(ARRAY['created', 'ticked', 'complete']) AS verb
    WHERE kind = 'activity' ORDER BY id
"""


def _entries(*, person: User, now: datetime) -> None:
    """Write three entries of the trail about each activity, and seal them as beat does all along."""
    with connection.cursor() as cursor:  # with the triggers, which let them wait for their seals
        cursor.execute(ENTRIES, {"person": person.pk})
    seal_entries(now=now)


def _pack(scene: Scene) -> Iterator[Row]:
    """Let a worker make the pack of all activities; plain Python passes it."""
    activities_ready(scene)
    _entries(person=scene.people.officer, now=scene.now)
    today = scene.now.date()
    period = (today - timedelta(days=1_100), today + timedelta(days=400))
    packed = pack_measure(person=scene.people.ciso, database=scene.database, period=period, now=scene.now)
    count = ActivityListing.objects.count()
    if packed.records < count:
        raise PackFailed(f"{packed.records} of {count} activities are in it")
    yield rate_row(
        name="evidence-pack",
        n=scene.n,
        role="worker",
        done=packed.records,
        seconds=packed.seconds,
        memory_mb=packed.memory_mb,
    )


PACK_CASES = (Case("evidence-pack", PACK, _pack),)
