"""Error pages in the product's look, and the errors that views raise to show them.

None of these pages reads the database; the page for 500 runs no context processor either.
"""

import math
import sys
from typing import Any, TypeVar

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.db import Error as DatabaseFault
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Found = TypeVar("Found", bound=Model)


class RequestTooLarge(SuspiciousOperation):
    """The body of a request is larger than the portal takes; shown as 413."""


class LengthMissing(SuspiciousOperation):
    """The body of a request comes in pieces, and nobody knows how many; shown as 411."""


class TooManyRequests(Exception):
    """Someone tried too often; shown as 429 with the seconds to wait."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Too many requests; again in {retry_after:.0f} s")
        self.retry_after = max(1, math.ceil(retry_after))


class Gone(Http404):
    """What an address led to is there no longer, as far as its reader may know; shown as 404, with words and a way on.

    Who asks for what is another's, or never was, gets the very same: the words must not tell one from the other.
    """

    def __init__(self, words: str, *, way_on: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.way_on = way_on


def found_or_gone(rows: QuerySet[Found], gone: Gone, **lookup: Any) -> Found:
    """Return the one of some rows that a lookup finds; raise Gone where there is none."""
    found = rows.filter(**lookup).first()
    if found is None:
        raise gone
    return found


def error_response(request: HttpRequest | None, status: int, **context: Any) -> HttpResponse:
    """Return the page of an error, drawn with nothing but what is given here."""
    page = loader.get_template(f"{status}.html")
    theme = request.COOKIES.get("theme", "") if request is not None else ""
    known = {"theme": theme if theme in ("light", "dark") else "", "status": status, **context}
    return HttpResponse(page.render(known), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 400, or 413 when the trouble is the size of what was sent, or 411 when it is not said."""
    if isinstance(exception, LengthMissing):
        return error_response(request, 411)
    if isinstance(exception, RequestDataTooBig | RequestTooLarge | TooManyFieldsSent | TooManyFilesSent):
        return error_response(request, 413)
    return error_response(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return 403; the words of the exception say which right is missing, `explained_at` where more is said of it."""
    explained_at = getattr(exception, "explained_at", "")
    return error_response(request, 403, reason=str(exception or ""), explained_at=explained_at)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return 403 for a form whose secret does not fit: mostly one that lay open while its sender signed out."""
    page = loader.get_template("403_csrf.html")
    return HttpResponse(page.render({"status": 403, "back": request.path}), status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return 404, the same for what is missing and for what may not be seen."""
    reason, way_on = getattr(exception, "words", ""), getattr(exception, "way_on", "")
    return error_response(request, 404, reason=reason, way_on=way_on)


def too_many_requests(request: HttpRequest, exception: TooManyRequests | None = None) -> HttpResponse:
    """Return 429 with Retry-After; five minutes when nothing better is known."""
    seconds = exception.retry_after if exception else 300
    minutes = math.ceil(seconds / 60)
    if seconds < 90:
        wait = ngettext("Wait %(count)d second.", "Wait %(count)d seconds.", seconds) % {"count": seconds}
    else:
        wait = ngettext("Wait %(count)d minute.", "Wait %(count)d minutes.", minutes) % {"count": minutes}
    response = error_response(request, 429, wait=wait)
    response["Retry-After"] = str(seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Return 500; 503 when the cause, which Django is just handling, is a database that is away."""
    if isinstance(sys.exc_info()[1], DatabaseFault) and not connection.is_usable():
        return unavailable(request)
    return error_response(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return 503 for a portal whose database does not answer."""
    response = error_response(request, 503, wait=_("Try again in a minute."))
    response["Retry-After"] = "60"
    return response
