"""Addresses of incident response plans in use."""

from django.urls import path

from response.views import contacts

app_name = "response"

urlpatterns = [
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
]
