"""Addresses of actions."""

from django.urls import path

from foundation.actions import list_views, proposal_views, views

app_name = "actions"

urlpatterns = [
    path("", list_views.ActionList.as_view(), name="action-list"),
    path("bulk/assign/", list_views.ActionsAssign.as_view(), name="actions-assign"),
    path("bulk/move/", list_views.ActionsMove.as_view(), name="actions-move"),
    path("from/<str:reference>/new/", views.ActionCreatePage.as_view(), name="action-create"),
    path("from/<str:reference>/propose/", proposal_views.ProposalCreatePage.as_view(), name="action-propose"),
    path("<str:reference>/", views.ActionPage.as_view(), name="action-detail"),
    path("<str:reference>/edit/", views.ActionEditPage.as_view(), name="action-edit"),
    path("<str:reference>/revise/", proposal_views.ProposalRevisePage.as_view(), name="action-revise"),
    path("<str:reference>/step/<slug:step>/", views.ActionStepPage.as_view(), name="action-step"),
    path("<str:reference>/<slug:tab>/", views.ActionPage.as_view(), name="action-tab"),
]
