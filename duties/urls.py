"""Addresses of the duties and their activities."""

from django.urls import path

from duties.views import board, duty_pages, forms, lists, packs, pages, planner, starter

app_name = "duties"

urlpatterns = [
    path("", board.DutyBoard.as_view(), name="duty-list"),
    path("<int:number>/", duty_pages.DutyPage.as_view(), name="duty-detail"),
    path("<int:number>/people/", duty_pages.PostsEdit.as_view(), name="duty-posts"),
    path("starter-plan/", starter.StarterPlanPage.as_view(), name="starter-plan"),
    path("evidence-packs/", packs.PackList.as_view(), name="pack-list"),
    path("evidence-packs/<uuid:key>/", packs.PackDetail.as_view(), name="pack-detail"),
    path("evidence-packs/<uuid:key>/file/", packs.PackFile.as_view(), name="pack-file"),
    path("evidence-packs/<uuid:key>/stop/", packs.PackStop.as_view(), name="pack-stop"),
    path("year/", planner.YearPlanner.as_view(), name="year-planner"),
    path("activities/", lists.ActivityList.as_view(), name="activity-list"),
    path("activities/new/", forms.ActivityCreate.as_view(), name="activity-create"),
    path("activities/<slug:reference>/", pages.ActivityPage.as_view(), name="activity-detail"),
    path("activities/<slug:reference>/edit/", forms.ActivityEdit.as_view(), name="activity-edit"),
    path("activities/<slug:reference>/outcome/", forms.OutcomeWrite.as_view(), name="activity-outcome"),
    path(
        "activities/<slug:reference>/recurrence/", forms.RecurrenceEdit.as_view(), name="activity-recurrence"
    ),
    path(
        "activities/<slug:reference>/recurrence/end/",
        forms.RecurrenceEnd.as_view(),
        name="activity-recurrence-end",
    ),
    path("activities/<slug:reference>/items/<int:item>/", pages.ItemTick.as_view(), name="item-tick"),
    path(
        "activities/<slug:reference>/steps/<slug:step>/",
        pages.ActivityStep.as_view(),
        name="activity-transition",
    ),
    path("activities/<slug:reference>/<slug:tab>/", pages.ActivityPage.as_view(), name="activity-tab"),
]
