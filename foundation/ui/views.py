"""Pages of the kit itself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from foundation.ui import theme


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme that was chosen and go back to the page it was chosen on."""
    choice = request.POST.get("theme", "")
    if choice not in theme.CHOICES:
        return HttpResponseBadRequest()
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = redirect(back)
    response.set_cookie(
        theme.COOKIE,
        choice,
        max_age=theme.KEPT_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
