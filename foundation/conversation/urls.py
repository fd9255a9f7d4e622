"""Addresses of the conversation."""

from django.urls import path

from foundation.conversation import views

app_name = "conversation"

urlpatterns = [
    path("comments/<int:pk>/", views.CommentPage.as_view(), name="comment-detail"),
    path("<str:reference>/people/", views.PeoplePage.as_view(), name="people"),
    path("<str:reference>/follow/", views.FollowPage.as_view(), name="follow"),
    path("<str:reference>/comments/new/", views.CommentCreatePage.as_view(), name="comment-create"),
]
