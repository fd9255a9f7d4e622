"""Addresses of the import of people."""

from django.urls import path, re_path

from foundation.enrolment import views

app_name = "enrolment"
urlpatterns = [
    path("", views.ImportUpload.as_view(), name="import"),
    re_path(r"^template\.(?P<fmt>csv|xlsx)$", views.import_template, name="import-template"),
    path("<uuid:key>/", views.import_preview, name="import-preview"),
    path("<uuid:key>/confirm/", views.import_confirm, name="import-confirm"),
]
