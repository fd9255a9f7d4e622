"""Addresses of files. What is sent below `upload/` may be larger than any other request: see REQUEST_MAX_BYTES_BELOW."""

from django.urls import path

from foundation.files import views

app_name = "files"

urlpatterns = [
    path("upload/<slug:reference>/", views.FilesAdd.as_view(), name="file-add"),
    path("upload/<slug:reference>/<uuid:key>/", views.VersionAdd.as_view(), name="version-add"),
    path("<uuid:key>/", views.FilePage.as_view(), name="file-detail"),
    path("<uuid:key>/edit/", views.FileEdit.as_view(), name="file-edit"),
    path("<uuid:key>/withdraw/", views.FileWithdraw.as_view(), name="file-withdraw"),
    path("<uuid:key>/<int:number>/download/", views.FileDownload.as_view(), name="file-download"),
    path("<uuid:key>/<int:number>/page/<int:page>/", views.FilePicture.as_view(), name="file-picture"),
]
