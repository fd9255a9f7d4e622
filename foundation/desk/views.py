"""My desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation import clock
from foundation.accounts.requests import PersonRequest
from foundation.actions.selectors import actions_of_person
from foundation.desk.first_steps import first_steps_of
from foundation.desk.selectors import desk_of
from foundation.desk.services import first_steps_dismiss
from foundation.ui.navigation import also_count


@require_safe
@login_required
def desk(request: PersonRequest) -> HttpResponse:
    """Show what waits for the person who is signed in."""
    now = clock.now()
    also_count(request, actions_of_person(request.user))
    context = {
        "title": _("My desk"),
        "desk": desk_of(request.user, now),
        "first_steps": first_steps_of(request.user, now=now),
        "now": now,
    }
    return render(request, "desk/desk.html", context)


@require_POST
@login_required
def dismiss_first_steps(request: PersonRequest) -> HttpResponse:
    """Take the first steps off the desk."""
    first_steps_dismiss(user=request.user, now=clock.now())
    messages.success(request, _("The first steps are off your desk"))
    return redirect("desk:desk")
