"""Activities of duties: as many as there are audits, 20,000 at the most. Made by SQL in bulk, as all data here."""

from datetime import datetime

from bench.bulk import bulk_write
from foundation.accounts.models import User

MOST = 20_000  # of thirteen duties over thirty years

# In the units of audits. Of every tenth that is open the day is over; most are done.
ACTIVITIES = """
    WITH made AS (
        INSERT INTO records_record (kind, reference, title, confidentiality, state, version, created_at, updated_at,
                                    created_by_id, owner_id, unit_id)
        SELECT 'activity', 'DUT-' || lpad(id::text, greatest(4, length(id::text)), '0'), 'Look at ' || title, confidentiality,
               (ARRAY['planned', 'in_progress', 'done', 'done', 'done', 'done', 'done', 'skipped'])[1 + id %% 8], 1, %(now)s, %(now)s,
               %(person)s, (%(people)s::bigint[])[1 + (id * 43) %% cardinality(%(people)s::bigint[])], unit_id
        FROM records_record WHERE kind = 'audit' ORDER BY id LIMIT %(most)s
        RETURNING id, state, owner_id
    )
    INSERT INTO duties_activity (record_ptr_id, duty, task, evidence_wanted, needs_sign_off, due_on, outcome, writers, done_on,
                                 done_by_id, skipped_on, skip_reason)
    SELECT id, 1 + id %% 13, 'Ask the units, and read what they **answer**.', 'The answers', id %% 4 = 0, day,
           CASE WHEN state = 'done' THEN 'All is as it should be, but for the door of the **second** room.' ELSE '' END, '{}',
           CASE WHEN state = 'done' THEN day END, CASE WHEN state = 'done' THEN owner_id END,
           CASE WHEN state = 'skipped' THEN day END, CASE WHEN state = 'skipped' THEN 'Nobody had the time' ELSE '' END
    FROM (
        SELECT *, %(now)s::date + (CASE WHEN state IN ('done', 'skipped') THEN -1 - id %% 1000
            WHEN id %% 10 = 0 THEN -7 ELSE id %% 300 END)::int AS day FROM made
    ) AS dated
"""

# Four items of each; of what is done all are ticked, of the rest every other one.
ITEMS = """
    INSERT INTO duties_checklistitem (activity_id, position, text, is_required, ticked_by_id, ticked_at)
    SELECT record.id, place, 'Ask unit number ' || place, place < 4,
           CASE WHEN record.state = 'done' OR place %% 2 = 0 THEN record.owner_id END,
           CASE WHEN record.state = 'done' OR place %% 2 = 0 THEN %(now)s::timestamptz END
    FROM records_record AS record CROSS JOIN generate_series(1, 4) AS place WHERE record.kind = 'activity'
"""

# Some of what is planned recurs, every month up to every half a year; the next occurrences have no record yet.
RECURRING = 260  # twenty of each duty
SERIES = """
    WITH latest AS (
        SELECT record_ptr_id, due_on, 1 + record_ptr_id %% 6 AS months, row_number() OVER (ORDER BY record_ptr_id) AS place
        FROM duties_activity JOIN records_record ON id = record_ptr_id WHERE state = 'planned' ORDER BY record_ptr_id LIMIT %(recurring)s
    ), made AS (
        INSERT INTO duties_activityseries (rrule, starts_on, last_on, next_on, recurs_since, starter, title, duty, task, evidence_wanted,
                                           needs_sign_off, checklist, unit_id, owner_id, confidentiality)
        SELECT 'FREQ=MONTHLY;INTERVAL=' || months, latest.due_on, latest.due_on, latest.due_on + make_interval(months => months::int),
               %(now)s, '', title, duty, task, evidence_wanted, needs_sign_off, '[]', unit_id, owner_id, confidentiality
        FROM latest JOIN duties_activity AS activity USING (record_ptr_id) JOIN records_record ON id = record_ptr_id
        ORDER BY place RETURNING id
    ), numbered AS (
        SELECT id, row_number() OVER (ORDER BY id) AS place FROM made
    )
    UPDATE duties_activity SET series_id = numbered.id, occurrence_on = latest.due_on
    FROM latest JOIN numbered USING (place) WHERE duties_activity.record_ptr_id = latest.record_ptr_id
"""

DEADLINES = """
    INSERT INTO deadlines_deadline (record_id, kind, key, due_on, due_at, assignee_id, ladder_id, created_at, snooze_reason,
                                    closed_at, was_dropped)
    SELECT id, 'duties.activity', '', due_on, due_on + 1, owner_id, (SELECT id FROM deadlines_ladder WHERE key = 'standard'),
           %(now)s, '', CASE WHEN state IN ('done', 'skipped') THEN due_on END, state = 'skipped'
    FROM duties_activity JOIN records_record ON id = record_ptr_id
"""

DATES_LISTED = """
    INSERT INTO calendar_calendardate (deadline_id, record_id, kind, root_kind, duty, due_on, due_at, outcome,
                                       confidentiality, unit_id, owner_id, assignee_id)
    SELECT date.id, record.id, 'activity', 'activity', activity.duty, date.due_on, date.due_at,
           CASE WHEN date.closed_at IS NULL THEN 0 WHEN date.was_dropped THEN 2 ELSE 1 END,
           confidentiality, unit_id, owner_id, assignee_id
    FROM deadlines_deadline AS date JOIN records_record AS record ON record.id = date.record_id
    JOIN duties_activity AS activity ON activity.record_ptr_id = record.id
"""


def activities_make(*, person: User, now: datetime) -> None:
    """Write as many activities as there are audits, or MOST, with a checklist each."""
    people = list(User.objects.order_by("pk").values_list("pk", flat=True))
    bulk_write(
        (
            ACTIVITIES,
            ITEMS,
            SERIES,
            "SELECT duties_activitylisting_write(record_ptr_id) FROM duties_activity",
        ),
        {"person": person.pk, "people": people, "now": now, "most": MOST, "recurring": RECURRING},
        "records_record",
        "duties_activity",
        "duties_checklistitem",
        "duties_activitylisting",
    )
    bulk_write((DEADLINES, DATES_LISTED), {"now": now}, "deadlines_deadline", "calendar_calendardate")
