"""The rights matrix: who may do what, and why one may not."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of
from foundation.accounts.rights import RIGHTS, WHOLE_ORGANISATION
from foundation.accounts.selectors import (
    ANYWHERE,
    Place,
    grants_of,
    holders_of,
    people_seen_by,
    rights_matrix,
    standing_of,
    unit_options,
)
from foundation.accounts.views.common import people_crumb, person_url
from foundation.ui.structure import Crumb

SHOWN_HOLDERS = 50


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Show every role and right, the reader's own marked; `?person=7` those of someone whom the reader may see."""
    person = _person_asked(request)
    is_other = person != person_of(request)
    grants = grants_of(person, on=organisation_day(clock.now()))
    held = {Role(grant.role) for grant in grants}
    context = {
        "title": _("What %(person)s may do") % {"person": person} if is_other else _("Roles and rights"),
        "subtitle": _("A role holds for the whole organisation, or for a business unit and all below it."),
        "crumbs": [people_crumb(), Crumb(person.full_name, person_url(person)), Crumb(_("Rights"))]
        if is_other
        else [],
        "roles": [(role, role in held) for role in Role],
        "areas": rights_matrix(grants),
        "grants": grants,
        "other": person if is_other else None,
    }
    return render(request, "accounts/rights.html", context)


@require_safe
def right(request: HttpRequest, code: str) -> HttpResponse:
    """Show who has one right and by which grant, whether someone has it and why not, and who can give it.

    `?unit=4` asks for a unit, `?unit=organisation` for all of it; `?person=7` for someone whom the reader may see.
    """
    if code not in RIGHTS:
        raise Http404
    today = organisation_day(clock.now())
    person, place = _person_asked(request), _place_asked(request)
    holders = holders_of(RIGHTS[code], on=today, limit=SHOWN_HOLDERS + 1, place=place)
    is_other = person != person_of(request)
    context = {
        "title": RIGHTS[code].label,
        "crumbs": [Crumb(_("Roles and rights"), reverse("accounts:rights")), Crumb(RIGHTS[code].label)],
        "standing": standing_of(person, RIGHTS[code], on=today, place=place),
        "roles": [role for role in Role if role in RIGHTS[code].roles],
        "grants": grants_of(person, on=today),
        "other": person if is_other else None,
        "holders": holders[:SHOWN_HOLDERS],
        "more_holders": len(holders) > SHOWN_HOLDERS,
        "givers": holders_of(RIGHTS["people.manage"], on=today, limit=5, place=place),
        "place": place,
        "units": unit_options(),
        "chosen": WHOLE_ORGANISATION if place.everywhere else str(place.unit.pk) if place.unit else "",
    }
    return render(request, "accounts/right.html", context)


def _person_asked(request: HttpRequest) -> User:
    """Return whom the address asks about, of those whom the reader may see; the reader, if it names nobody."""
    asked = request.GET.get("person", "")
    if not asked:
        return person_of(request)
    if not asked.isdecimal() or len(asked) > 18:
        raise Http404
    return get_object_or_404(people_seen_by(request.user), pk=int(asked))


def _place_asked(request: HttpRequest) -> Place:
    """Return where the address asks; what names no unit asks for anywhere."""
    asked = request.GET.get("unit", "")
    if asked == WHOLE_ORGANISATION:
        return Place(everywhere=True)
    if not asked.isdecimal() or len(asked) > 18:
        return ANYWHERE
    unit = BusinessUnit.objects.filter(pk=int(asked)).first()
    return Place(unit=unit) if unit else ANYWHERE
