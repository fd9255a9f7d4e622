"""Addresses of the calendar."""

from django.urls import path

from foundation.calendar.views import CalendarPage

app_name = "calendar"

urlpatterns = [path("", CalendarPage.as_view(), name="calendar")]
