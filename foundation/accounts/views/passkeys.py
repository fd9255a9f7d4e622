"""Passkeys: making one, signing in by it, showing it once more, taking it away."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as allauth_views
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy

from foundation import clock
from foundation.accounts.allauth_inside import (
    begin_authentication,
    begin_registration,
    record_authentication,
)
from foundation.accounts.permissions import person_of
from foundation.accounts.second_factor import is_missing
from foundation.accounts.services.factors import factor_note_added, factor_note_removed
from foundation.accounts.views.confirming import ConfirmMixin
from foundation.accounts.views.factors import forget_factor, within_security
from foundation.trail.services import entry_write


class PasskeyAdd(allauth_views.AddWebAuthnView):
    """Makes a passkey, which opens the account without a password."""

    extra_context = within_security(gettext_lazy("Make a passkey"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Ask the browser for a key that it keeps and that asks who its holder is."""
        context = super().get_context_data(**kwargs)
        options = begin_registration(person_of(self.request), True)
        return context | {"js_data": {"creation_options": options}, "is_alone": is_missing(self.request)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the passkey, and let the session count as opened with it."""
        person = person_of(self.request)
        with transaction.atomic():
            response = super().form_valid(form)
            kept = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).latest("id")
            factor_note_added(user=person, type=kept.type, now=clock.now())
        record_authentication(self.request, person, "mfa", id=kept.pk, type=kept.type)
        return response


class PasskeyRemove(allauth_views.RemoveWebAuthnView):
    """Takes a passkey away, where no role needs it."""

    success_url = reverse_lazy("mfa_index")
    extra_context = within_security(gettext_lazy("Take the passkey away?"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say why it stays, where it does."""
        adapter = get_adapter()
        stays = not adapter.can_delete_authenticator(self.object)
        refusal = adapter.error_messages["cannot_delete_authenticator"] if stays else ""
        return super().get_context_data(**kwargs) | {"refusal": refusal}

    def form_valid(self, form: Any) -> HttpResponse:
        """Take it away; the session no longer counts as opened with it."""
        key = self.get_object()
        if not get_adapter().can_delete_authenticator(key):
            return self.render_to_response(self.get_context_data(form=form), status=422)
        pk = key.pk
        with transaction.atomic():
            response = super().form_valid(form)
            factor_note_removed(
                user=person_of(self.request), type=Authenticator.Type.WEBAUTHN, now=clock.now()
            )
        forget_factor(self.request, pk)
        return response


@method_decorator(login_not_required, name="dispatch")
class PasskeySignIn(allauth_views.LoginWebAuthnView):
    """Signs in whoever shows a passkey. A GET gives the browser what to sign."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return a fresh challenge."""
        return JsonResponse(begin_authentication(user=None))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Lead back to the sign-in page and say that the key is not known."""
        entry_write(action="accounts.session.refused", actor=None)
        messages.error(self.request, gettext_lazy("This passkey opens no account here."))
        return redirect("account_login")


class PasskeyConfirm(ConfirmMixin, allauth_views.ReauthenticateWebAuthnView):
    """Asks for the passkey before something that matters."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Ask again."""
        messages.error(self.request, gettext_lazy("This passkey is not yours."))
        return redirect(self.passthrough_next_url(reverse("mfa_reauthenticate_webauthn")))
