"""What audits found: one finding for each audit, and the requirements that they name. Made by SQL in bulk, as all data here."""

from datetime import datetime
from typing import Any

from bench.bulk import bulk_write
from foundation.accounts.models import User

REQUIREMENTS = 200
TABLES = (
    "records_record",
    "records_participant",
    "compliance_framework",
    "compliance_requirement",
    "audits_finding",
    "audits_findinglisting",
)

REQUIRED = """
    WITH made AS (
        INSERT INTO records_record (kind, reference, title, confidentiality, state, version, created_at, updated_at,
                                    created_by_id, owner_id, unit_id)
        SELECT 'framework', 'FRM-9000', 'Benchmark baseline', 'internal', 'active', 1, %(now)s, %(now)s, %(person)s,
               %(person)s, id
        FROM accounts_businessunit WHERE parent_id IS NULL
        RETURNING id
    ), framework AS (
        INSERT INTO compliance_framework (record_ptr_id, publisher, description, key, name_key)
        SELECT id, '', '', 'benchmark', 'benchmark baseline' FROM made
        RETURNING record_ptr_id
    )
    INSERT INTO compliance_requirement (framework_id, identifier, key, is_withdrawn)
    SELECT record_ptr_id, 'BB-' || g, 'bb-' || g, false FROM framework, generate_series(1, %(requirements)s) g
"""

# Every other of a unit is open, so that pages are full.
FOUND = """
    WITH made AS (
        INSERT INTO records_record (kind, reference, title, confidentiality, state, version, created_at, updated_at,
                                    created_by_id, owner_id, unit_id)
        SELECT 'finding', 'FND-' || lpad(id::text, greatest(4, length(id::text)), '0'), 'What falls short in ' || title,
               confidentiality,
               CASE id / 20 %% 6 WHEN 0 THEN 'raised' WHEN 2 THEN 'answered' WHEN 4 THEN 'agreed' WHEN 5 THEN 'withdrawn'
                    ELSE 'closed' END,
               1, %(now)s, %(now)s, %(person)s,
               (%(people)s::bigint[])[1 + (id * 41) %% cardinality(%(people)s::bigint[])], unit_id
        FROM records_record WHERE kind = 'audit' ORDER BY id
        RETURNING id, reference, state
    )
    INSERT INTO audits_finding (record_ptr_id, audit_id, requirement_id, grade, description, evidence, risk, raised_on,
                                answer_due_on, response, whys, root_cause, correction, closed_at)
    SELECT id, number, (SELECT min(id) FROM compliance_requirement) + number * 31 %% %(requirements)s,
           (ARRAY['major', 'minor', 'minor', 'observation', 'opportunity'])[1 + number %% 5], '', '', '', raised,
           raised + 14, '', '{}', '', '', CASE state WHEN 'closed' THEN %(now)s::timestamptz END
    FROM made, LATERAL (SELECT substr(reference, 5)::bigint AS number,
                               %(now)s::date - (substr(reference, 5)::bigint * 7919 %% 2000)::int AS raised) of
"""

LISTED = """
    INSERT INTO audits_findinglisting (finding_id, audit_id, requirement_id, framework_id, reference, title, needle, grade,
        state, confidentiality, is_archived, unit_id, owner_id, due_on, raised_on, closed_at, has_earlier)
    SELECT record.id, audit_id, requirement_id, framework_id, reference, title, lower(title || ' ' || reference), grade,
           state, confidentiality, false, unit_id, owner_id, CASE state WHEN 'raised' THEN answer_due_on END, raised_on,
           closed_at, coalesce(
               record.id > min(record.id) FILTER (WHERE state <> 'withdrawn') OVER (PARTITION BY requirement_id, unit_id),
               false
           )
    FROM audits_finding AS finding
    JOIN records_record AS record ON record.id = finding.record_ptr_id
    JOIN compliance_requirement AS requirement ON requirement.id = finding.requirement_id
"""

# Of those who take part in the audit, its lead auditor and its auditees.
NAMED = """
    INSERT INTO records_participant (record_id, role, user_id, created_at)
    SELECT finding.record_ptr_id, part.role, part.user_id, %(now)s
    FROM audits_finding AS finding JOIN records_participant AS part ON part.record_id = finding.audit_id
    WHERE part.role <> 'audits.team'
"""


def findings_make(*, person: User, now: datetime) -> None:
    """Find something in every audit."""
    people = list(User.objects.order_by("pk").values_list("pk", flat=True))
    values: dict[str, Any] = {
        "person": person.pk,
        "people": people,
        "now": now,
        "requirements": REQUIREMENTS,
    }
    bulk_write((REQUIRED, FOUND, LISTED, NAMED), values, *TABLES)
