"""Who may write controls, rate them and give evidence of them, and what they are kept from."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from controls.choices import DECIDING, WRITING, ControlState, Implementation
from controls.models import Control
from foundation.accounts.access import access_of
from foundation.accounts.selectors import stood_in_for

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser
    from foundation.accounts.models import User

WRITE = "controls.write"
APPROVE = "controls.approve"
RATE = "controls.rate"


def can_write(user: "AnyUser", control: Control) -> bool:
    """Tell whether a person may write a control, whatever its state: by right, or as its owner."""
    return access_of(user).has(WRITE, control.unit_id) or (
        control.owner_id == user.pk and control.owner.is_active
    )


def writing_refusal(control: Control) -> str | None:
    """Return why nobody can write what the control says in its state, or None."""
    if control.state in WRITING:
        return None
    if control.state in DECIDING:
        return _("It waits for approval: withdraw the request first.")
    if control.state == ControlState.RETIRED:
        return _("It is retired, so it stays as it is.")
    return _("What is in force stays as it is: begin a revision first.")


def can_write_now(user: "AnyUser", control: Control) -> bool:
    """Tell whether a person may write what the control says as it stands."""
    return writing_refusal(control) is None and can_write(user, control)


def settling_refusal(control: Control) -> str | None:
    """Return why nothing is changed beside what the control says, or None."""
    return _("It is retired, so it stays as it is.") if control.is_retired else None


def implementing_refusal(control: Control, user: "User", implementation: str) -> str | None:
    """Return why a person can't say that a control is carried out so far, or None: that it does not apply is not the owner's alone to say."""
    if refusal := settling_refusal(control):
        return refusal
    if implementation == Implementation.NOT_APPLICABLE and not access_of(user).has(WRITE, control.unit_id):
        return _("That it does not apply is for those to say who write controls.")
    return None


def operating_refusal(control: Control) -> str | None:
    """Return why nothing can be found or shown of how the control is carried out, or None."""
    if control.is_retired:
        return _("It is retired, so it stays as it is.")
    if not control.is_in_force:
        return _("Nothing of it is in force yet.")
    if not control.is_operating:
        return _("It is not carried out: say first how far it is implemented.")
    return None


def can_give_evidence(user: "User", control: Control, on: date) -> bool:
    """Tell whether a person may give evidence of a control: its owner, who stands in for the owner that day, or who writes controls."""
    if can_write(user, control):
        return True
    return any(person.pk == control.owner_id for person in stood_in_for(user, on=on))


def can_rate(user: "AnyUser", control: Control) -> bool:
    """Tell whether a person has the right to rate a control; its owner has it, too, but never for this one (`rating_refusal`)."""
    return access_of(user).has(RATE, control.unit_id)


def rating_refusal(control: Control, user: "AnyUser") -> str | None:
    """Return why a person can't rate a control, or None: nobody rates the own one."""
    if refusal := operating_refusal(control):
        return refusal
    if control.owner_id == user.pk:
        return _("You own this control, so somebody else must rate it.")
    return None
