"""Addresses of search."""

from django.urls import path

from foundation.search.views import PalettePage, SearchPage

app_name = "search"

urlpatterns = [
    path("", SearchPage.as_view(), name="search"),
    path("palette/", PalettePage.as_view(), name="palette"),
]
