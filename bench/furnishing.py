"""What people add to records and lists: comments, files, links, notices, saved views. Made by SQL in bulk, as all data here.

Every audit gets a little, and those that are asked for a lot, so that a page is measured full in a database that is.
"""

from collections.abc import Sequence
from datetime import datetime

from bench.bulk import bulk_write
from foundation.accounts.models import User
from foundation.lists.choices import Sharing
from foundation.lists.models import SavedView
from foundation.notifications.choices import NoticeState

COMMENTS, FILES, LINKS, NOTICES = 20, 8, 10, 200
OWN_VIEWS, SHARED_VIEWS = 10, 20

COMMENTED = """
    INSERT INTO conversation_comment (record_id, author_id, text, key, created_at, words, revision, withdrawn_because)
    SELECT id, %(person)s, text, gen_random_uuid(), %(now)s::timestamptz - g * interval '1 hour',
           to_tsvector('simple', text), 1, ''
    FROM records_record, generate_series(1, CASE WHEN id = ANY(%(full)s::bigint[]) THEN %(comments)s ELSE 1 END) g,
         LATERAL (SELECT 'The evidence of part ' || g || ' is complete, but for the **list of accounts**; see ' || reference
                         AS text) said
    WHERE kind = 'audit'
"""

FILED = """
    WITH made AS (
        INSERT INTO files_file (
            key, record_id, description, kept_from, latest, added_by_id, added_at, withdrawal_reason
        )
        SELECT gen_random_uuid(), id, 'Evidence ' || g, '', 1, %(person)s, %(now)s, ''
        FROM records_record, generate_series(1, CASE WHEN id = ANY(%(full)s::bigint[]) THEN %(files)s ELSE 1 END) g
        WHERE kind = 'audit'
        RETURNING id
    )
    INSERT INTO files_fileversion (file_id, number, name, content_type, size, sha256, storage_key, pages, scan, virus, note,
                                   uploaded_by_id, uploaded_at, words)
    SELECT id, 1, 'evidence-' || id || '.pdf', 'application/pdf', 48213, repeat('0', 64), md5('stored ' || id), 2, 'none', '',
           '', %(person)s, %(now)s, to_tsvector('simple', 'evidence ' || id)
    FROM made
"""

LINKED = """
    INSERT INTO links_link (source_id, target_id, relation, created_by_id, created_at)
    SELECT id, 1 + (id + g * 37) %% %(n)s, %(relation)s, %(person)s, %(now)s
    FROM records_record, generate_series(1, CASE WHEN id = ANY(%(full)s::bigint[]) THEN %(links)s ELSE 1 END) g
    WHERE kind = 'audit' AND id <> 1 + (id + g * 37) %% %(n)s
    ON CONFLICT DO NOTHING
"""

# One for each audit to somebody, and many to the one person who looks.
NOTICED = """
    INSERT INTO notifications_notice (recipient_id, kind, record_id, dedupe_key, thread, payload, state, reason, detail,
                                      send_after, created_at, read_at)
    SELECT recipient, 'deadlines.reminder', id, 'bench.' || recipient || '.' || id, '',
           jsonb_build_object('title', title, 'reference', reference, 'sentence', 'Fieldwork starts.'), %(state)s, '', '',
           %(now)s, %(now)s, CASE WHEN id %% 3 > 0 THEN %(now)s::timestamptz END
    FROM (
        SELECT id, title, reference, (%(people)s::bigint[])[1 + id %% cardinality(%(people)s::bigint[])] AS recipient
        FROM records_record WHERE kind = 'audit'
        UNION ALL
        (SELECT id, title, reference, %(reader)s FROM records_record
         WHERE kind = 'audit' AND unit_id = %(unit)s ORDER BY id LIMIT %(notices)s)
    ) told
"""

# One that follows from each audit, as `action_create()` makes it. Every other of a unit is settled, so that pages are full; of
# the others, an eighth waits to be verified, and an eighth for a look at its effect.
ACTED = """
    WITH made AS (
        INSERT INTO records_record (kind, reference, title, confidentiality, state, version, created_at, updated_at,
                                    created_by_id, owner_id, unit_id)
        SELECT 'action', 'ACT-' || lpad(id::text, greatest(4, length(id::text)), '0'), 'Mend what was found in ' || title,
               confidentiality,
               CASE WHEN id / 20 %% 2 = 1 THEN 'done' WHEN id / 40 %% 8 = 0 THEN 'to_verify'
                   WHEN id / 40 %% 8 = 1 THEN 'verified' ELSE 'open' END,
               1, %(now)s, %(now)s, %(person)s,
               (%(people)s::bigint[])[1 + (id * 37) %% cardinality(%(people)s::bigint[])], unit_id
        FROM records_record WHERE kind = 'audit'
        RETURNING id, reference, state, owner_id
    )
    INSERT INTO actions_action (record_ptr_id, source_id, nature, description, outcome, due_on, done_at, done_by_id,
                                verifier_id, verification_due_on, verification, verified_at, verified_by_id,
                                effectiveness_days, effectiveness_due_on, effect, open_because, times_reopened)
    SELECT id, number, CASE WHEN judged THEN 'corrective' ELSE 'task' END, '', '', day,
           CASE WHEN state <> 'open' THEN %(now)s::timestamptz END, CASE WHEN judged THEN owner_id END,
           CASE WHEN judged THEN other END, CASE WHEN judged THEN day END, '',
           CASE WHEN state = 'verified' THEN %(now)s::timestamptz END, CASE WHEN state = 'verified' THEN other END,
           90, CASE WHEN state = 'verified' THEN day END, '', '', 0
    FROM made,
         LATERAL (SELECT substr(reference, 5)::bigint AS number, state IN ('to_verify', 'verified') AS judged) of,
         LATERAL (SELECT %(now)s::date - 1000 + (number * 7919 %% 2000)::int AS day) due,
         LATERAL (SELECT CASE WHEN lead_auditor_id <> owner_id THEN lead_auditor_id WHEN owner_id <> %(person)s THEN %(person)s
                      ELSE (%(people)s::bigint[])[1] END AS other FROM audits_audit WHERE record_ptr_id = number) judge
"""

