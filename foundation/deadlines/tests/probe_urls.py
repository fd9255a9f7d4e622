"""The addresses of the portal, and the page of the probes that these tests make."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from ciso_portal.urls import urlpatterns as portal_urls


def probe_detail(request: HttpRequest, reference: str) -> HttpResponse:
    return HttpResponse(reference)


urlpatterns = [*portal_urls, path("probes/<str:reference>/", probe_detail, name="probe-detail")]
