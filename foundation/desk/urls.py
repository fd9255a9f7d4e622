"""Addresses of my desk."""

from django.urls import path

from foundation.desk import views

app_name = "desk"

urlpatterns = [path("", views.desk, name="desk")]
