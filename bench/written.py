"""Documents: 10,000 at the most, each in ten versions, of which the last is in force. Made by SQL in bulk, as all data here."""

from datetime import datetime
from typing import Any

from bench.bulk import bulk_write
from foundation.accounts.models import User

VERSIONS = 10
PARAGRAPHS = 2_000
MOST = 10_000
TABLES = ("records_record", "policies_document", "policies_documentversion", "policies_documentlisting")

# Every unit has some; most are in force, every tenth is being revised, and of every fifth the review is late.
DOCUMENTS = """
    WITH made AS (
        INSERT INTO records_record (kind, reference, title, confidentiality, state, version, created_at, updated_at,
                                    created_by_id, owner_id, unit_id)
        SELECT 'document', 'DOC-' || lpad(id::text, greatest(4, length(id::text)), '0'), 'Rules for ' || title,
               confidentiality, 'published', 1, %(now)s, %(now)s, %(person)s,
               (%(people)s::bigint[])[1 + (id * 41) %% cardinality(%(people)s::bigint[])], unit_id
        FROM records_record WHERE kind = 'audit' ORDER BY id LIMIT %(most)s
        RETURNING id, reference
    )
    INSERT INTO policies_document (record_ptr_id, type, cadence_months, right_on, review_on)
    SELECT id, (ARRAY['policy', 'standard', 'procedure', 'guideline', 'plan'])[1 + id %% 5], 12, %(now)s::date,
           %(now)s::date + (CASE WHEN id %% 5 = 0 THEN -30 ELSE id %% 300 END)::int
    FROM made
"""

WRITTEN = """
    INSERT INTO policies_documentversion (document_id, number, major, minor, state, title, body, summary, audience, audience_roles, revision,
                                          written_by_id, written_at, digest, published_at, ended_at)
    SELECT record_ptr_id, g, g, 0, CASE g WHEN %(versions)s THEN 'published' ELSE 'superseded' END, record.title,
           %(body)s || E'\n\n## Version ' || g, 'Version ' || g, '{}', '{}', 1, %(person)s, %(now)s, '', %(now)s,
           CASE WHEN g < %(versions)s THEN %(now)s::timestamptz END
    FROM policies_document AS document JOIN records_record AS record ON record.id = document.record_ptr_id,
         generate_series(1, %(versions)s) g
    ORDER BY record_ptr_id, g
"""

CURRENT = """
    UPDATE policies_document AS document SET current_id = version.id
    FROM policies_documentversion AS version
    WHERE version.document_id = document.record_ptr_id AND version.state = 'published'
"""

LISTED = "SELECT policies_documentlisting_write(record_ptr_id) FROM policies_document"

# The first document's last two versions are long: every tenth paragraph is another.
LONG = """
    UPDATE policies_documentversion AS version SET body = (
        SELECT string_agg('Rule ' || g || ': who holds a key keeps it, tells nobody where it is, and '
            || CASE WHEN g %% 10 = 0 AND version.number = %(versions)s THEN 'hands it in on the last day'
                    ELSE 'counts it each week with a colleague' END || ' (' || md5(g::text) || ').', E'\n\n')
        FROM generate_series(1, %(paragraphs)s) g)
    WHERE document_id = (
        SELECT record.id FROM records_record AS record
        WHERE record.kind = 'document' AND record.confidentiality = 'internal' AND record.unit_id = %(unit)s
        ORDER BY record.id LIMIT 1
    ) AND number > %(versions)s - 2
"""


def documents_make(*, person: User, unit_id: int, body: str, now: datetime) -> None:
    """Write as many documents as there are audits, or MOST."""
    values: dict[str, Any] = {
        "person": person.pk,
        "people": list(User.objects.order_by("pk").values_list("pk", flat=True)),
        "now": now,
        "most": MOST,
        "versions": VERSIONS,
        "paragraphs": PARAGRAPHS,
        "unit": unit_id,
        "body": body,
    }
    bulk_write((DOCUMENTS, WRITTEN, CURRENT, LISTED, LONG), values, *TABLES)
