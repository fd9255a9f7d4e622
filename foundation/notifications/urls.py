"""Addresses of the outbox and of everyone's preferences."""

from django.urls import path

from foundation.notifications.views import bell, lists, mails, preferences, steps, unsubscribing

app_name = "notifications"
urlpatterns = [
    path("notifications/", bell.NoticePage.as_view(), name="notice-page"),
    path("notifications/latest/", bell.LatestNotices.as_view(), name="notice-latest"),
    path("notifications/read/", bell.mark_all_read, name="notice-read-all"),
    path("notifications/<int:pk>/", bell.OpenNotice.as_view(), name="notice-open"),
    path("notifications/<int:pk>/read/", bell.mark_read, name="notice-read"),
    path("notification-preferences/", preferences.PreferencesPage.as_view(), name="preferences"),
    path("unsubscribe/<str:token>/", unsubscribing.UnsubscribePage.as_view(), name="unsubscribe"),
    path("mails/", lists.MailList.as_view(), name="mail-list"),
    path("mails/retry-all/", steps.RetryAllPage.as_view(), name="mail-retry-all"),
    path("mails/release-all/", steps.ReleaseAllPage.as_view(), name="mail-release-all"),
    path("mails/refused-addresses/", lists.AddressList.as_view(), name="address-list"),
    path("mails/refused-addresses/<int:pk>/unpark/", steps.UnparkPage.as_view(), name="address-unpark"),
    path("mails/parked-notices/", lists.NoticeList.as_view(), name="notice-list"),
    path("mails/parked-notices/retry-all/", steps.NoticeRetryPage.as_view(), name="notice-retry-all"),
    path("mails/<int:pk>/", mails.MailPage.as_view(), name="mail-detail"),
    path("mails/<int:pk>/html/", mails.MailHtml.as_view(), name="mail-html"),
    path("mails/<int:pk>/retry/", steps.retry, name="mail-retry"),
    path("mails/<int:pk>/<slug:tab>/", mails.MailPage.as_view(), name="mail-tab"),
]
