"""What the portal's own database role may do."""

from typing import Any

from django.conf import settings
from django.db import connections, transaction

TRAIL_TABLES = ("trail_entry", "trail_seal", "trail_checkpoint")


def grant_runtime_role(using: str) -> None:
    """Give the portal's role what it needs on all tables, and only INSERT and SELECT on the trail's.

    Does nothing where one role serves both purposes; then the triggers alone protect the trail, and
    the deploy check says so.
    """
    runtime = str(settings.DATABASES["default"].get("USER", ""))
    if using != "owner" or runtime == settings.DATABASES["owner"].get("USER"):
        return
    connection = connections[using]
    role = connection.ops.quote_name(runtime)
    trail = ", ".join(TRAIL_TABLES)
    with transaction.atomic(using), connection.cursor() as cursor:  # at no moment may it touch the trail
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {trail} FROM {role}")


def grant_after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Renew the grants when migrations have run, since they may have made tables."""
    grant_runtime_role(using)
