"""Addresses of search."""

from django.urls import path

from foundation.search.views import SearchPage

app_name = "search"

urlpatterns = [path("", SearchPage.as_view(), name="search")]
