"""Let the database keep `audits_auditlisting` equal to the audits and their records, and know their states."""

from django.db import migrations

WRITE = """
CREATE FUNCTION audits_listing_write(listed_id bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO audits_auditlisting (
        audit_id, reference, title, needle, type, state, confidentiality, is_archived,
        unit_id, owner_id, lead_auditor_id, programme_id, recurs, starts_on, next_due_on
    )
    SELECT
        record.id, record.reference, record.title,
        lower(record.title || ' ' || record.reference || ' ' || audit.external_reference),
        audit.type, record.state, record.confidentiality, record.archived_at IS NOT NULL,
        record.unit_id, record.owner_id, audit.lead_auditor_id, audit.programme_id,
        audit.series_id IS NOT NULL, audit.starts_on, audit.next_due_on
    FROM audits_audit AS audit
    JOIN records_record AS record ON record.id = audit.record_ptr_id
    WHERE audit.record_ptr_id = listed_id
    ON CONFLICT (audit_id) DO UPDATE SET
        reference = excluded.reference, title = excluded.title, needle = excluded.needle,
        type = excluded.type, state = excluded.state, confidentiality = excluded.confidentiality,
        is_archived = excluded.is_archived, unit_id = excluded.unit_id, owner_id = excluded.owner_id,
        lead_auditor_id = excluded.lead_auditor_id, programme_id = excluded.programme_id,
        recurs = excluded.recurs, starts_on = excluded.starts_on, next_due_on = excluded.next_due_on
$$;

CREATE FUNCTION audits_listing_follow_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audits_listing_write(NEW.record_ptr_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION audits_listing_follow_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audits_listing_write(NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER audits_listing_follow_audit AFTER INSERT OR UPDATE ON audits_audit
    FOR EACH ROW EXECUTE FUNCTION audits_listing_follow_audit();

CREATE TRIGGER audits_listing_follow_record AFTER UPDATE ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'audit' AND OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION audits_listing_follow_record();
"""

UNDO = """
DROP TRIGGER audits_listing_follow_record ON records_record;
DROP TRIGGER audits_listing_follow_audit ON audits_audit;
DROP FUNCTION audits_listing_follow_record();
DROP FUNCTION audits_listing_follow_audit();
DROP FUNCTION audits_listing_write(bigint);
"""


STATES = """
ALTER TABLE records_record ADD CONSTRAINT audit_known_state CHECK (
    kind <> 'audit'
    OR state IN ('planned', 'preparing', 'fieldwork', 'reporting', 'follow_up', 'closed', 'cancelled')
);
ALTER TABLE records_record ADD CONSTRAINT programme_known_state CHECK (
    kind <> 'programme' OR state IN ('draft', 'in_review', 'approved', 'closed')
);
"""

FREE_STATES = """
ALTER TABLE records_record DROP CONSTRAINT programme_known_state;
ALTER TABLE records_record DROP CONSTRAINT audit_known_state;
"""


class Migration(migrations.Migration):
    dependencies = [("audits", "0001_initial"), ("records", "0001_initial")]

    operations = [migrations.RunSQL(WRITE, UNDO), migrations.RunSQL(STATES, FREE_STATES)]
