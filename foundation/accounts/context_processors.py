"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from foundation.accounts.organisation import current_organisation


def organisation(request: HttpRequest) -> dict[str, Any]:
    """Give templates the organisation, and whether mails leave the portal at all."""
    return {
        "organisation": current_organisation(),
        "mails_are_sent": bool(settings.EMAIL_URL),
        "oidc_name": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
    }
