"""My desk."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.accounts.requests import PersonRequest
from foundation.desk.selectors import desk_of


@require_safe
@login_required
def desk(request: PersonRequest) -> HttpResponse:
    """Show what waits for the person who is signed in."""
    now = clock.now()
    context = {"title": _("My desk"), "desk": desk_of(request.user, now), "now": now}
    return render(request, "desk/desk.html", context)
