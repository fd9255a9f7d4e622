"""Addresses of the app."""

from django.urls import path

from foundation.deadlines import views

app_name = "deadlines"

urlpatterns = [
    path("ladders/", views.LadderList.as_view(), name="ladder-list"),
    path("ladders/new/", views.LadderCreate.as_view(), name="ladder-create"),
    path("ladders/preview/", views.ladder_preview, name="ladder-preview"),
    path("ladders/<slug:key>/", views.LadderEdit.as_view(), name="ladder-edit"),
    path("recurrence/preview/", views.recurrence_preview, name="recurrence-preview"),
]
