"""Error pages in the product's look.

Each says what was not done, whether anything was saved, and where to go on. None of them reads a record; those for a
broken portal (500, 503) read nothing at all and run no context processor.
"""

import math
import sys
from typing import Any
from urllib.parse import quote, unquote

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

# Written by assets/js/unsent.js: the address whose form the tab has just kept. A refusal answers with the other, which says
# that this form was not taken: what the tab kept is put back for as long, into this form alone.
KEPT = "kept"
UNSENT = "unsent"
UNSENT_SECONDS = 30 * 60


def error_response(request: HttpRequest | None, status: int, **context: Any) -> HttpResponse:
    """Return the page of an error, drawn with nothing but what is given here."""
    page = loader.get_template(f"{status}.html")
    known = {
        "theme": chosen_theme(request) if request is not None else "",
        "status": status,
        "was_sent": _was_sent(request),
        "was_kept": was_kept(request),
        **context,
    }
    response = HttpResponse(page.render(known), status=status)
    note_unsent(request, response)
    return response


def _was_sent(request: HttpRequest | None) -> bool:
    return request is not None and request.method not in ("GET", "HEAD")


def was_kept(request: HttpRequest | None) -> bool:
    """Return whether the tab says that it kept the form that it has just sent."""
    return (
        request is not None and _was_sent(request) and unquote(request.COOKIES.get(KEPT, "")) == request.path
    )


def note_unsent(request: HttpRequest | None, response: HttpResponse) -> None:
    """Tell a tab that kept its form that it was not taken: when it is shown again, it has what was typed."""
    if request is None or not was_kept(request):
        return
    secure = settings.SESSION_COOKIE_SECURE
    path = quote(request.path, safe="")
    response.set_cookie(UNSENT, path, max_age=UNSENT_SECONDS, secure=secure, samesite="Lax")


def forget_unsent(response: HttpResponse) -> None:
    """Let nothing that somebody typed come back: that person is signed out."""
    response.delete_cookie(UNSENT, samesite="Lax")
    response.delete_cookie(KEPT, samesite="Lax")


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
    known = {
        "status": 403,
        "theme": chosen_theme(request),
        "back": request.path,
        "has_first_way": True,
        "was_kept": was_kept(request),
    }
    response = HttpResponse(page.render(known), status=403)
    note_unsent(request, response)
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
