"""What is done to every request and response: size, security headers, rate limits, htmx."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import resolve_url
from django.utils.cache import patch_cache_control, patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from foundation.ui import error_pages, errors, security

GetResponse = Callable[[HttpRequest], HttpResponse]

DRAIN_CHUNK = 1024 * 1024


class SecurityHeadersMiddleware:
    """Add the headers that Django leaves out, and keep pages of people who are signed in out of every cache.

    Stands right under Django's SecurityMiddleware, above WhiteNoise, so that static files carry them too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", security.PERMISSIONS_POLICY)
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Content-Security-Policy", security.BARE_POLICY)
        session = getattr(request, "session", None)
        # A session that nobody looked at cannot have shaped the page; asking it now would cost a query.
        # Nor may the answer be kept that began or ended one: signing out leaves a session of nobody.
        if session is not None and session.accessed and (session.modified or SESSION_KEY in session):
            response.headers.pop("Cache-Control", None)
            patch_cache_control(response, no_store=True, private=True)
        return response


class RequestSizeMiddleware:
    """Refuse bodies that are larger than the portal takes before anything reads them.

    A body that the answer did not need (somebody may not upload here) is read and dropped, so that the browser, which looks
    for the answer only when all is sent, shows it. One that is larger than DRAINED is not: its sender is cut off.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return error_pages.bad_request(request, ValueError("Content-Length is no number"))
        most = _most_bytes(request.path_info)
        if "HTTP_TRANSFER_ENCODING" in request.META:  # Django would take it for an empty body
            return error_pages.bad_request(request, errors.LengthMissing())
        if length <= most:
            response = self.get_response(request)
        else:
            response = error_pages.bad_request(request, errors.RequestTooLarge(most))
        if length and response.status_code >= 300 and length <= max(most, security.REQUEST_DRAINED_BYTES):
            _drain(request)
        return response


def _most_bytes(path: str) -> int:
    """Return the largest body that this path takes."""
    larger: dict[str, int] = settings.REQUEST_MAX_BYTES_BELOW
    most: int = settings.REQUEST_MAX_BYTES
    return max([most, *(size for start, size in larger.items() if path.startswith(start))])


def _drain(request: HttpRequest) -> None:
    """Read what nobody read yet of a body, and drop it."""
    try:
        while request.read(DRAIN_CHUNK):
            pass
    except UnreadablePostError:
        return  # the sender is gone


class TooManyRequestsMiddleware:
    """Turn TooManyRequests, raised by any view, into its page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for 429, or leave other exceptions alone."""
        return (
            error_pages.too_many_requests(request, exception)
            if isinstance(exception, errors.TooManyRequests)
            else None
        )


class UnsentMiddleware:
    """Note that a form was not taken whose sender has to sign in first: it has what was typed when it is shown again.

    And forget it when that person signs out; a session that ran out is not signed out of.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        has_unsent = error_pages.UNSENT in request.COOKIES or error_pages.KEPT in request.COOKIES
        was_signed_in = has_unsent and SESSION_KEY in request.session
        response = self.get_response(request)
        if was_signed_in and SESSION_KEY not in request.session:
            error_pages.forget_unsent(response)
        led_to = response.headers.get("Location", "") if request.method == "POST" else ""
        if led_to and led_to.startswith(f"{resolve_url(settings.LOGIN_URL)}?"):
            error_pages.note_unsent(request, response)
        return response


class HtmxMiddleware:
    """Send the whole page on where a fragment is asked for: to sign in after the session has ended, or to confirm who it is."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "HX-Request" not in request.headers:
            return response
        patch_vary_headers(response, ("HX-Request",))
        if response.status_code == 302 and response.headers["Location"].startswith(
            resolve_url("account_reauthenticate")
        ):
            return HttpResponseClientRedirect(response.headers["Location"])
        sign_in = resolve_url(settings.LOGIN_URL)
        if response.status_code in (301, 302) and response.headers.get("Location", "").startswith(sign_in):
            htmx: HtmxDetails | None = getattr(request, "htmx", None)
            page = (htmx.current_url_abs_path if htmx else None) or "/"
            response = HttpResponse(status=204)
            response["HX-Redirect"] = redirect_to_login(page, sign_in).url
        return response
