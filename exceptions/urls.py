"""Addresses of exceptions."""

from django.urls import path

from exceptions.views import forms, lists, pages

app_name = "exceptions"

urlpatterns = [
    path("", lists.ExceptionList.as_view(), name="exception-list"),
    path("new/", forms.ExceptionBegin.as_view(), name="exception-begin"),
    path("documents/", forms.DocumentsPage.as_view(), name="documents"),
    path("from/<slug:reference>/new/", forms.ExceptionCreate.as_view(), name="exception-create"),
    path("<slug:reference>/", pages.ExceptionPage.as_view(), name="exception-detail"),
    path("<slug:reference>/edit/", forms.ExceptionEdit.as_view(), name="exception-edit"),
    path("<slug:reference>/renew/", forms.ExceptionRenew.as_view(), name="exception-renew"),
    path("<slug:reference>/steps/<slug:step>/", pages.ExceptionStep.as_view(), name="exception-transition"),
    path("<slug:reference>/<slug:tab>/", pages.ExceptionPage.as_view(), name="exception-tab"),
]
