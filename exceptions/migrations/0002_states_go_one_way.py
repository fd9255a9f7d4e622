"""Let the state of an exception go the ways that there are alone, and let none be granted that nobody granted."""

from django.db import migrations

# State, title and unit are columns of the record, which no check of the exception's own table can read. Whether it is granted is
# asked at the end of the transaction: the step writes the state first, and then what it goes by.
GUARD = """
CREATE FUNCTION exceptions_record_goes_its_way() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER exceptions_record_goes_its_way BEFORE UPDATE ON records_record
    FOR EACH ROW WHEN (OLD.kind = 'exception') EXECUTE FUNCTION exceptions_record_goes_its_way();
CREATE TRIGGER exceptions_record_begins BEFORE INSERT ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'exception') EXECUTE FUNCTION exceptions_record_goes_its_way();

CREATE FUNCTION exceptions_record_is_granted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM exceptions_policyexception WHERE record_ptr_id = NEW.id AND granted_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'Nobody granted exception %.', NEW.reference USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER exceptions_record_is_granted AFTER UPDATE ON records_record
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.kind = 'exception' AND NEW.state = 'granted' AND OLD.state <> 'granted')
    EXECUTE FUNCTION exceptions_record_is_granted();
"""

NO_GUARD = """
DROP TRIGGER exceptions_record_is_granted ON records_record;
DROP TRIGGER exceptions_record_begins ON records_record;
DROP TRIGGER exceptions_record_goes_its_way ON records_record;
DROP FUNCTION exceptions_record_is_granted();
DROP FUNCTION exceptions_record_goes_its_way();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exceptions", "0001_exceptions"),
    ]

    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
