"""Addresses of controls."""

from django.urls import path

from controls.views import coverage, forms, lists, mappings, pages

app_name = "controls"

urlpatterns = [
    path("", lists.ControlList.as_view(), name="control-list"),
    path("new/", forms.ControlCreate.as_view(), name="control-create"),
    path("coverage/<slug:reference>/", coverage.CoverageList.as_view(), name="coverage"),
    path("<slug:reference>/", pages.ControlPage.as_view(), name="control-detail"),
    path("<slug:reference>/edit/", forms.ControlEdit.as_view(), name="control-edit"),
    path("<slug:reference>/draft/", forms.DraftWrite.as_view(), name="draft-write"),
    path("<slug:reference>/implementation/", forms.ControlImplement.as_view(), name="control-implement"),
    path("<slug:reference>/rate/", forms.ControlRate.as_view(), name="control-rate"),
    path("<slug:reference>/evidence/give/", forms.EvidenceGive.as_view(), name="evidence-give"),
    path("<slug:reference>/steps/<slug:step>/", pages.ControlStep.as_view(), name="control-transition"),
    path("<slug:reference>/versions/<int:number>/", pages.VersionPage.as_view(), name="version-detail"),
    path("<slug:reference>/requirements/add/", mappings.RequirementsAdd.as_view(), name="requirements-add"),
    path(
        "<slug:reference>/requirements/<int:link>/",
        mappings.RequirementLinkEdit.as_view(),
        name="requirement-edit",
    ),
    path(
        "<slug:reference>/requirements/<int:link>/remove/",
        mappings.RequirementLinkRemove.as_view(),
        name="requirement-remove",
    ),
    path("<slug:reference>/documents/", mappings.DocumentsPage.as_view(), name="documents"),
    path("<slug:reference>/documents/add/", mappings.DocumentAdd.as_view(), name="document-add"),
    path(
        "<slug:reference>/documents/<int:link>/remove/",
        mappings.DocumentLinkRemove.as_view(),
        name="document-remove",
    ),
    path("<slug:reference>/<slug:tab>/", pages.ControlPage.as_view(), name="control-tab"),
]
