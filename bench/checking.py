"""Checklists: a catalogue of a thousand requirements, five of which each audit tests, and one audit all of them."""

from datetime import datetime
from typing import Any

from bench.bulk import bulk_write
from foundation.accounts.models import User

REQUIREMENTS, GROUPS, A_GROUP = 1_000, 40, 25
FEW = 5
TABLES = (
    "records_record",
    "compliance_framework",
    "compliance_edition",
    "compliance_requirement",
    "compliance_requirementtext",
    "audits_check",
)

FRAMEWORK = """
    WITH made AS (
        INSERT INTO records_record (kind, reference, title, confidentiality, state, version, created_at, updated_at,
                                    created_by_id, owner_id, unit_id)
        SELECT 'framework', 'FRM-90001', 'Benchmark catalogue', 'internal', 'active', 1, %(now)s, %(now)s, %(person)s,
               %(person)s, id
        FROM accounts_businessunit WHERE parent_id IS NULL
        RETURNING id
    )
    INSERT INTO compliance_framework (record_ptr_id, publisher, description, key, name_key)
    SELECT id, '', '', 'catalogue', 'benchmark catalogue' FROM made
"""

EDITION = """
    INSERT INTO compliance_edition (framework_id, number, label, source, oscal_version, source_name, source_sha256,
                                    imported_by_id, imported_at, accepted_by_id, accepted_at, group_count,
                                    requirement_count, enhancement_count, parameter_count, withdrawn_count)
    SELECT record_ptr_id, 1, '1.0', 'hand', '', '', '', %(person)s, %(now)s, %(person)s, %(now)s, %(groups)s,
           %(requirements)s, 0, 0, 0
    FROM compliance_framework WHERE key = 'catalogue'
"""

CURRENT = """
    UPDATE compliance_framework SET current_id = edition.id
    FROM compliance_edition AS edition WHERE edition.framework_id = record_ptr_id AND key = 'catalogue'
"""

REQUIRED = """
    INSERT INTO compliance_requirement (framework_id, identifier, key, is_withdrawn)
    SELECT record_ptr_id, 'BC-' || g, 'bc-' || g, false
    FROM compliance_framework, generate_series(0, %(requirements)s - 1) g WHERE key = 'catalogue'
"""

HEADINGS = """
    INSERT INTO compliance_requirementtext (edition_id, position, depth, kind, key, identifier, title, statement, guidance,
        objectives, methods, parameters, related, "references", is_withdrawn, withdrawn_to, digest)
    SELECT current_id, g * (%(a_group)s + 1), 0, 'group', 'g' || g, 'BC' || g, 'Part ' || g || ' of the catalogue', '', '', '',
           '[]', '[]', '[]', '[]', false, '[]', ''
    FROM compliance_framework, generate_series(0, %(groups)s - 1) g WHERE key = 'catalogue'
"""

TEXTS = """
    INSERT INTO compliance_requirementtext (edition_id, requirement_id, parent_id, position, depth, kind, key, identifier,
        title, statement, guidance, objectives, methods, parameters, related, "references", is_withdrawn, withdrawn_to, digest,
        words)
    SELECT heading.edition_id, required.id, heading.id, heading.position + 1 + number %% %(a_group)s, 1, 'requirement',
           required.key, required.identifier, 'Accounts, changes and services of part ' || number,
           repeat('What is required here is written down, reviewed and shown to whoever asks. ', 8),
           repeat('Those who do the work are asked first. ', 12), '', '[]', '[]', '[]', '[]', false, '[]', '',
           to_tsvector('simple', 'bc ' || number || ' accounts changes services')
    FROM compliance_framework AS framework
    JOIN compliance_requirement AS required ON required.framework_id = framework.record_ptr_id,
    LATERAL (SELECT substr(required.key, 4)::int AS number) AS numbered
    JOIN compliance_requirementtext AS heading ON heading.key = 'g' || number / %(a_group)s
    WHERE framework.key = 'catalogue' AND heading.edition_id = framework.current_id
"""

# Three of four are tested, as in the middle of a fieldwork.
CHECKED = """
    INSERT INTO audits_check (audit_id, text_id, requirement_id, group_id, position, methods, sample, result, reason, notes,
                              version, tested_by_id, tested_at)
    SELECT record.id, said.id, said.requirement_id, said.parent_id, said.position, ARRAY['examine']::varchar[], '',
           CASE WHEN is_tested THEN (ARRAY['conforms', 'conforms', 'minor', 'observation'])[1 + said.position %% 4]
                ELSE 'not_tested' END,
           '', CASE WHEN is_tested THEN 'Seen and compared with what is written down.' ELSE '' END, 1,
           CASE WHEN is_tested THEN %(person)s END, CASE WHEN is_tested THEN %(now)s::timestamptz END
    FROM records_record AS record
    JOIN compliance_requirementtext AS said ON said.requirement_id IS NOT NULL AND said.key LIKE 'bc-%%'
         AND (record.reference = %(full)s OR (substr(said.key, 4)::int + record.id) %% (%(requirements)s / %(few)s) = 0),
    LATERAL (SELECT said.position %% 4 > 0 AS is_tested) AS state
    WHERE record.kind = 'audit'
"""


def checks_make(*, full: str, person: User, now: datetime) -> None:
    """Let every audit test a few requirements, and the one of this reference all of a thousand."""
    values: dict[str, Any] = {
        "full": full,
        "person": person.pk,
        "now": now,
        "requirements": REQUIREMENTS,
        "groups": GROUPS,
        "a_group": A_GROUP,
        "few": FEW,
    }
    bulk_write((FRAMEWORK, EDITION, CURRENT, REQUIRED, HEADINGS, TEXTS, CHECKED), values, *TABLES)
