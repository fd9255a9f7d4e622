"""Addresses of links."""

from django.urls import path

from foundation.links import views

app_name = "links"

urlpatterns = [
    path("<str:reference>/add/", views.LinkAddPage.as_view(), name="link-add"),
    path("<str:reference>/records/", views.RecordsPage.as_view(), name="records"),
    path("<str:reference>/<int:pk>/remove/", views.LinkRemovePage.as_view(), name="link-remove"),
]
