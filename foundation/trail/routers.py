"""Two aliases, one database."""

from typing import Any

from django.conf import settings


class OneDatabaseRouter:
    """Reads and writes go by `default`; migrations run by `owner`, the role that owns the tables.

    Where one URL serves both (no DATABASE_OWNER_URL), `default` may migrate too.
    """

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool:
        """Allow relations between objects that were read by either alias."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Allow migrations by the owner, or by `default` where it is the owner."""
        same_role = settings.DATABASES["default"].get("USER") == settings.DATABASES["owner"].get("USER")
        return db == "owner" or same_role
