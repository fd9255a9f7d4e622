"""The addresses of the portal, and the page of the probes that these tests make."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def probe_detail(request: HttpRequest, reference: str) -> HttpResponse:
    return HttpResponse(reference)


urlpatterns = [
    path("probes/<str:reference>/", probe_detail, name="probe-detail"),
    path("", include("ciso_portal.urls")),
]
