"""Second factors: the own page of sign-in, setting a factor up, taking it away, and the page that demands one."""

from collections.abc import Sequence
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.accounts.allauth_inside import forget_records, record_authentication
from foundation.accounts.forms.factors import FactorNameForm
from foundation.accounts.permissions import person_of
from foundation.accounts.requests import PersonRequest
from foundation.accounts.second_factor import DOORS, WAITING, is_demanded_of, is_missing
from foundation.accounts.selectors.factors import NAMED, factor_name, identities_of
from foundation.accounts.services.factors import (
    factor_note_added,
    factor_note_removed,
    factor_rename,
    totp_mark_spent,
)
from foundation.accounts.views.sessions import session_rows
from foundation.ui.components import Text
from foundation.ui.form_pages import FormPage
from foundation.ui.structure import Crumb

SECURITY = gettext_lazy("Sign-in and security")


def within_security(title: Text) -> dict[str, Any]:
    """Return what the pages below “Sign-in and security” are headed with."""
    return {"title": title, "crumbs": (Crumb(SECURITY, cast(str, reverse_lazy("mfa_index"))), Crumb(title))}


@require_safe
@login_required
def security(request: PersonRequest) -> HttpResponse:
    """Show how the person signs in: password, second factors, and where."""
    own = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    codes = next((one for one in own if one.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "title": SECURITY,
        "subtitle": _("What proves that it is you, and where you are signed in"),
        "totp": next((one for one in own if one.type == Authenticator.Type.TOTP), None),
        "totp_name": next((factor_name(one) for one in own if one.type == Authenticator.Type.TOTP), ""),
        "passkeys": [one for one in own if one.type == Authenticator.Type.WEBAUTHN],
        "has_factor": any(one.type in DOORS for one in own),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "demanded": is_demanded_of(request.user),
        "identities": identities_of(request.user) if settings.OIDC_ISSUER else (),
        "oidc_name": settings.OIDC_NAME,
        "sessions": session_rows(request.user),
    }
    return render(request, "accounts/security.html", context)


@require_safe
@login_required
def second_factor(request: PersonRequest) -> HttpResponse:
    """Ask whoever needs a second factor to set one up, or to show it; lead everyone else on."""
    if not is_missing(request):
        return redirect(request.session.pop(WAITING, "/"))
    if is_mfa_enabled(request.user, DOORS):
        by_app = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
        page = reverse("mfa_reauthenticate" if by_app else "mfa_reauthenticate_webauthn")
        return redirect(f"{page}?next={request.path}")
    return render(request, "accounts/second_factor.html", {"title": _("Set up a second factor")})


class TotpSetUp(totp_views.ActivateTOTPView):
    """Shows the secret as a picture and as text, and takes the first code."""

    extra_context = within_security(gettext_lazy("Set up an authenticator app"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave the side bar out while nothing in it can be opened."""
        return super().get_context_data(**kwargs) | {"is_alone": is_missing(self.request)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the app, and let the session count as opened with it."""
        person = person_of(self.request)
        with transaction.atomic():
            response = super().form_valid(form)
            totp = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
            totp_mark_spent(authenticator=totp, counter=form.counter)
            factor_note_added(user=person, type=totp.type, now=clock.now())
        record_authentication(self.request, person, "mfa", id=totp.pk, type=totp.type)
        return response


class TotpRemove(totp_views.DeactivateTOTPView):
    """Takes the authenticator app away, where no role needs it."""

    extra_context = within_security(gettext_lazy("Take the authenticator app away?"))

    def form_valid(self, form: Any) -> HttpResponse:
        """Take it away; the session no longer counts as opened with it."""
        person, pk = person_of(self.request), self.authenticator.pk
        with transaction.atomic():
            response = super().form_valid(form)
            factor_note_removed(user=person, type=Authenticator.Type.TOTP, now=clock.now())
        forget_factor(self.request, pk)
        return response


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class FactorRename(FormPage):
    """Lets an authenticator app or a passkey be called otherwise."""

    form_class = FactorNameForm
    title = gettext_lazy("Rename")
    factor: Authenticator

    def prepare(self) -> None:
        """Find the factor, of the reader's own."""
        own = Authenticator.objects.filter(user=person_of(self.request), type__in=NAMED)
        self.factor = get_object_or_404(own, pk=self.kwargs["pk"])

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill in the name."""
        return {"initial": {"name": factor_name(self.factor)}}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        crumbs: Sequence[Crumb] = within_security(self.title)["crumbs"]
        return crumbs

    def get_subtitle(self) -> str:
        """Return what it is called now."""
        return factor_name(self.factor)

    def get_cancel_url(self) -> str:
        """Return to the person's factors."""
        return reverse("mfa_index")

    def save(self, form: FactorNameForm) -> str:
        """Keep the name."""
        factor_rename(factor=self.factor, name=form.cleaned_data["name"])
        messages.success(self.request, _("Name saved"))
        return self.get_cancel_url()


class RecoveryCodes(codes_views.ViewRecoveryCodesView):
    """Shows the recovery codes that are left, and leads on to where the person was going."""

    extra_context = within_security(gettext_lazy("Recovery codes"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the way on."""
        context = super().get_context_data(**kwargs)
        waiting = self.request.session.get(WAITING)
        return context | {
            "is_alone": bool(waiting),
            "on": reverse("accounts:second-factor") if waiting else "",
        }


class RecoveryCodesRenew(codes_views.GenerateRecoveryCodesView):
    """Makes new recovery codes; the old ones stop working."""

    extra_context = within_security(gettext_lazy("Make new recovery codes?"))

    def form_valid(self, form: Any) -> HttpResponse:
        """Make them."""
        with transaction.atomic():
            response = super().form_valid(form)
            factor_note_added(
                user=person_of(self.request), type=Authenticator.Type.RECOVERY_CODES, now=clock.now()
            )
        return response


def forget_factor(request: HttpRequest, pk: int) -> None:
    """Let a session no longer count as opened with a factor (by its id) that is gone."""
    forget_records(request, method="mfa", pk=pk)
