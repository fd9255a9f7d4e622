"""Pages that come late, or in pieces: each waits until the test lets it go on."""

from collections.abc import Iterator
from threading import Event

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

HEAD = "<!doctype html><html lang=en><head><title>{}</title></head><body>"
FIRST = HEAD.format("First") + (
    "<main><h1>First</h1><a href=/halves/>Halves</a>"
    "<form action=/late/><label>Word <input name=word></label></form></main></body></html>"
)
UNNAMED_FIELD = f"<main><h1>Late</h1><input name=unnamed><pre>{'x' * 1_000}</pre></main></body></html>"
PATIENCE_SECONDS = 10

go_on = Event()


def first(request: HttpRequest) -> HttpResponse:
    """Answer at once."""
    return HttpResponse(FIRST)


def halves(request: HttpRequest) -> StreamingHttpResponse:
    """Send the half without any content, and the other one later."""

    def parts() -> Iterator[str]:
        yield HEAD.format("Halves") + "<p hidden>" + "x" * 4_000 + "</p>"
        go_on.wait(PATIENCE_SECONDS)
        yield "<main><h1>Halves</h1></main></body></html>"

    return StreamingHttpResponse(parts())


def late(request: HttpRequest) -> HttpResponse:
    """Answer late, with a page that is not accessible and does not fit."""
    go_on.wait(PATIENCE_SECONDS)
    return HttpResponse(HEAD.format("Late") + UNNAMED_FIELD)


urlpatterns = [path("first/", first), path("halves/", halves), path("late/", late)]
