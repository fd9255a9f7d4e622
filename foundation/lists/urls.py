"""Addresses of what people keep of lists."""

from django.urls import path

from foundation.lists import views

app_name = "lists"
urlpatterns = [
    path("views/", views.ViewList.as_view(), name="view-list"),
    path("views/new/", views.ViewCreate.as_view(), name="view-create"),
    path("views/<int:pk>/edit/", views.ViewEdit.as_view(), name="view-edit"),
    path("views/<int:pk>/remove/", views.ViewRemove.as_view(), name="view-remove"),
]
