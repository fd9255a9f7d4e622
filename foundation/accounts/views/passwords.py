"""Pages on which a password is set: by the link of a mail, and by who has none yet."""

from typing import Any

from allauth.account.views import PasswordResetFromKeyView, PasswordSetView
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from foundation.accounts.confirmation import confirm_first
from foundation.accounts.permissions import person_of


class PasswordResetLink(PasswordResetFromKeyView):
    """Takes a new password; a link that is unknown, used or over is not found, whichever of these it is."""

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Say with the status, too, that there is nothing behind the link."""
        if context.get("token_fail"):
            response_kwargs["status"] = 404
        return super().render_to_response(context, **response_kwargs)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PasswordSet(PasswordSetView):
    """Takes a first password of someone who signs in otherwise: it confirms weighty steps from then on."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask first who it is."""
        if not person_of(request).has_usable_password():
            confirm_first(request)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response
