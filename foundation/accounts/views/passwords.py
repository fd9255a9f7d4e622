"""The page that the link of a password-reset mail leads to."""

from typing import Any

from allauth.account.views import PasswordResetFromKeyView
from django.http import HttpResponse


class PasswordResetLink(PasswordResetFromKeyView):
    """Takes a new password; a link that is unknown, used or over is not found, whichever of these it is."""

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """Say with the status, too, that there is nothing behind the link."""
        if context.get("token_fail"):
            response_kwargs["status"] = 404
        return super().render_to_response(context, **response_kwargs)
