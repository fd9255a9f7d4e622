"""Addresses of frameworks and of what they require."""

from django.urls import path, re_path

from compliance.views import (
    differences,
    framework_forms,
    framework_pages,
    importing,
    lists,
    requirement_pages,
    restoring,
)
from compliance.views.drafts import ending, lines, outline

app_name = "compliance"

urlpatterns = [
    path("", lists.FrameworkList.as_view(), name="framework-list"),
    path("new/", framework_forms.FrameworkCreate.as_view(), name="framework-create"),
    path("import/", importing.CatalogueUpload.as_view(), name="import"),
    re_path(
        r"^import/template\.(?P<fmt>csv|xlsx)$", importing.CatalogueTemplate.as_view(), name="import-template"
    ),
    path("import/<uuid:key>/", importing.CataloguePreview.as_view(), name="import-preview"),
    path("import/<uuid:key>/confirm/", importing.CatalogueConfirm.as_view(), name="import-confirm"),
    path(
        "requirements/<int:requirement>/",
        requirement_pages.RequirementPage.as_view(),
        name="requirement-detail",
    ),
    path("texts/<int:text>/", requirement_pages.TextPage.as_view(), name="text-detail"),
    path("<slug:reference>/", framework_pages.FrameworkPage.as_view(), name="framework-detail"),
    path("<slug:reference>/edit/", framework_forms.FrameworkEdit.as_view(), name="framework-edit"),
    path(
        "<slug:reference>/steps/<slug:step>/",
        framework_pages.FrameworkStep.as_view(),
        name="framework-transition",
    ),
    path(
        "<slug:reference>/versions/<int:number>/",
        differences.EditionDifferences.as_view(),
        name="edition-differences",
    ),
    path(
        "<slug:reference>/versions/<int:number>/restore/",
        restoring.EditionRestore.as_view(),
        name="edition-restore",
    ),
    path("<slug:reference>/draft/", outline.DraftPage.as_view(), name="draft"),
    path("<slug:reference>/draft/accept/", ending.DraftAccept.as_view(), name="draft-accept"),
    path("<slug:reference>/draft/drop/", ending.DraftDrop.as_view(), name="draft-drop"),
    path("<slug:reference>/draft/new/", lines.LineCreate.as_view(), name="line-create"),
    path("<slug:reference>/draft/<int:line>/", lines.LineEdit.as_view(), name="line-edit"),
    path("<slug:reference>/draft/<int:line>/place/", lines.LinePlace.as_view(), name="line-place"),
    path("<slug:reference>/draft/<int:line>/remove/", lines.LineRemove.as_view(), name="line-remove"),
    re_path(
        r"^(?P<reference>[-\w]+)/draft/(?P<line>\d{1,18})/(?P<way>up|down)/$",
        lines.LineMove.as_view(),
        name="line-move",
    ),
    path("<slug:reference>/<slug:tab>/", framework_pages.FrameworkPage.as_view(), name="framework-tab"),
]
