"""The way to the organisation's identity provider, and back."""

import time
from collections.abc import Callable
from typing import Any

import requests
import structlog
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import BaseReauthenticateView
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.openid_connect import views as allauth_views
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.accounts.confirmation import ASK_ANEW, CONFIRMED, is_just_confirmed, is_known_to_provider
from foundation.accounts.oidc_adapter import CONFIRMS, refused_page, way_to_confirm
from foundation.accounts.oidc_settings import PROVIDER_ID
from foundation.accounts.permissions import person_of
from foundation.accounts.put_off import Waiting, waiting_for
from foundation.accounts.views.confirming import ConfirmMixin
from foundation.trail.services import entry_write

logger = structlog.get_logger(__name__)

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


@method_decorator(login_required, name="dispatch")
class OidcConfirm(ConfirmMixin, BaseReauthenticateView):
    """Says that the provider will ask who it is, and goes on when it has.

    The provider leads back here by a GET, and a GET changes nothing: what waits is done by a POST that the page sends.
    """

    form_class = forms.Form
    template_name = "account/oidc_confirm.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the way to the provider; who comes from there goes on, where something is kept by a form."""
        waiting = waiting_for(request, get_next_redirect_url(request))
        if is_just_confirmed(request) and waiting != Waiting.KEPT:
            return self.post(request)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go on with what was asked before, or show the way to the provider again."""
        is_confirmed = is_just_confirmed(request)
        request.session.pop(CONFIRMED, None)
        if is_confirmed:
            return self.form_valid(forms.Form())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the way there, which comes back to here."""
        return super().get_context_data(**kwargs) | {
            "oidc_name": settings.OIDC_NAME,
            "way": self.passthrough_next_url(reverse("oidc_confirm_go")),
            "is_confirmed": is_just_confirmed(self.request),
        }


@require_safe
@never_cache
@login_required
def oidc_confirm_go(request: HttpRequest) -> HttpResponse:
    """Lead to the provider, and let it ask anew who it is."""
    if not is_known_to_provider(person_of(request)):
        raise Http404
    state = {CONFIRMS: person_of(request).pk, "asked_at": time.time()}
    going = get_next_redirect_url(request)
    provider = get_adapter().get_provider(request, PROVIDER_ID)
    try:
        return provider.redirect(request, process="login", next_url=going, auth_params={**ASK_ANEW}, **state)
    except PROVIDER_FAILS:
        logger.exception("accounts.provider_failed")
        words = _("%(provider)s does not answer. Try again in a minute.") % {"provider": settings.OIDC_NAME}
        messages.error(request, words)
        return redirect(way_to_confirm({"next": going}))


def _pass_on(view: Callable[..., HttpResponse], request: HttpRequest, provider_id: str) -> HttpResponse:
    # Of what the library can do besides signing in (connect an account, lead on to an address), nothing is offered.
    if not settings.OIDC_ISSUER or request.GET.get("process", "login") != "login":
        raise Http404
    try:
        return view(request, provider_id)
    except PROVIDER_FAILS:  # a mistake of our own looks alike: the log tells one from the other
        logger.exception("accounts.provider_failed")
        entry_write(action="accounts.session.refused", actor=None)
        return refused_page(request)
