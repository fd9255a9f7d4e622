"""Invitations: sent and revoked by administrators, taken up by whoever has the link."""

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from foundation import clock
from foundation.accounts.confirmation import show_first
from foundation.accounts.forms import InvitationForm
from foundation.accounts.models import User
from foundation.accounts.services import (
    LinkGone,
    invitation_accept,
    invitation_check,
    invitation_revoke,
    invitation_send,
)
from foundation.accounts.views.common import heard
from foundation.accounts.views.person_forms import PersonPage
from foundation.ui.form_pages import UNPROCESSABLE, ConfirmPage


class InvitationSend(PersonPage, ConfirmPage):
    """Sends a person the link to choose a password, for the first time or again."""

    form_class = forms.Form
    title = lazy("Send an invitation")
    submit_label = lazy("Send the invitation")

    def get_text(self) -> str:
        """Say what it means."""
        return _(
            "%(person)s gets a mail at %(email)s with a link to choose a password. It works for seven days, and once. "
            "A link that was sent before stops working."
        ) % {"person": self.person, "email": self.person.email}

    def save(self, form: forms.Form) -> str:
        """Ask who it is, and send it: whoever has the link opens the account."""
        show_first(self.request)
        heard(lambda: invitation_send(user=self.person, actor=self.actor, now=self.now))
        messages.success(self.request, _("Invitation sent to %(email)s") % {"email": self.person.email})
        return self.get_cancel_url()


class InvitationRevoke(PersonPage, ConfirmPage):
    """Lets a link that was sent work no more."""

    form_class = forms.Form
    title = lazy("Revoke the invitation")
    submit_label = lazy("Revoke the invitation")

    def get_text(self) -> str:
        """Say what it means."""
        return _("The link that was sent to %(person)s stops working. A new one can be sent.") % {
            "person": self.person
        }

    def is_dangerous(self) -> bool:
        """Warn."""
        return True

    def save(self, form: forms.Form) -> str:
        """Revoke it."""
        heard(lambda: invitation_revoke(user=self.person, actor=self.actor, now=self.now))
        messages.success(self.request, _("Invitation revoked"))
        return self.get_cancel_url()


@method_decorator(
    [login_not_required, never_cache, sensitive_post_parameters("password", "password_again")],
    name="dispatch",
)
class InvitationPage(View):
    """Where the link of an invitation leads. To look changes nothing: mail programs open links by themselves.

    A link that is unknown, over, used or revoked is not found, whichever of these it is.
    """

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask for a password."""
        return self._show(InvitationForm(user=self._invited(token)))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Set the password and lead to the sign-in page; whoever else is signed in here, is so no more."""
        form = InvitationForm(request.POST, user=self._invited(token))
        if not form.is_valid():
            return self._show(form, status=UNPROCESSABLE)
        try:
            invitation_accept(token=token, password=form.cleaned_data["password"], now=clock.now())
        except LinkGone as gone:
            raise Http404 from gone
        if request.user.is_authenticated:
            get_adapter(request).logout(request)
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("account_login")

    def _invited(self, token: str) -> User:
        try:
            return invitation_check(token=token, now=clock.now())
        except LinkGone as gone:
            raise Http404 from gone

    def _show(self, form: InvitationForm, *, status: int = 200) -> HttpResponse:
        context = {"title": _("Choose your password"), "form": form, "person": form.user}
        return render(self.request, "accounts/invitation.html", context, status=status)
