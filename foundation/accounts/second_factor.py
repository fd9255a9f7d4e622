"""Of whom a second factor is demanded, and whether this session was opened with one."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from foundation.accounts.access import access_of
from foundation.accounts.allauth_inside import authentication_records
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.organisation import current_organisation

# What these two can do is worth more than a password, so in production no setting spares them.
ALWAYS_IN_PRODUCTION = frozenset({Role.CISO, Role.ADMINISTRATOR})

# A person's own doors; recovery codes only help out when one of them is lost.
DOORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

# The session's key of where a person was going when the portal asked for a second factor first.
WAITING = "after_second_factor"


def demanding_roles() -> frozenset[Role]:
    """Return the roles whose holders must have a second factor."""
    organisation = current_organisation()
    chosen = frozenset(Role(role) for role in organisation.mfa_roles) if organisation else frozenset()
    return chosen | ALWAYS_IN_PRODUCTION if settings.PRODUCTION else chosen


def is_demanded_of(user: User) -> bool:
    """Tell whether a role that the person holds today, wherever, demands a second factor."""
    roles = demanding_roles()
    return bool(roles) and not roles.isdisjoint(access_of(user).roles)


def opened_with_factor(request: HttpRequest) -> bool:
    """Tell whether a second factor was shown in this session. Reads the session alone."""
    return any(record.get("method") == "mfa" for record in authentication_records(request))


def is_missing(request: HttpRequest) -> bool:
    """Tell whether this person may go no further before a second factor is shown or set up."""
    user = request.user
    return isinstance(user, User) and not opened_with_factor(request) and is_demanded_of(user)


def is_last_door(authenticator: Authenticator) -> bool:
    """Tell whether the person would be left without a second factor if this one were taken away."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=DOORS)
    return not others.exclude(pk=authenticator.pk).exists()
