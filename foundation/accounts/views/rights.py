"""The rights matrix: who may do what, and why one may not."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of
from foundation.accounts.rights import RIGHTS
from foundation.accounts.selectors import grants_of, holders_of, matrix_row, rights_matrix
from foundation.ui.structure import Crumb

SHOWN_HOLDERS = 50


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Show every role and right, the reader's own marked."""
    grants = grants_of(person_of(request), on=organisation_day(clock.now()))
    mine = {Role(grant.role) for grant in grants}
    context = {
        "title": _("Roles and rights"),
        "subtitle": _("A role holds for the whole organisation, or for a business unit and all below it."),
        "roles": [(role, role in mine) for role in Role],
        "areas": rights_matrix(grants),
        "grants": grants,
    }
    return render(request, "accounts/rights.html", context)


@require_safe
def right(request: HttpRequest, code: str) -> HttpResponse:
    """Show who has one right, whether the reader has it and why, and who can give it."""
    if code not in RIGHTS:
        raise Http404
    today = organisation_day(clock.now())
    grants = grants_of(person_of(request), on=today)
    holders = holders_of(RIGHTS[code], on=today, limit=SHOWN_HOLDERS + 1)
    context = {
        "title": RIGHTS[code].label,
        "crumbs": [Crumb(_("Roles and rights"), reverse("accounts:rights")), Crumb(RIGHTS[code].label)],
        "row": matrix_row(RIGHTS[code], grants),
        "roles": [role for role in Role if role in RIGHTS[code].roles],
        "grants": grants,
        "holders": holders[:SHOWN_HOLDERS],
        "more_holders": len(holders) > SHOWN_HOLDERS,
        "givers": holders_of(RIGHTS["people.manage"], on=today, limit=5),
    }
    return render(request, "accounts/right.html", context)
