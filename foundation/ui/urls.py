"""Addresses of the kit itself."""

from django.urls import path

from foundation.ui import style_guide, views

app_name = "ui"

urlpatterns = [
    path("style-guide/", style_guide.style_guide, name="style-guide"),
    path("theme/", views.choose_theme, name="theme"),
]
