"""Documents: 10,000 at the most, each in ten versions that were approved, of which the last is in force. Made by SQL in bulk, as all data here."""

from datetime import datetime
from typing import Any

from bench.bulk import bulk_write
from foundation.accounts.models import User
from foundation.approvals.models import AWAITED_SQL

VERSIONS = 10
PARAGRAPHS = 2_000
MOST = 10_000
LONG_DOCUMENTS = 4  # of which the last two say something wholly different from version to version
TABLES = (
    "records_record",
    "policies_document",
    "policies_documentversion",
    "policies_documentlisting",
    "approvals_approvalrequest",
    "approvals_approvalstep",
    "approvals_approvalcall",
    "approvals_approvalseen",
    "approvals_approvaldecision",
    "approvals_awaitedvoice",
)

# Every unit has some; all are in force, the revision of every tenth waits for a decision, and of every fifth the review is late.
DOCUMENTS = """
    WITH made AS (
        INSERT INTO records_record (kind, reference, title, confidentiality, state, version, created_at, updated_at,
                                    created_by_id, owner_id, unit_id)
        SELECT 'document', 'DOC-' || lpad(id::text, greatest(4, length(id::text)), '0'), 'Rules for ' || title,
               confidentiality, CASE id %% 10 WHEN 7 THEN 'revision_review' ELSE 'published' END, 1, %(now)s, %(now)s, %(person)s,
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
                                          written_by_id, written_at, writers, digest, published_at, ended_at)
    SELECT record_ptr_id, g, g, 0,
           CASE g - %(versions)s WHEN 1 THEN 'in_review' WHEN 0 THEN 'published' ELSE 'superseded' END, record.title,
           %(body)s || E'\n\n## Version ' || g, 'Version ' || g, '{}', '{}', 1, %(person)s, %(now)s, ARRAY[%(person)s], '',
           CASE WHEN g <= %(versions)s THEN %(now)s::timestamptz - (%(versions)s - g) * interval '30 days' END,
           CASE WHEN g < %(versions)s THEN %(now)s::timestamptz - (%(versions)s - g - 1) * interval '30 days' END
    FROM policies_document AS document JOIN records_record AS record ON record.id = document.record_ptr_id,
         generate_series(1, %(versions)s + (record.state = 'revision_review')::int) g
    ORDER BY record_ptr_id, g
"""

CURRENT = """
    UPDATE policies_document AS document SET current_id = version.id
    FROM policies_documentversion AS version
    WHERE version.document_id = document.record_ptr_id AND version.state = 'published'
"""

LISTED = "SELECT policies_documentlisting_write(record_ptr_id) FROM policies_document"

# The first documents of a unit are long: in every second version every tenth paragraph is another, or all of them are.
LONG = """
    WITH chosen AS (
        SELECT record.id, row_number() OVER (ORDER BY record.id) AS place FROM records_record AS record
        WHERE record.kind = 'document' AND record.confidentiality = 'internal' AND record.unit_id = %(unit)s
        ORDER BY record.id LIMIT %(long)s
    )
    UPDATE policies_documentversion AS version SET body = (
        SELECT string_agg(CASE WHEN chosen.place * 2 > %(long)s AND version.number %% 2 = 0
            THEN 'Day ' || g || ' (' || md5(version.id || '.' || g) || '): somebody else looked after all of this, ' || md5(g || 'a')
                || ', once more and without any ' || md5(g || 'b') || '.'
            ELSE 'Rule ' || g || ': who holds a key keeps it, tells nobody where it is, and '
                || CASE WHEN g %% 10 = 0 AND version.number %% 2 = 0 THEN 'hands it in on the last day'
                        ELSE 'counts it each week with a colleague' END
                || ' (' || md5(CASE g WHEN 1 THEN version.id ELSE g END::text) || ').' END, E'\n\n' ORDER BY g)
        FROM generate_series(1, %(paragraphs)s) g)
    FROM chosen WHERE version.document_id = chosen.id
"""

