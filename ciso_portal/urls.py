"""All addresses of the portal: one include per app."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("foundation.desk.urls")),
    path("calendar/", include("foundation.calendar.urls")),
    path("conversation/", include("foundation.conversation.urls")),
    path("deadlines/", include("foundation.deadlines.urls")),
    path("actions/", include("foundation.actions.urls")),
    path("approvals/", include("foundation.approvals.urls")),
    path("people/import/", include("foundation.enrolment.urls")),
    path("", include("foundation.accounts.urls")),
    path("account/", include("foundation.accounts.sign_in_urls")),
    path("", include("foundation.operations.urls")),
    path("", include("foundation.notifications.urls")),
    path("search/", include("foundation.search.urls")),
    path("ui/", include("foundation.ui.urls")),
    path("", include("foundation.records.urls")),
    path("links/", include("foundation.links.urls")),
    path("files/", include("foundation.files.urls")),
    path("", include("foundation.lists.urls")),
    path("duties/", include("duties.urls")),
    path("compliance/", include("compliance.urls")),
    path("policies/", include("policies.urls")),
    path("response/", include("response.urls")),
    path("exceptions/", include("exceptions.urls")),
    path("controls/", include("controls.urls")),
    path("audits/", include("audits.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "foundation.ui.error_pages.bad_request"
handler403 = "foundation.ui.error_pages.permission_denied"
handler404 = "foundation.ui.error_pages.page_not_found"
handler429 = "foundation.ui.error_pages.too_many_requests"
handler500 = "foundation.ui.error_pages.server_error"
