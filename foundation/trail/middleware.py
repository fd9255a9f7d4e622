"""Lets what a request writes say from where it came: the trail's entries, and the field-level history of tables."""

import ipaddress
import re
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from pghistory.middleware import HistoryMiddleware

from foundation.trail.context import Origin, acting_from, current_origin

SECRET_IN_PATH = re.compile(r"[^/]{24,}")


class TrailContextMiddleware:
    """Set the trail's origin for the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting_from(Origin(ip_address=client_address(request), request_id=str(uuid.uuid4()))):
            return self.get_response(request)


class HistoryContextMiddleware(HistoryMiddleware):
    """Let the field-level history know who sent the request, to where, and under which id it stands in the trail."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what is kept with each event; parts of the path that may be secret tokens are not."""
        return {
            **super().get_context(request),
            "url": path_shown(request),
            "request_id": current_origin().request_id,
        }


def path_shown(request: HttpRequest) -> str:
    """Return the request's path without the parts that may be secret tokens."""
    return SECRET_IN_PATH.sub("…", request.path)


def client_address(request: HttpRequest) -> str | None:
    """Return the IP address of whoever sent the request; None over a unix socket, or where a proxy sent nonsense."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None
