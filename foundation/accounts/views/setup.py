"""The first visit: create the organisation, or load the sample one."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from foundation import clock
from foundation.accounts.allauth_inside import record_authentication
from foundation.accounts.forms import SampleForm, SetupForm
from foundation.accounts.organisation import current_organisation
from foundation.accounts.sample import sign_in_keep
from foundation.accounts.services import (
    AccountsRefused,
    AlreadySetUp,
    organisation_set_up,
)
from foundation.accounts.services.sample import sample_set_up
from foundation.ui.form_pages import UNPROCESSABLE


@method_decorator(
    [login_not_required, never_cache, sensitive_post_parameters("code", "password", "password_again")],
    name="dispatch",
)
class SetupPage(View):
    """The page of the first visit; once the organisation exists, there is none."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Offer both ways on."""
        if current_organisation() is not None:
            raise Http404
        return show(request, setup=SetupForm(initial={"base_url": origin_of(request)}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set the organisation up and sign its first CISO in."""
        form = SetupForm(request.POST)
        if form.is_valid():
            try:
                person = organisation_set_up(
                    **{name: form.cleaned_data[name] for name in SETTINGS},
                    first_person=form.first_person(),
                    now=clock.now(),
                )
            except AlreadySetUp as refused:
                return sign_in_instead(request, refused)
            except AccountsRefused as refused:
                form.add_error(refused.field or None, str(refused))
            else:
                get_adapter(request).login(request, person)
                record_authentication(request, person, "password")
                messages.success(request, _("%(name)s is set up") % {"name": form.cleaned_data["name"]})
                return redirect("/")
        elif current_organisation() is not None:
            return sign_in_instead(request, AlreadySetUp())
        return show(request, setup=form, status=UNPROCESSABLE)


SETTINGS = ("code", "name", "time_zone", "currency", "base_url")


@method_decorator(
    [login_not_required, never_cache, sensitive_post_parameters("sample-code")], name="dispatch"
)
class SampleSetup(View):
    """Loads the sample organisation into the empty portal."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Load it, all or nothing, and show how to sign in."""
        form = SampleForm(request.POST)
        if form.is_valid():
            try:
                sign_in = sample_set_up(
                    code=form.cleaned_data["code"], base_url=origin_of(request), now=clock.now()
                )
            except AlreadySetUp as refused:
                return sign_in_instead(request, refused)
            except AccountsRefused as refused:
                form.add_error(refused.field or None, str(refused))
            else:
                sign_in_keep(sign_in=sign_in)
                context = {"title": _("The sample organisation is loaded"), "sign_in": sign_in}
                return render(request, "accounts/sample_loaded.html", context)
        elif current_organisation() is not None:
            return sign_in_instead(request, AlreadySetUp())
        setup = SetupForm(initial={"base_url": origin_of(request)})
        return show(request, setup=setup, sample=form, status=UNPROCESSABLE)


def origin_of(request: HttpRequest) -> str:
    """Return the address that the reader's browser used: a good guess at the base URL, to be confirmed."""
    return f"{request.scheme}://{request.get_host()}"


def sign_in_instead(request: HttpRequest, refused: AlreadySetUp) -> HttpResponse:
    """Tell whoever came second, and lead to the sign-in page."""
    messages.info(request, str(refused))
    return redirect("account_login")


def show(
    request: HttpRequest, *, setup: SetupForm, sample: SampleForm | None = None, status: int = 200
) -> HttpResponse:
    """Return the page with both forms."""
    context: dict[str, Any] = {
        "title": _("Set up the portal"),
        "form": setup,
        "sample_form": sample or SampleForm(),
        "shown_form": sample or setup,
    }
    return render(request, "accounts/setup.html", context, status=status)
