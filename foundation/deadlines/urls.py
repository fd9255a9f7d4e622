"""Addresses of the app."""

from django.urls import path

from foundation.deadlines import snooze_views, views

app_name = "deadlines"

urlpatterns = [
    path("ladders/", views.LadderList.as_view(), name="ladder-list"),
    path("ladders/new/", views.LadderCreate.as_view(), name="ladder-create"),
    path("ladders/preview/", views.ladder_preview, name="ladder-preview"),
    path("ladders/<slug:key>/", views.LadderEdit.as_view(), name="ladder-edit"),
    path("deadlines/<int:pk>/snooze/", snooze_views.SnoozePage.as_view(), name="deadline-snooze"),
    path("deadlines/<int:pk>/wake/", snooze_views.WakePage.as_view(), name="deadline-wake"),
    path("recurrence/preview/", views.recurrence_preview, name="recurrence-preview"),
]
