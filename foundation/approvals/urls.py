"""Addresses of approvals."""

from django.urls import path

from foundation.approvals import views

app_name = "approvals"

urlpatterns = [
    path("", views.request_list, name="request-list"),
    path("routes/", views.RouteList.as_view(), name="route-list"),
    path("routes/<slug:kind>/", views.RouteEdit.as_view(), name="route-edit"),
    path("routes/<slug:kind>/reset/", views.RouteReset.as_view(), name="route-reset"),
    path("<int:pk>/", views.request_detail, name="request-detail"),
    path("<int:pk>/decide/", views.request_decide, name="request-decide"),
    path("<int:pk>/withdraw/", views.request_withdraw, name="request-withdraw"),
    path("<int:pk>/hand-on/", views.HandOn.as_view(), name="request-hand-on"),
    path("<int:pk>/take-back/", views.hand_on_take_back_view, name="request-take-back"),
    path("<int:pk>/record/", views.request_record, name="request-record"),
    path("<int:pk>/record.pdf", views.request_record_pdf, name="request-record-pdf"),
    path("<int:pk>/remark/", views.RemarkCreate.as_view(), name="remark-create"),
    path("<int:pk>/ask-reader/", views.ReaderAsk.as_view(), name="reader-ask"),
    path("remarks/<int:pk>/answer/", views.RemarkAnswer.as_view(), name="remark-answer"),
    path("remarks/<int:pk>/settle/", views.remark_settle_view, name="remark-settle"),
]
