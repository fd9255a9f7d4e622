"""What waits for decisions: as many audit programmes as there are audits, each asked to be approved. Made by SQL in bulk."""

from datetime import datetime

from bench.bulk import bulk_write
from foundation.accounts.models import User
from foundation.approvals.models import AWAITED_SQL

TABLES = (
    "records_record",
    "audits_programme",
    "approvals_approvalrequest",
    "approvals_approvalstep",
    "approvals_awaitedvoice",
)

# By turns of those in a unit, the first stage is that of its lead and that of the CISO.
ASKED = """
    WITH made AS (
        INSERT INTO records_record (kind, reference, title, confidentiality, state, version, created_at, updated_at,
                                    created_by_id, owner_id, unit_id)
        SELECT 'programme', 'PRG-' || (100000 + id), 'Programme after ' || title, 'internal', 'in_review', 1, %(now)s,
               %(now)s, %(asker)s, %(asker)s, unit_id
        FROM records_record WHERE kind = 'audit' ORDER BY id
        RETURNING id, unit_id, substr(reference, 5)::int - 100000 AS number
    ), programmes AS (
        INSERT INTO audits_programme (record_ptr_id, year, objectives, drafted_by_id)
        SELECT id, 2030, 'Every critical service once.', %(asker)s FROM made
    ), requests AS (
        INSERT INTO approvals_approvalrequest (record_id, content, digest, authors, state, current_step, requested_by_id,
                                               requested_at)
        SELECT id, '{"title": "Programme", "objectives": "Every critical service once."}', repeat('0', 64),
               ARRAY[%(asker)s]::bigint[], 'open', 1, %(asker)s,
               %(now)s::timestamptz - number * interval '1 minute'
        FROM made
        RETURNING id, record_id
    )
    INSERT INTO approvals_approvalstep (request_id, position, label, needed, unit_id, people, rights, roles, units)
    SELECT requests.id, 1, 'Approval', 1, unit_id, '{}',
           CASE number / 20 %% 2 WHEN 0 THEN '{programmes.approve}'::varchar[] ELSE '{}' END,
           CASE number / 20 %% 2 WHEN 0 THEN '{}'::varchar[] ELSE '{unit_lead}' END, '{}'
    FROM requests JOIN made ON made.id = requests.record_id
"""


def approvals_make(*, asker: User, now: datetime) -> None:
    """Ask, by one person, for as many approvals as there are audits."""
    bulk_write((ASKED, AWAITED_SQL.format(stages="TRUE")), {"asker": asker.pk, "now": now}, *TABLES)
