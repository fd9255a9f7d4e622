"""Addresses of approvals."""

from django.urls import path

from foundation.approvals import views

app_name = "approvals"

urlpatterns = [
    path("", views.request_list, name="request-list"),
    path("<int:pk>/", views.request_detail, name="request-detail"),
    path("<int:pk>/decide/", views.request_decide, name="request-decide"),
    path("<int:pk>/withdraw/", views.request_withdraw, name="request-withdraw"),
]
