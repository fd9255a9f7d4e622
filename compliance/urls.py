"""Addresses of frameworks and of what they require."""

from django.urls import path

from compliance.views import framework_pages, lists, requirement_pages

app_name = "compliance"

urlpatterns = [
    path("", lists.FrameworkList.as_view(), name="framework-list"),
    path(
        "requirements/<int:requirement>/",
        requirement_pages.RequirementPage.as_view(),
        name="requirement-detail",
    ),
    path("texts/<int:text>/", requirement_pages.TextPage.as_view(), name="text-detail"),
    path("<slug:reference>/", framework_pages.FrameworkPage.as_view(), name="framework-detail"),
    path(
        "<slug:reference>/steps/<slug:step>/",
        framework_pages.FrameworkStep.as_view(),
        name="framework-transition",
    ),
    path("<slug:reference>/<slug:tab>/", framework_pages.FrameworkPage.as_view(), name="framework-tab"),
]
