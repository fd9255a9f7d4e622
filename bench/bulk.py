"""How the generator writes: by statements as the tables' owner, without the triggers that would look at each row."""

from collections.abc import Sequence
from typing import Any

from django.db import connections

# So that what services make afterwards goes on behind the references given here.
COUNTED = """
    INSERT INTO records_referencecounter (prefix, last)
    SELECT split_part(reference, '-', 1), max(split_part(reference, '-', 2)::int) FROM records_record GROUP BY 1
    ON CONFLICT (prefix) DO UPDATE SET last = greatest(records_referencecounter.last, excluded.last)
"""


def bulk_write(statements: Sequence[str], values: dict[str, Any], *tables: str) -> None:
    """Run statements that fill these tables, whose triggers sleep meanwhile, and let the planner know of the rows."""
    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement, values)
        if "records_record" in tables:
            cursor.execute(COUNTED)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"VACUUM ANALYZE {table}")
    connections["owner"].close()
