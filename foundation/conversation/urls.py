"""Addresses of the conversation."""

from django.urls import path

from foundation.conversation import views

app_name = "conversation"

urlpatterns = [
    path("<str:reference>/comments/new/", views.CommentCreatePage.as_view(), name="comment-create"),
]
