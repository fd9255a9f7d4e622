"""Addresses of the calendar."""

from django.urls import path

from foundation.calendar.views.feeds import FeedCreate, FeedList, FeedRenew, FeedRevoke, feed_read
from foundation.calendar.views.moves import DateMove
from foundation.calendar.views.pages import CalendarPage

app_name = "calendar"

urlpatterns = [
    path("", CalendarPage.as_view(), name="calendar"),
    path("dates/<int:pk>/move/", DateMove.as_view(), name="date-move"),
    path("feeds/", FeedList.as_view(), name="feed-list"),
    path("feeds/new/", FeedCreate.as_view(), name="feed-create"),
    path("feeds/<int:pk>/renew/", FeedRenew.as_view(), name="feed-renew"),
    path("feeds/<int:pk>/revoke/", FeedRevoke.as_view(), name="feed-revoke"),
    path("feed/<str:token>/", feed_read, name="feed-read"),
]
