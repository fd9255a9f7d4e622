"""System checks: is sign-in configured as the portal promises, and will links in mails lead to it?"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ValidationError
from django.http.request import validate_host

from foundation.accounts.models import Organisation
from foundation.accounts.rights import AREAS, RIGHTS
from foundation.accounts.validators import validate_base_url
from foundation.registry import NavigationEntry, registry

ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"
NEEDED_MIDDLEWARE = (
    "foundation.accounts.middleware.ClientAddressMiddleware",
    "foundation.accounts.middleware.SetupMiddleware",
    "foundation.accounts.middleware.SignInRequiredMiddleware",
    "foundation.accounts.middleware.SecondFactorMiddleware",
    "foundation.accounts.middleware.PersonMiddleware",
)
ONE_PROCESS_CACHES = ("locmem", "dummy", "filebased")


@register
def check_rights(**kwargs: Any) -> list[CheckMessage]:
    """Report navigation that asks for a right that does not exist, and rights without a heading or a role."""
    found: list[CheckMessage] = [
        Error(
            f"The navigation entry {entry.key!r} asks for the right {entry.right!r}, which does not exist.",
            hint="Add it to foundation/accounts/rights.py.",
            id="accounts.E001",
        )
        for entry in registry.all(NavigationEntry)
        if entry.right is not None and entry.right not in RIGHTS
    ]
    found += [
        Error(
            f"The right {right.code!r} has no area or no role.",
            hint="Its first part must stand in AREAS, and someone must hold it.",
            id="accounts.E002",
        )
        for right in RIGHTS.values()
        if right.area not in AREAS or not right.roles
    ]
    return found


@register(Tags.security)
def check_sign_in(**kwargs: Any) -> list[CheckMessage]:
    """Report passwords that are not kept by Argon2, and middleware without which pages stand open."""
    found: list[CheckMessage] = []
    if settings.PASSWORD_HASHERS[:1] != [ARGON2]:
        found.append(
            Error("Passwords are not kept by Argon2.", hint=f"Let {ARGON2} be first.", id="accounts.E003")
        )
    if missing := [name for name in NEEDED_MIDDLEWARE if name not in settings.MIDDLEWARE]:
        found.append(
            Error(f"MIDDLEWARE lacks {', '.join(missing)}: pages would be open.", id="accounts.E004")
        )
    return found


@register
def check_oidc(**kwargs: Any) -> list[CheckMessage]:
    """Report an identity provider that is half configured, asked without TLS in production, or believed too much."""
    if not settings.OIDC_ISSUER:
        return []
    found: list[CheckMessage] = [
        Error(
            "OIDC_ISSUER is set, but OIDC_CLIENT_ID or OIDC_CLIENT_SECRET is not.",
            hint="The provider gives out both when the portal is registered there.",
            id="accounts.E009",
        )
        for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
        if not (app["client_id"] and app["secret"])
    ]
    if settings.PRODUCTION and not settings.OIDC_ISSUER.startswith("https://"):
        found.append(Error("OIDC_ISSUER must start with https:// in production.", id="accounts.E010"))
    if settings.OIDC_TRUST_PROMPT:
        found.append(
            Warning(
                "OIDC_TRUST_PROMPT is set: who sits at an open browser may confirm weighty steps as its owner.",
                hint="Let the provider send auth_time, and take the setting away.",
                id="accounts.W003",
            )
        )
    return found


@register
def check_base_url(**kwargs: Any) -> list[CheckMessage]:
    """Report a BASE_URL that is none, or that leads nowhere safe in production."""
    url = settings.BASE_URL
    if not url:
        return []
    try:
        validate_base_url(url)
    except ValidationError as error:
        return [
            Error(
                f"BASE_URL is no address: {' '.join(error.messages)}",
                hint="Such as https://portal.example.com, without a path.",
                id="accounts.E005",
            )
        ]
    parts = urlsplit(url)
    found: list[CheckMessage] = []
    if settings.PRODUCTION and parts.scheme != "https":
        found.append(Error("BASE_URL must start with https:// in production.", id="accounts.E006"))
    if not validate_host(parts.hostname or "", settings.ALLOWED_HOSTS or ["localhost"]):
        found.append(
            Error(
                f"BASE_URL names {parts.hostname}, which ALLOWED_HOSTS refuses: links in mails would fail.",
                hint="Add the host to ALLOWED_HOSTS.",
                id="accounts.E007",
            )
        )
    return found


@register(Tags.database)
def check_base_url_known(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Report an organisation in production whose mails could carry no links. Runs with `check --database default`."""
    if not settings.PRODUCTION or settings.BASE_URL or "default" not in (databases or ()):
        return []
    organisation = Organisation.objects.first()
    if organisation is None or organisation.base_url:
        return []
    return [
        Error(
            "No base URL is known, so links in mails can't be made.",
            hint="Set BASE_URL, or the base URL in the organisation's settings.",
            id="accounts.E008",
        )
    ]


@register(Tags.security, deploy=True)
def check_limits(**kwargs: Any) -> list[CheckMessage]:
    """Report what would weaken the limits on guessing passwords."""
    found: list[CheckMessage] = []
    backend = settings.CACHES["default"]["BACKEND"]
    if any(name in backend for name in ONE_PROCESS_CACHES):
        found.append(
            Warning(
                "The cache is not shared by all processes, so each counts failed sign-ins for itself.",
                hint="Set REDIS_URL and leave CACHES as it is.",
                id="accounts.W001",
            )
        )
    if settings.BEHIND_PROXY and not settings.TRUSTED_PROXY_COUNT:
        found.append(
            Warning(
                "BEHIND_PROXY is set and TRUSTED_PROXY_COUNT is 0: everyone would share the proxy's limits.",
                hint="Set TRUSTED_PROXY_COUNT to the number of proxies in a row.",
                id="accounts.W002",
            )
        )
    return found
