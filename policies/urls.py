"""Addresses of documents and of their versions."""

from django.urls import include, path

from policies.views import differences, drafts, forms, library, lists, pages, printing, reviews

app_name = "policies"

urlpatterns = [
    path("", lists.DocumentList.as_view(), name="document-list"),
    path("new/", forms.DocumentCreate.as_view(), name="document-create"),
    path("import/", include("policies.imports.urls")),
    path("library/", library.Library.as_view(), name="library"),
    path("library/<slug:reference>/", library.LibraryDocument.as_view(), name="library-document"),
    path("library/<slug:reference>/pdf/", printing.LibraryPdf.as_view(), name="library-pdf"),
    path("library/<slug:reference>/file/", library.LibraryFile.as_view(), name="library-file"),
    path(
        "library/<slug:reference>/pictures/<uuid:key>/<int:number>/",
        library.LibraryPicture.as_view(),
        name="library-picture",
    ),
    path("<slug:reference>/", pages.DocumentPage.as_view(), name="document-detail"),
    path("<slug:reference>/edit/", forms.DocumentEdit.as_view(), name="document-edit"),
    path("<slug:reference>/review/", reviews.DocumentReviewPage.as_view(), name="document-review"),
    path("<slug:reference>/draft/", drafts.DraftWrite.as_view(), name="draft-write"),
    path("<slug:reference>/draft/take-over/", drafts.DraftTakeOver.as_view(), name="draft-take-over"),
    path("<slug:reference>/draft/upload/", drafts.DraftUpload.as_view(), name="draft-upload"),
    path("<slug:reference>/draft/to-text/", drafts.DraftToText.as_view(), name="draft-to-text"),
    path("<slug:reference>/draft/seen/", drafts.DraftSeen.as_view(), name="draft-seen"),
    path("<slug:reference>/draft/leave/", drafts.DraftLeave.as_view(), name="draft-leave"),
    path("<slug:reference>/steps/<slug:step>/", pages.DocumentStep.as_view(), name="document-transition"),
    path("<slug:reference>/versions/<int:number>/", pages.VersionPage.as_view(), name="version-detail"),
    path("<slug:reference>/versions/<int:number>/pdf/", printing.VersionPdf.as_view(), name="version-pdf"),
    path(
        "<slug:reference>/differences/",
        differences.VersionDifferences.as_view(),
        name="version-differences",
    ),
    path("<slug:reference>/<slug:tab>/", pages.DocumentPage.as_view(), name="document-tab"),
]
