"""Addresses of the conversation."""

from django.urls import path

from foundation.conversation import views

app_name = "conversation"

urlpatterns = [
    path("comments/<int:pk>/", views.CommentPage.as_view(), name="comment-detail"),
    path("comments/<int:pk>/edit/", views.CommentEditPage.as_view(), name="comment-edit"),
    path("comments/<int:pk>/withdraw/", views.CommentWithdrawPage.as_view(), name="comment-withdraw"),
    path("comments/<int:pk>/versions/", views.CommentVersionsPage.as_view(), name="comment-versions"),
    path("<str:reference>/people/", views.PeoplePage.as_view(), name="people"),
    path("<str:reference>/follow/", views.FollowPage.as_view(), name="follow"),
    path("<str:reference>/comments/new/", views.CommentCreatePage.as_view(), name="comment-create"),
]
