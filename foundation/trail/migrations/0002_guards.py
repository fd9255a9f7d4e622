"""What the database itself does for the trail: it stamps entries, queues them for sealing, and refuses every change.

Plain SQL on purpose: a trigger of pgtrigger can be switched off by `SET pgtrigger.ignore`, these only by the owner.
"""

from django.db import migrations

APPEND_ONLY = ("trail_entry", "trail_seal", "trail_checkpoint")

FUNCTIONS = """
CREATE FUNCTION trail_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Nobody chooses when an entry was written.
CREATE FUNCTION trail_stamp_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := transaction_timestamp();
    RETURN NEW;
END
$$;

CREATE FUNCTION trail_queue_entries() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO trail_waiting (entry_id) SELECT id FROM written;
    RETURN NULL;
END
$$;

CREATE TRIGGER trail_entry_stamp BEFORE INSERT ON trail_entry
    FOR EACH ROW EXECUTE FUNCTION trail_stamp_entry();
CREATE TRIGGER trail_entry_queue AFTER INSERT ON trail_entry
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION trail_queue_entries();
"""

REFUSALS = """
CREATE TRIGGER {table}_keep_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION trail_refuse_change();
CREATE TRIGGER {table}_keep_table BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse_change();
"""

UNDO = (
    "DROP TRIGGER trail_entry_stamp ON trail_entry; DROP TRIGGER trail_entry_queue ON trail_entry;"
    + "".join(
        f"DROP TRIGGER {table}_keep_rows ON {table}; DROP TRIGGER {table}_keep_table ON {table};"
        for table in APPEND_ONLY
    )
    + "DROP FUNCTION trail_refuse_change(); DROP FUNCTION trail_stamp_entry(); DROP FUNCTION trail_queue_entries();"
)


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FUNCTIONS + "".join(REFUSALS.format(table=table) for table in APPEND_ONLY), reverse_sql=UNDO
        )
    ]
