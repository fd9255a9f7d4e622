"""What was sent and has to wait until its person proved who it is: kept sealed in the session's row, and done afterwards.

Kept are the typed fields and where they were sent, for ten minutes; no headers, no cookies, no files. Of a form with a
password or another secret, with files, or with more than 64 kB, nothing is kept: it is sent once more, and that is said.
Each waits by its own way on, so windows take nothing from one another (`waiting.py`); of what is not done, one is told.
"""

import re
from datetime import timedelta
from enum import Enum
from typing import Any
from urllib.parse import urlencode, urlsplit

import pghistory
from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.urls import resolve
from django.utils.translation import gettext as _

from foundation import clock
from foundation.accounts.session_store import SessionStore, store_of
from foundation.accounts.waiting import waiting_add, waiting_give_up, waiting_on, waiting_take
from foundation.trail.middleware import path_shown

KEPT_FOR = timedelta(minutes=10)
MOST_KEPT = 64 * 1024  # characters of all fields together, as a browser sends them
# Names of fields whose value nobody may keep. A one-time code is none of them: it is void when the seal could be opened.
SECRET = re.compile(
    r"pass(word|phrase|wd|code)|secret|token|credential|private|api_?key|(^|_)pin(_|$)", re.IGNORECASE
)
TOKEN_OF_THE_FORM = "csrfmiddlewaretoken"  # noqa: S105 (the name of a field)


class Waiting(Enum):
    """What becomes of what was sent, once it is known who it was."""

    KEPT = "kept"
    NOT_KEPT = "not kept"


def put_off(request: HttpRequest) -> HttpResponse:
    """Return the way to the page that asks who it is; what was sent waits in the session's row, where it may be kept.

    The way on leads to the page from which it was sent: what waits is done on that way, and on no other.
    """
    if not request.user.is_authenticated:
        return _asking(resolve_url(settings.LOGIN_URL), request.get_full_path())
    session = store_of(request)
    going = request.get_full_path()
    if request.method == "POST":
        going = _sent_from(request)
        content = {
            "user": request.user.pk,
            "going": going,
            "path": request.path,
            "path_info": request.path_info,
            "query": request.META.get("QUERY_STRING", ""),
            "sent": _kept_of(request),
        }
        content["instead"] = _is_instead_of_another(session, content)
        waiting_add(session.digest, going=going, content=content, until=clock.now() + KEPT_FOR)
    elif waiting_on(session.waiting, going):
        # Whoever opens the page anew may have given up what was sent from it: nothing is done that nobody awaits.
        waiting_give_up(session.digest, going=going, now=clock.now())
    ways = get_adapter().get_reauthentication_methods(request.user)
    return _asking(ways[0]["url"] if ways else resolve_url(settings.LOGIN_URL), going)


def go_on(request: HttpRequest, _state: dict[str, Any]) -> HttpResponse | None:
    """Do what waited, now that it is known who asks; or say why it is not done, and return None.

    Of two confirmations at once, one takes it.
    """
    session = store_of(request)
    going = get_next_redirect_url(request)
    taken, others = waiting_take(session.digest, going)
    if any(one.content(clock.now()) for one in others):
        messages.info(request, _("Something else that you sent still waits: confirm on its own page, too."))
    if taken is None:
        if waiting_on(session.waiting, going):  # it was there when this request began
            messages.info(request, _("What you had sent was taken up already, by another confirmation."))
        return None
    content = taken.content(clock.now())
    if content is None:
        _tell(request, _("What you had sent was not kept so long."))
        return None
    if content["user"] != request.user.pk:
        return None
    if content["instead"]:
        messages.warning(
            request, _("Something else that you had sent from the same page before is not done.")
        )
    if content["sent"] is None:
        _tell(request, _("What you had sent was not kept: it held a password, a file or very much text."))
        return None
    return _sent_again(request, content)


def waiting_for(request: HttpRequest, going: str | None) -> Waiting | None:
    """Return what becomes of what was sent, on the way to this address; None where nothing was."""
    waits = waiting_on(store_of(request).waiting, going)
    content = waits.content(clock.now()) if waits else None
    if content is None:
        return None
    return Waiting.NOT_KEPT if content["sent"] is None else Waiting.KEPT


def _is_instead_of_another(session: SessionStore, content: dict[str, Any]) -> bool:
    """Tell whether another step, not this one once more, waits by the same way: of the two, this one will be done."""
    waits = waiting_on(session.waiting, content["going"])
    before = waits.content(clock.now()) if waits else None
    if before is None:
        return False
    return bool(before["instead"]) or any(before[name] != content[name] for name in ("path", "query"))


def _sent_from(request: HttpRequest) -> str:
    """Return the address of the page that sent the form: unlike the form's own, it can be opened once more."""
    try:
        page = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:  # a browser sends no such thing
        return request.get_full_path()
    if page.netloc != request.get_host() or not page.path:
        return request.get_full_path()
    return f"{page.path}?{page.query}" if page.query else page.path


def _kept_of(request: HttpRequest) -> str | None:
    """Return the fields as they may be kept, or None where they may not."""
    if request.FILES or any(
        values != [""] and is_secret(request, name) for name, values in request.POST.lists()
    ):
        return None
    fields = request.POST.copy()
    fields.pop(TOKEN_OF_THE_FORM, None)
    sent = fields.urlencode()
    return sent if len(sent) <= MOST_KEPT else None


def is_secret(request: HttpRequest, name: str) -> bool:
    """Tell whether the value of a field is nobody's to keep, by its name or by what the view says of it."""
    if name == TOKEN_OF_THE_FORM:
        return False
    declared = getattr(request, "sensitive_post_parameters", ())
    return declared == "__ALL__" or name in declared or bool(SECRET.search(name))


def _sent_again(request: HttpRequest, content: dict[str, Any]) -> HttpResponse:
    """Let the request be the one that waited, from the browser that asks now, and answer it.

    Middleware does not see it again: it let the same person through when it was sent.
    """
    request.method = "POST"
    request.path, request.path_info = content["path"], content["path_info"]
    request.GET = QueryDict(content["query"])
    request.POST = QueryDict(content["sent"])
    request.META = {
        **request.META,
        "REQUEST_METHOD": "POST",
        "PATH_INFO": content["path_info"],
        "QUERY_STRING": content["query"],
        "HTTP_REFERER": request.build_absolute_uri(content["going"]),
    }
    pghistory.context(url=path_shown(request))
    match = request.resolver_match = resolve(request.path_info)
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


def _asking(page: str, going: str) -> HttpResponse:
    return redirect(f"{page}?{urlencode({REDIRECT_FIELD_NAME: going})}")


def _tell(request: HttpRequest, what: str) -> None:
    again = _("You are confirmed: take the step once more.")
    messages.warning(request, f"{what} {again}")
