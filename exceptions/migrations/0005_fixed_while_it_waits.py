"""Keep what was submitted as it is while it waits, grant nothing that is over, and let nothing end before its day but by a renewal."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


GUARD = """
CREATE OR REPLACE FUNCTION exceptions_record_goes_its_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'An exception begins as a draft.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'in_review'), ('draft', 'withdrawn'), ('in_review', 'draft'), ('in_review', 'granted'),
        ('in_review', 'refused'), ('granted', 'expired'), ('granted', 'renewed'), ('granted', 'revoked')
    ) THEN
        RAISE EXCEPTION 'An exception does not go this way.' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state <> 'draft' AND (NEW.title, NEW.unit_id) IS DISTINCT FROM (OLD.title, OLD.unit_id) THEN
        RAISE EXCEPTION 'What was submitted is fixed.' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'in_review' AND NEW.state = 'draft' AND EXISTS (
        SELECT FROM approvals_approvalrequest WHERE record_id = OLD.id AND state = 'open'
    ) THEN
        RAISE EXCEPTION 'It waits for a decision.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
"""

BEFORE = """
CREATE OR REPLACE FUNCTION exceptions_record_goes_its_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'An exception begins as a draft.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'in_review'), ('draft', 'withdrawn'), ('in_review', 'draft'), ('in_review', 'granted'),
        ('in_review', 'refused'), ('granted', 'expired'), ('granted', 'renewed'), ('granted', 'revoked')
    ) THEN
        RAISE EXCEPTION 'An exception does not go this way.' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state NOT IN ('draft', 'in_review') AND (NEW.title, NEW.unit_id) IS DISTINCT FROM (OLD.title, OLD.unit_id) THEN
        RAISE EXCEPTION 'What was decided is fixed.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exceptions", "0004_listing_checks_no_key"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="policyexception",
            name="exception_is_as_granted",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policyexception",
            trigger=pgtrigger.compiler.Trigger(
                name="exception_is_as_granted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF TG_OP = 'UPDATE' AND OLD.granted_at IS NOT NULL\n            AND (NEW.document_id, NEW.version_in_force_id, NEW.section, NEW.section_title, NEW.systems, NEW.reason, NEW.compensation, NEW.risk, NEW.risk_words, NEW.starts_on, NEW.expires_on, NEW.renews_id, NEW.granted_at, NEW.digest, NEW.approval_id) IS DISTINCT FROM (OLD.document_id, OLD.version_in_force_id, OLD.section, OLD.section_title, OLD.systems, OLD.reason, OLD.compensation, OLD.risk, OLD.risk_words, OLD.starts_on, OLD.expires_on, OLD.renews_id, OLD.granted_at, OLD.digest, OLD.approval_id) THEN\n        RAISE EXCEPTION 'What was granted is fixed.' USING ERRCODE = 'check_violation';\n    END IF;\n    IF TG_OP = 'UPDATE' AND (NEW.document_id, NEW.version_in_force_id, NEW.section, NEW.section_title, NEW.systems, NEW.reason, NEW.compensation, NEW.risk, NEW.risk_words, NEW.starts_on, NEW.expires_on, NEW.renews_id, NEW.written_by_id) IS DISTINCT FROM (OLD.document_id, OLD.version_in_force_id, OLD.section, OLD.section_title, OLD.systems, OLD.reason, OLD.compensation, OLD.risk, OLD.risk_words, OLD.starts_on, OLD.expires_on, OLD.renews_id, OLD.written_by_id)\n            AND NOT EXISTS (SELECT FROM records_record WHERE id = OLD.record_ptr_id AND state = 'draft') THEN\n        RAISE EXCEPTION 'What was submitted is fixed.' USING ERRCODE = 'check_violation';\n    END IF;\n    IF NEW.granted_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.granted_at IS NULL)\n            AND (NEW.granted_at AT TIME ZONE 'UTC' - interval '12 hours')::date > NEW.expires_on THEN\n        RAISE EXCEPTION 'Nothing is granted that is over.' USING ERRCODE = 'check_violation';\n    END IF;\n    IF NEW.replaced_on IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.replaced_on IS DISTINCT FROM OLD.replaced_on) AND NOT EXISTS (\n        SELECT FROM exceptions_policyexception AS renewal\n        JOIN records_record AS record ON record.id = renewal.record_ptr_id AND record.state = 'granted'\n        WHERE renewal.renews_id = NEW.record_ptr_id AND renewal.granted_at IS NOT NULL\n            AND renewal.starts_on <= NEW.replaced_on AND renewal.expires_on >= NEW.expires_on\n    ) THEN\n        RAISE EXCEPTION 'Only a renewal takes the place of an exception, and none that ends sooner.' USING ERRCODE = 'check_violation';\n    END IF;\n    IF NEW.granted_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.granted_at IS NULL) AND NOT EXISTS (\n        SELECT FROM approvals_approvalrequest AS asked\n        WHERE asked.id = NEW.approval_id AND asked.record_id = NEW.record_ptr_id AND asked.state = 'approved'\n            AND asked.digest = NEW.digest\n    ) THEN\n        RAISE EXCEPTION 'Nobody granted this exception as it stands.' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="47477aacfba1fc47b9a9fc342b64eb5b9400b0be",
                    operation="UPDATE OR INSERT",
                    pgid="pgtrigger_exception_is_as_granted_9ba63",
                    table="exceptions_policyexception",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(GUARD, BEFORE),
    ]
