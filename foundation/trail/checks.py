"""System checks of the trail."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def two_database_roles(**kwargs: Any) -> list[CheckMessage]:
    """Warn when the role that runs the portal also owns the trail's tables."""
    if settings.DATABASES["default"].get("USER") != settings.DATABASES["owner"].get("USER"):
        return []
    return [
        Warning(
            "The portal runs as the database role that owns the trail: it could switch the trail's triggers off.",
            hint="Create a second role, give it the tables, and name it in DATABASE_OWNER_URL; DATABASE_URL names the "
            "role that runs the portal, which then may only add to the trail.",
            id="trail.W001",
        )
    ]
