"""Lets trail entries of a request carry its address and id."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation.trail.context import Origin, acting_from


class TrailContextMiddleware:
    """Set the trail's origin for the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        origin = Origin(ip_address=request.META.get("REMOTE_ADDR") or None, request_id=str(uuid.uuid4()))
        with acting_from(origin):
            return self.get_response(request)
