"""Addresses of what all records share."""

from django.urls import path

from foundation.records.views import TrailList

app_name = "records"

urlpatterns = [path("trail/", TrailList.as_view(), name="trail-list")]
