"""Addresses of the app."""

from django.urls import path

from foundation.operations import views

app_name = "operations"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("health/", views.health, name="health"),
]
