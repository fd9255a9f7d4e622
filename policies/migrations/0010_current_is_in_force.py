"""Let what holds of a document be its published version, and no other: also by SQL."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0009_one_version_an_approval"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="document_current_is_published",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF TG_OP = 'UPDATE' AND NEW.current_id IS NOT DISTINCT FROM OLD.current_id THEN\n        RETURN NEW;\n    END IF;\n    IF (TG_OP = 'UPDATE' AND NEW.current_id IS NULL) OR (NEW.current_id IS NOT NULL AND NOT EXISTS (\n        SELECT FROM policies_documentversion\n        WHERE id = NEW.current_id AND document_id = NEW.record_ptr_id AND state = 'published'\n    )) THEN\n        RAISE EXCEPTION 'What holds of a document is its published version.' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="02c5071f89b7a7f2cef4d7441a7c54207a7d4b5f",
                    operation='INSERT OR UPDATE OF "current_id"',
                    pgid="pgtrigger_document_current_is_published_7f25f",
                    table="policies_document",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="documentversion",
            trigger=pgtrigger.compiler.Trigger(
                name="version_is_current",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))',
                    constraint="CONSTRAINT",
                    func="\n    IF EXISTS (\n        SELECT FROM policies_document AS document\n        LEFT JOIN policies_documentversion AS published\n            ON published.document_id = document.record_ptr_id AND published.state = 'published'\n        LEFT JOIN policies_documentversion AS current ON current.id = document.current_id\n        WHERE document.record_ptr_id = NEW.document_id AND (\n            (published.id IS NOT NULL AND published.id IS DISTINCT FROM document.current_id)\n            OR current.state NOT IN ('published', 'retired')\n        )\n    ) THEN\n        RAISE EXCEPTION 'What holds of a document is its published version.' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n",
                    hash="df7174113db8a91e92d8998c5134f778ace82a53",
                    operation="UPDATE",
                    pgid="pgtrigger_version_is_current_7b813",
                    table="policies_documentversion",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
    ]