ACTIONS_LISTED = """
    INSERT INTO actions_actionlisting (action_id, source_id, from_kind, root_kind, reference, title, needle, state,
                                       is_settled, nature, confidentiality, is_archived, unit_id, owner_id, verifier_id,
                                       due_on, done_at)
    SELECT id, source_id, 'audit', 'audit', reference, title, lower(title || ' ' || reference), state, state = 'done',
           nature, confidentiality, false, unit_id, owner_id, verifier_id, due_on, done_at
    FROM actions_action JOIN records_record ON id = record_ptr_id
"""

# Of those who take part in the source, its lead auditor: one is enough to read by.
CONCERNED = """
    INSERT INTO records_participant (record_id, role, user_id, created_at)
    SELECT action.record_ptr_id, 'actions.concerned', part.user_id, %(now)s
    FROM actions_action AS action JOIN records_participant AS part ON part.record_id = action.source_id
    WHERE part.role = 'audits.lead'
"""

AWAITED = """
    INSERT INTO deadlines_deadline (record_id, kind, key, due_on, due_at, assignee_id, ladder_id, created_at, snooze_reason,
                                    closed_at)
    SELECT id, awaited.kind, '', due_on, due_on + 1, CASE WHEN state IN ('to_verify', 'verified') THEN verifier_id ELSE owner_id END,
           (SELECT id FROM deadlines_ladder WHERE key = 'standard'), %(now)s, '', CASE WHEN state = 'done' THEN done_at END
    FROM actions_action JOIN records_record ON id = record_ptr_id,
         LATERAL (SELECT CASE state WHEN 'to_verify' THEN 'actions.verification' WHEN 'verified' THEN 'actions.effectiveness'
                      ELSE 'actions.due' END AS kind) awaited
"""

DATES_LISTED = """
    INSERT INTO calendar_calendardate (deadline_id, record_id, kind, root_kind, due_on, due_at, outcome,
                                       confidentiality, unit_id, owner_id, assignee_id)
    SELECT date.id, record.id, record.kind, 'audit', due_on, due_at, CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END,
           confidentiality, unit_id, owner_id, assignee_id
    FROM deadlines_deadline AS date JOIN records_record AS record ON record.id = record_id
    WHERE date.kind LIKE 'actions.%%'
"""


def actions_make(*, person: User, now: datetime) -> None:
    """Agree on an action that follows from every audit."""
    people = list(User.objects.order_by("pk").values_list("pk", flat=True))
    values = {"person": person.pk, "people": people, "now": now}
    tables = ("records_record", "records_participant", "actions_action", "actions_actionlisting")
    bulk_write((ACTED, ACTIONS_LISTED, CONCERNED), values, *tables)
    bulk_write((AWAITED, DATES_LISTED), values, "deadlines_deadline", "calendar_calendardate")


def records_furnish(*, full: Sequence[int], n: int, relation: str, person: User, now: datetime) -> None:
    """Give every audit a comment, a file and a link, and those in `full` as many as a busy one has."""
    values = {
        "full": list(full),
        "n": n,
        "relation": relation,
        "person": person.pk,
        "now": now,
        "comments": COMMENTS,
        "files": FILES,
        "links": LINKS,
    }
    bulk_write(
        (COMMENTED, FILED, LINKED),
        values,
        "conversation_comment",
        "files_file",
        "files_fileversion",
        "links_link",
    )


def notices_make(*, reader: User, unit_id: int, now: datetime) -> None:
    """Tell somebody of every audit, and one person of many, a third of which are not read."""
    people = list(User.objects.exclude(pk=reader.pk).order_by("pk").values_list("pk", flat=True))
    values = {
        "reader": reader.pk,
        "unit": unit_id,
        "people": people,
        "notices": NOTICES,
        "state": NoticeState.SHOWN,
        "now": now,
    }
    bulk_write((NOTICED,), values, "notifications_notice")


def views_make(*, list_key: str, query: str, owner: User) -> None:
    """Keep views of a list: some of a person's own, the first with this query, and more that others share with all."""
    others = User.objects.exclude(pk=owner.pk).order_by("pk")[:SHARED_VIEWS]
    own = [
        SavedView(
            owner=owner,
            list_key=list_key,
            name=f"View {number}",
            query=query if number == 1 else f"q={number}",
        )
        for number in range(1, OWN_VIEWS + 1)
    ]
    shared = [
        SavedView(
            owner=other,
            list_key=list_key,
            name=f"Shared {other.pk}",
            query=f"q={other.pk}",
            sharing=Sharing.EVERYONE,
        )
        for other in others
    ]
    SavedView.objects.bulk_create([*own, *shared])
