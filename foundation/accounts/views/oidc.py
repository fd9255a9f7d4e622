"""The way to the organisation's identity provider, and back."""

from collections.abc import Callable

import requests
from allauth.socialaccount.providers.openid_connect import views as allauth_views
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.accounts.oidc_adapter import refused_page
from foundation.trail.services import entry_write

# What a provider that is away, or answers nonsense, makes the library raise.
PROVIDER_FAILS = (requests.RequestException, AttributeError, KeyError, TypeError, ValueError)


@require_safe
@never_cache
@login_not_required
def oidc_sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider."""
    return _pass_on(allauth_views.login, request, provider_id)


@require_safe
@never_cache
@login_not_required
def oidc_return(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take who comes back from the provider."""
    return _pass_on(allauth_views.callback, request, provider_id)


def _pass_on(view: Callable[..., HttpResponse], request: HttpRequest, provider_id: str) -> HttpResponse:
    # Of what the library can do besides signing in (connect an account, lead on to an address), nothing is offered.
    if not settings.OIDC_ISSUER or request.GET.get("process", "login") != "login":
        raise Http404
    try:
        return view(request, provider_id)
    except PROVIDER_FAILS:
        entry_write(action="accounts.session.refused", actor=None)
        return refused_page(request)
