"""Who may pass: checks at the edge, for views.

A page asks for a right *anywhere* (`right_required`); something that belongs to a unit is checked again for that
unit (`right_check`). Records that a person may not know of are never found in the first place
(`visible_to()`), so 403 tells only what the person sees anyway.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from foundation.accounts.access import access_of
from foundation.accounts.models import RoleGrant, User
from foundation.accounts.rights import RIGHTS, RightMissing, refusal_reason
from foundation.accounts.rights import right_missing as right_missing

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

View = Callable[..., HttpResponseBase]


def right_check(*, user: "AnyUser", right: str, unit_id: int | None = None) -> None:
    """Raise PermissionDenied, with the reason, unless the person has the right for something of this unit."""
    if not access_of(user).has(right, unit_id):
        raise right_missing(right, unit_id)


def right_check_anywhere(*, user: "AnyUser", right: str) -> None:
    """Raise PermissionDenied, with the reason, unless the person has the right somewhere."""
    if not access_of(user).has_anywhere(right):
        raise RightMissing(right)


def person_of(request: HttpRequest) -> User:
    """Return who is signed in; raise PermissionDenied for a stranger, whom the sign-in page should have stopped."""
    if not isinstance(request.user, User):
        raise PermissionDenied(_("Sign in first."))
    return request.user


def right_required(right: str) -> Callable[[View], View]:
    """Let a view be called by people who have the right somewhere: others get 403 with the reason, or sign in first."""
    RIGHTS[right]  # an unknown code fails when the module is loaded, not when the page is opened

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            right_check_anywhere(user=request.user, right=right)
            return view(request, *args, **kwargs)

        return checked

    return decorate


class RightRequiredMixin:
    """For class-based views: `right` names what a person must have somewhere."""

    right: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check the right before the view runs."""
        return right_required(self.right)(super().dispatch)(request, *args, **kwargs)  # type: ignore[misc]


def refusal_to_manage(*, actor: User, person: User, on: date) -> str | None:
    """Return why someone may not change this person's account, or None.

    Whoever manages some units manages the people who belong to them, but nobody who holds a role beyond them: whoever
    may change an e-mail address could otherwise take over an account that may more than their own.
    """
    scope = access_of(actor).scope("people.manage")
    if scope.everywhere:
        return None
    if not scope.covers(person.unit_id):
        return refusal_reason("people.manage")
    beyond = RoleGrant.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), user=person)
    if beyond.exclude(unit_id__in=scope.unit_ids).exists():
        return _(
            "%(person)s holds a role beyond the units that you manage, so someone who manages the whole organisation has to do this."
        ) % {"person": person}
    return None


def manage_check(*, actor: User, person: User, on: date) -> None:
    """Raise PermissionDenied, with the reason, unless someone may change this person's account."""
    if not access_of(actor).has("people.manage", person.unit_id):
        raise right_missing("people.manage", person.unit_id)
    if reason := refusal_to_manage(actor=actor, person=person, on=on):
        raise RightMissing("people.manage", everywhere=True, reason=reason)
