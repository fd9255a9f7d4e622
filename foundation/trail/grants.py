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


# Whether a trigger of pgtrigger is to be left out, as its own function would read it from a setting that anybody may set.
NEVER_IGNORED = """
    CREATE OR REPLACE FUNCTION "public"._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS $$
        BEGIN RETURN FALSE; END;
    $$ LANGUAGE plpgsql
"""


def triggers_keep_on(using: str) -> None:
    """Let no setting of a session (`pgtrigger.ignore`) switch off triggers: they refuse what code would refuse, to everybody.

    Each migration of a trigger puts the function of the library back, so this follows all of them.
    """
    if using != "owner":
        return
    with connections[using].cursor() as cursor:
        cursor.execute(NEVER_IGNORED)


def grant_after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Renew the grants when migrations have run, since they may have made tables, and keep their triggers on."""
    grant_runtime_role(using)
    triggers_keep_on(using)
