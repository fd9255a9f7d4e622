"""Second factors of people, as they may be shown: of what kind, since when, and no secret."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext as _

from foundation.accounts.models import User

NAME = "name"
NAMED = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
NAME_LENGTH = 60


@dataclass(frozen=True)
class Factor:
    """A second factor without what makes it one."""

    pk: int
    type: Authenticator.Type
    kind: str
    name: str
    created_at: datetime
    last_used_at: datetime | None


def factors_of(user: User) -> list[Factor]:
    """Return a person's second factors, the oldest first."""
    kept = Authenticator.objects.filter(user=user).order_by("created_at", "pk")
    return [
        Factor(
            pk=one.pk,
            type=Authenticator.Type(one.type),
            kind=kind_words(one),
            name=factor_name(one),
            created_at=one.created_at,
            last_used_at=one.last_used_at,
        )
        for one in kept
    ]


def kind_words(factor: Authenticator) -> str:
    """Return what kind of factor it is."""
    return {
        Authenticator.Type.TOTP: _("Authenticator app"),
        Authenticator.Type.WEBAUTHN: _("Passkey"),
        Authenticator.Type.RECOVERY_CODES: _("Recovery codes"),
    }[Authenticator.Type(factor.type)]


def factor_name(factor: Authenticator) -> str:
    """Return what its owner calls it; of one that was never named, the kind."""
    return str(factor.data.get(NAME) or kind_words(factor))


def identities_of(user: User) -> list[SocialAccount]:
    """Return under which names the organisation's provider knows a person."""
    return list(SocialAccount.objects.filter(user=user).order_by("date_joined", "pk"))
