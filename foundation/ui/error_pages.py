"""Error pages in the product's look.

Each says what was not done, whether anything was saved, and where to go on. None of them reads a record; those for a
broken portal (500, 503) read nothing at all and run no context processor.
"""

import math
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import Error as DatabaseFault
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.ui.errors import LengthMissing, RequestTooLarge, TooManyRequests
from foundation.ui.theme import chosen_theme
from foundation.ui.ways_on import ways_on, what_was_asked

# Read by assets/js/unsent.js, which puts back what the tab kept.
UNSENT = "unsent"
UNSENT_SECONDS = 24 * 3600


def error_response(request: HttpRequest | None, status: int, **context: Any) -> HttpResponse:
    """Return the page of an error, drawn with nothing but what is given here."""
    page = loader.get_template(f"{status}.html")
    known = {
        "theme": chosen_theme(request) if request is not None else "",
        "status": status,
        "was_sent": request is not None and request.method not in ("GET", "HEAD"),
        **context,
    }
    response = HttpResponse(page.render(known), status=status)
    if known["was_sent"]:
        note_unsent(response)
    return response


def note_unsent(response: HttpResponse) -> None:
    """Tell the browser that what it sent was not taken: the form, when it is shown again, has what was typed."""
    response.set_cookie(
        UNSENT, "1", max_age=UNSENT_SECONDS, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 400, or 413 when the trouble is the size of what was sent, or 411 when it is not said."""
    if isinstance(exception, LengthMissing):
        return error_response(request, 411)
    if isinstance(exception, RequestDataTooBig | RequestTooLarge | TooManyFieldsSent | TooManyFilesSent):
        ways = ways_on(request, known=True)
        return error_response(request, 413, limit=_limit_words(exception), ways=ways)
    return error_response(request, 400)


def _limit_words(exception: Exception) -> str:
    """Return which limit was passed, in a sentence."""
    if isinstance(exception, RequestTooLarge):
        words = _("All that is sent at once, with its files, may take %(size)s.")
        return words % {"size": filesizeformat(exception.most)}
    if isinstance(exception, RequestDataTooBig):
        words = _("What is typed into a form may take %(size)s.")
        return words % {"size": filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)}
    if isinstance(exception, TooManyFilesSent):
        return _("%(count)d files may be sent at once.") % {"count": settings.DATA_UPLOAD_MAX_NUMBER_FILES}
    return _("%(count)d entries may be sent at once.") % {"count": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return 403; the words of the exception say which right is missing, `explained_at` where more is said of it."""
    explained_at = getattr(exception, "explained_at", "")
    return error_response(
        request,
        403,
        reason=str(exception or ""),
        explained_at=explained_at,
        asked=what_was_asked(request),
        ways=ways_on(request, known=True),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return 403 for a form whose secret does not fit: mostly one that lay open while its sender signed out."""
    page = loader.get_template("403_csrf.html")
    known = {"status": 403, "theme": chosen_theme(request), "back": request.path, "has_first_way": True}
    response = HttpResponse(page.render(known), status=403)
    note_unsent(response)
    return response


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return 404, the same for what is missing and for what may not be seen."""
    reason, way_on = getattr(exception, "words", ""), getattr(exception, "way_on", "")
    ways = ways_on(request)
    return error_response(request, 404, reason=reason, way_on=way_on, has_first_way=bool(way_on), ways=ways)


def too_many_requests(request: HttpRequest, exception: TooManyRequests | None = None) -> HttpResponse:
    """Return 429 with Retry-After; five minutes when nothing better is known."""
    seconds = exception.retry_after if exception else 300
    minutes = math.ceil(seconds / 60)
    if seconds < 90:
        wait = ngettext("Wait %(count)d second.", "Wait %(count)d seconds.", seconds) % {"count": seconds}
    else:
        wait = ngettext("Wait %(count)d minute.", "Wait %(count)d minutes.", minutes) % {"count": minutes}
    response = error_response(request, 429, wait=wait, ways=ways_on(request, known=True))
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
