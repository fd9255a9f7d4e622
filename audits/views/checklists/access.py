"""How pages reach an audit's checklist: of an audit that the reader may know of, and never as somebody audited there."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from audits.models import Audit, Check
from audits.permissions import can_see_checks
from audits.selectors import audits_with_people
from audits.selectors.checks import check_of
from foundation.accounts.models import User
from foundation.ui.structure import Crumb


def audit_for(user: User, reference: str) -> Audit:
    """Return an audit whose checklist the person sees; raise Http404 for an unknown one, PermissionDenied for another."""
    audit: Audit = get_object_or_404(audits_with_people(user), reference=reference)
    check_may_see(user, audit)
    return audit


def check_may_see(user: User, audit: Audit) -> None:
    """Raise PermissionDenied, with the reason, for who does not see the checklist of an audit."""
    if not can_see_checks(user, audit):
        raise PermissionDenied(_("The checklist of an audit is for its auditors, not for who is audited."))


def check_in(audit: Audit, key: int, user: User) -> Check:
    """Return a check of an audit; raise Http404 for any other."""
    check = check_of(audit, key, user)
    if check is None:
        raise Http404
    return check


def refuse(refusal: str | None) -> None:
    """Raise PermissionDenied for a reason, where there is one."""
    if refusal:
        raise PermissionDenied(refusal)


def checklist_url(audit: Audit) -> str:
    """Return the address of an audit's checklist."""
    return reverse("audits:checklist", args=[audit.reference])


def crumbs_to(audit: Audit, title: str) -> tuple[Crumb, ...]:
    """Return the path to a page below the checklist."""
    return (
        Crumb(_("Audits"), reverse("audits:audit-list")),
        Crumb(audit.reference, audit.get_absolute_url()),
        Crumb(_("Checklist"), checklist_url(audit)),
        Crumb(title),
    )