# Each version that was in force was approved by one person; what is in review waits for one.
ASKED = """
    WITH asked AS (
        INSERT INTO approvals_approvalrequest (record_id, content, digest, authors, state, current_step, requested_by_id,
                                               requested_at, closed_at)
        SELECT version.document_id,
               jsonb_build_object('reference', record.reference, 'title', version.title, 'type', initcap(document.type),
                   'version', version.major || '.0', 'change', 'Material: to be acknowledged anew', 'unit', unit.name,
                   'audience', ARRAY['Everyone'], 'effective_on', 'once approved', 'summary', version.summary,
                   'body', version.body),
               encode(sha256(convert_to(version.id || version.body, 'UTF8')), 'hex'), version.writers,
               CASE version.state WHEN 'in_review' THEN 'open' ELSE 'approved' END, 1, %(person)s,
               coalesce(version.published_at, %(now)s) - interval '3 days', version.published_at
        FROM policies_documentversion AS version JOIN policies_document AS document ON document.record_ptr_id = version.document_id
        JOIN records_record AS record ON record.id = version.document_id
        JOIN accounts_businessunit AS unit ON unit.id = record.unit_id
        ORDER BY version.id
        RETURNING id, record_id, digest, state, content ->> 'version' AS label
    )
    UPDATE policies_documentversion AS version SET approval_id = asked.id, digest = asked.digest
    FROM asked WHERE asked.state = 'approved' AND asked.record_id = version.document_id AND asked.label = version.major || '.0'
"""

STEPS = """
    INSERT INTO approvals_approvalstep (request_id, position, label, needed, unit_id, people, rights, roles, units)
    SELECT asked.id, 1, 'Approval by the CISO', 1, record.unit_id, '{}', '{policies.approve}', '{}', '{}'
    FROM approvals_approvalrequest AS asked JOIN records_record AS record ON record.id = asked.record_id
    WHERE record.kind = 'document' ORDER BY asked.id
"""

CALLS = """
    INSERT INTO approvals_approvalcall (step_id, person_id, at)
    SELECT step.id, %(approver)s, asked.requested_at
    FROM approvals_approvalstep AS step JOIN approvals_approvalrequest AS asked ON asked.id = step.request_id
    WHERE '{policies.approve}' = step.rights
"""

SEEN = """
    INSERT INTO approvals_approvalseen (request_id, person_id, digest, at)
    SELECT version.approval_id, %(approver)s, version.digest, version.published_at - interval '1 hour'
    FROM policies_documentversion AS version WHERE version.approval_id IS NOT NULL
"""

DECIDED = """
    INSERT INTO approvals_approvaldecision (request_id, step_id, decided_by_id, verdict, digest, comment, decided_at)
    SELECT step.request_id, step.id, %(approver)s, 'approve', version.digest, '', version.published_at
    FROM policies_documentversion AS version JOIN approvals_approvalstep AS step ON step.request_id = version.approval_id
    ORDER BY version.id
"""

AWAITED = AWAITED_SQL.format(stages="'{policies.approve}' = step.rights")


def documents_make(*, person: User, approver: User, unit_id: int, body: str, now: datetime) -> None:
    """Write as many documents as there are audits, or MOST, which one person wrote and another approved."""
    values: dict[str, Any] = {
        "person": person.pk,
        "approver": approver.pk,
        "people": list(User.objects.order_by("pk").values_list("pk", flat=True)),
        "now": now,
        "most": MOST,
        "versions": VERSIONS,
        "paragraphs": PARAGRAPHS,
        "long": LONG_DOCUMENTS,
        "unit": unit_id,
        "body": body,
    }
    statements = (DOCUMENTS, WRITTEN, LONG, CURRENT, ASKED, STEPS, CALLS, SEEN, DECIDED, AWAITED, LISTED)
    bulk_write(statements, values, *TABLES)
