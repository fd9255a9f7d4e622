"""The pages on which somebody proves once more who it is: by password or by code (by passkey, by provider: beside theirs)."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from django.http import HttpRequest, HttpResponse

from foundation.accounts.allauth_inside import call_back
from foundation.accounts.put_off import Waiting, go_on, waiting_for


class ConfirmMixin:
    """Says what waits meanwhile, and where "Cancel" leads: back to the page from which it was sent."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        """Let what waits be done, or said, in this very request."""
        call_back(self.request.session, f"{go_on.__module__}.{go_on.__name__}")
        return super().form_valid(form)  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add both."""
        going = get_next_redirect_url(self.request)
        waiting = waiting_for(self.request, going)
        return {
            **super().get_context_data(**kwargs),  # type: ignore[misc]
            "waits": waiting == Waiting.KEPT,
            "is_to_be_sent_again": waiting == Waiting.NOT_KEPT,
            "cancel_url": going if waiting else "/",
        }


class ConfirmByPassword(ConfirmMixin, ReauthenticateView):
    """Asks for the password."""


class ConfirmByCode(ConfirmMixin, ReauthenticateByCodeView):
    """Asks for a code of the authenticator app, or a recovery code."""
