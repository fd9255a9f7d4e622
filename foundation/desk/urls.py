"""Addresses of my desk."""

from django.urls import path

from foundation.desk import views

app_name = "desk"

urlpatterns = [
    path("", views.desk, name="desk"),
    path("first-steps/dismiss/", views.dismiss_first_steps, name="first-steps-dismiss"),
]
