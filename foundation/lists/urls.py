"""Addresses of what people keep of lists."""

from django.urls import path

from foundation.lists.views import exports, saved

app_name = "lists"
urlpatterns = [
    path("views/", saved.ViewList.as_view(), name="view-list"),
    path("views/new/", saved.ViewCreate.as_view(), name="view-create"),
    path("views/<int:pk>/edit/", saved.ViewEdit.as_view(), name="view-edit"),
    path("views/<int:pk>/remove/", saved.ViewRemove.as_view(), name="view-remove"),
    path("exports/", exports.ExportList.as_view(), name="export-list"),
    path("exports/<uuid:key>/", exports.ExportDetail.as_view(), name="export"),
    path("exports/<uuid:key>/file/", exports.ExportFile.as_view(), name="export-file"),
    path("exports/<uuid:key>/stop/", exports.ExportStop.as_view(), name="export-stop"),
]
