"""What every page knows."""

from typing import Any

from django.http import HttpRequest

from foundation.accounts.organisation import current_organisation


def organisation(request: HttpRequest) -> dict[str, Any]:
    """Give templates the organisation."""
    return {"organisation": current_organisation()}
