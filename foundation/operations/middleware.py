"""Answers monitors before anything else could fail."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation.operations.views import healthz

PATH = "/healthz"


class HealthMiddleware:
    """Answer `/healthz` above all that asks the database or the session: it must speak when those can not.

    Stands right under the middleware that only adds headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return healthz(request) if request.path == PATH else self.get_response(request)
