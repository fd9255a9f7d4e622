"""What auditors ask for: one request for evidence in each audit. Made by SQL in bulk, as all data here."""

from datetime import datetime

from bench.bulk import bulk_write
from foundation.accounts.models import BusinessUnit, User

TABLES = (
    "records_record",
    "records_participant",
    "audits_evidencerequest",
    "audits_evidencelisting",
    "records_withheld",
)

# Every other of a unit is open, so that pages are full.
ASKED = """
    WITH made AS (
        INSERT INTO records_record (kind, reference, title, confidentiality, state, version, created_at, updated_at,
                                    created_by_id, owner_id, unit_id)
        SELECT 'evidence_request', 'EVR-' || lpad(id::text, greatest(4, length(id::text)), '0'), 'What shows ' || title,
               confidentiality,
               CASE id / 20 %% 6 WHEN 0 THEN 'pending' WHEN 2 THEN 'answered' WHEN 4 THEN 'returned' WHEN 5 THEN 'withdrawn'
                    ELSE 'accepted' END,
               1, %(now)s, %(now)s, %(person)s,
               (%(people)s::bigint[])[1 + (id * 43) %% cardinality(%(people)s::bigint[])], unit_id
        FROM records_record WHERE kind = 'audit' ORDER BY id
        RETURNING id, reference, state, owner_id
    )
    INSERT INTO audits_evidencerequest (record_ptr_id, audit_id, description, due_on, answer, answered_at, answered_by_id,
                                        return_reason)
    SELECT id, number, '', %(now)s::date - 1000 + (number * 7919 %% 2000)::int, '',
           CASE WHEN was_answered THEN %(now)s::timestamptz END, CASE WHEN was_answered THEN owner_id END, ''
    FROM made, LATERAL (SELECT substr(reference, 5)::bigint AS number,
                               state IN ('answered', 'returned', 'accepted') AS was_answered) of
"""

LISTED = """
    INSERT INTO audits_evidencelisting (evidence_request_id, audit_id, reference, title, needle, state, confidentiality,
                                        is_archived, unit_id, owner_id, due_on, answered_at)
    SELECT id, audit_id, reference, title, lower(title || ' ' || reference), state, confidentiality, false, unit_id, owner_id,
           CASE WHEN state IN ('pending', 'returned') THEN due_on END, answered_at
    FROM audits_evidencerequest JOIN records_record ON id = record_ptr_id
"""

# Of those who take part in the audit, its lead auditor.
NAMED = """
    INSERT INTO records_participant (record_id, role, user_id, created_at)
    SELECT asked.record_ptr_id, part.role, part.user_id, %(now)s
    FROM audits_evidencerequest AS asked JOIN records_participant AS part ON part.record_id = asked.audit_id
    WHERE part.role = 'audits.lead'
"""

# Each auditee knows of the own requests alone.
WITHHELD = """
    INSERT INTO records_withheld (record_id, user_id)
    SELECT asked.record_ptr_id, part.user_id
    FROM audits_evidencerequest AS asked
    JOIN records_participant AS part ON part.record_id = asked.audit_id AND part.role = 'audits.auditee'
    ON CONFLICT DO NOTHING
"""

# Somebody who reads all of a unit comes to be audited in every other of its audits.
WITHHELD_FROM = """
    INSERT INTO records_withheld (record_id, user_id)
    SELECT id, %(reader)s FROM records_record
    WHERE kind = 'evidence_request' AND unit_id = %(unit)s AND id %% 2 = 0
    ON CONFLICT DO NOTHING
"""


def evidence_make(*, person: User, now: datetime) -> None:
    """Ask for something in every audit."""
    people = list(User.objects.order_by("pk").values_list("pk", flat=True))
    values = {"person": person.pk, "people": people, "now": now}
    bulk_write((ASKED, LISTED, NAMED, WITHHELD), values, *TABLES)


def evidence_withhold(*, reader: User, unit: BusinessUnit) -> None:
    """Withhold every other request of a unit from a person, but for the own ones, which the person sees all the same."""
    bulk_write((WITHHELD_FROM,), {"reader": reader.pk, "unit": unit.pk}, "records_withheld")
