"""Where a person is signed in, and ending it."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from foundation import clock
from foundation.accounts.devices import device_words
from foundation.accounts.models import Session, User
from foundation.accounts.requests import PersonRequest
from foundation.accounts.selectors import sessions_of
from foundation.accounts.services import session_end, sessions_end
from foundation.accounts.session_store import current_digest


@dataclass(frozen=True)
class SessionRow:
    """A session as its owner sees it."""

    session: Session
    device: str
    is_current: bool


def session_rows(user: User) -> list[SessionRow]:
    """Return a person's sessions, the reader's own one first."""
    own = current_digest()
    rows = [
        SessionRow(session, device_words(session.user_agent), session.pk == own)
        for session in sessions_of(user, now=clock.now())
    ]
    return sorted(rows, key=lambda row: not row.is_current)


@require_POST
@login_required
def session_end_one(request: PersonRequest, pk: str) -> HttpResponse:
    """End one of the reader's own sessions."""
    session = get_object_or_404(Session.objects.select_related("user"), pk=pk, user=request.user)
    session_end(session=session, actor=request.user, now=clock.now())
    messages.success(request, _("Session ended"))
    return redirect("mfa_index")


@require_POST
@login_required
def sessions_end_other(request: PersonRequest) -> HttpResponse:
    """End all of the reader's sessions but this one."""
    ended = sessions_end(user=request.user, actor=request.user, now=clock.now())
    text = ngettext("%(count)d other session ended", "%(count)d other sessions ended", ended)
    messages.success(request, text % {"count": ended})
    return redirect("mfa_index")
