"""Addresses of incident response plans in use."""

from django.urls import path

from response.views import contacts, exercises, lists

app_name = "response"

urlpatterns = [
    path("", lists.ExerciseList.as_view(), name="exercise-list"),
    path("new/", exercises.ExerciseBegin.as_view(), name="exercise-begin"),
    path("plans/<slug:reference>/exercises/new/", exercises.ExerciseCreate.as_view(), name="exercise-create"),
    path("plans/<slug:reference>/contacts/", contacts.ContactList.as_view(), name="contact-list"),
    path("plans/<slug:reference>/contacts/new/", contacts.ContactAdd.as_view(), name="contact-add"),
    path(
        "plans/<slug:reference>/contacts/<int:pk>/edit/", contacts.ContactEdit.as_view(), name="contact-edit"
    ),
    path(
        "plans/<slug:reference>/contacts/<int:pk>/confirm/",
        contacts.ContactConfirm.as_view(),
        name="contact-confirm",
    ),
    path(
        "plans/<slug:reference>/contacts/<int:pk>/remove/",
        contacts.ContactRemove.as_view(),
        name="contact-remove",
    ),
    path("<slug:reference>/", exercises.ExercisePage.as_view(), name="exercise-detail"),
    path("<slug:reference>/edit/", exercises.ExerciseEdit.as_view(), name="exercise-edit"),
    path("<slug:reference>/report/", exercises.ExerciseReport.as_view(), name="exercise-report"),
    path("<slug:reference>/steps/<slug:step>/", exercises.ExerciseStep.as_view(), name="exercise-transition"),
    path("<slug:reference>/<slug:tab>/", exercises.ExercisePage.as_view(), name="exercise-tab"),
]
