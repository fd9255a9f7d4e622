"""Addresses of audits and programmes."""

from django.urls import include, path

from audits.views import (
    audit_forms,
    audit_pages,
    bulk,
    checklists,
    evidence_forms,
    evidence_lists,
    evidence_pages,
    finding_forms,
    finding_lists,
    finding_pages,
    lists,
    programme_forms,
    programme_pages,
    reports,
    series,
    steps,
)

app_name = "audits"

urlpatterns = [
    path("", lists.AuditList.as_view(), name="audit-list"),
    path("new/", audit_forms.AuditCreate.as_view(), name="audit-create"),
    path("bulk/assign/", bulk.AuditsAssign.as_view(), name="audits-assign"),
    path("bulk/move/", bulk.AuditsMove.as_view(), name="audits-move"),
    # What is sent below may be larger than any other request: see REQUEST_MAX_BYTES_BELOW.
    path("upload/<slug:reference>/<int:check>/", checklists.CheckUpload.as_view(), name="check-upload"),
    path("import/", include("audits.imports.urls")),
    path("programmes/", lists.ProgrammeList.as_view(), name="programme-list"),
    path("programmes/new/", programme_forms.ProgrammeCreate.as_view(), name="programme-create"),
    path("programmes/bulk/assign/", bulk.ProgrammesAssign.as_view(), name="programmes-assign"),
    path("programmes/<slug:reference>/", programme_pages.ProgrammePage.as_view(), name="programme-detail"),
    path("programmes/<slug:reference>/edit/", programme_forms.ProgrammeEdit.as_view(), name="programme-edit"),
    path(
        "programmes/<slug:reference>/steps/<slug:step>/",
        steps.ProgrammeStep.as_view(),
        name="programme-transition",
    ),
    path(
        "programmes/<slug:reference>/<slug:tab>/",
        programme_pages.ProgrammePage.as_view(),
        name="programme-tab",
    ),
    path("findings/", finding_lists.FindingList.as_view(), name="finding-list"),
    path("findings/bulk/assign/", finding_lists.FindingsAssign.as_view(), name="findings-assign"),
    path("findings/bulk/move/", finding_lists.FindingsMove.as_view(), name="findings-move"),
    path("findings/<slug:reference>/", finding_pages.FindingPage.as_view(), name="finding-detail"),
    path("findings/<slug:reference>/edit/", finding_forms.FindingEdit.as_view(), name="finding-edit"),
    path("findings/<slug:reference>/answer/", finding_forms.FindingAnswer.as_view(), name="finding-answer"),
    path(
        "findings/<slug:reference>/steps/<slug:step>/",
        finding_pages.FindingStep.as_view(),
        name="finding-transition",
    ),
    path("findings/<slug:reference>/<slug:tab>/", finding_pages.FindingPage.as_view(), name="finding-tab"),
    path("<slug:reference>/findings/new/", finding_forms.FindingCreate.as_view(), name="finding-create"),
    path("evidence/", evidence_lists.EvidenceList.as_view(), name="evidence-list"),
    path("evidence/bulk/assign/", evidence_lists.EvidenceAssign.as_view(), name="evidence-assign"),
    path("evidence/bulk/move/", evidence_lists.EvidenceMove.as_view(), name="evidence-move"),
    path("evidence/<slug:reference>/", evidence_pages.EvidencePage.as_view(), name="evidence-detail"),
    path("evidence/<slug:reference>/edit/", evidence_forms.EvidenceEdit.as_view(), name="evidence-edit"),
    path(
        "evidence/<slug:reference>/answer/", evidence_forms.EvidenceAnswer.as_view(), name="evidence-answer"
    ),
    path(
        "evidence/<slug:reference>/steps/<slug:step>/",
        evidence_pages.EvidenceStep.as_view(),
        name="evidence-transition",
    ),
    path("evidence/<slug:reference>/<slug:tab>/", evidence_pages.EvidencePage.as_view(), name="evidence-tab"),
    path("<slug:reference>/", audit_pages.AuditPage.as_view(), name="audit-detail"),
    path("<slug:reference>/edit/", audit_forms.AuditEdit.as_view(), name="audit-edit"),
    path("<slug:reference>/ask/", evidence_forms.EvidenceAskPage.as_view(), name="evidence-ask"),
    path("<slug:reference>/conclusion/", reports.ConclusionEdit.as_view(), name="audit-conclusion"),
    path("<slug:reference>/steps/<slug:step>/", steps.AuditStep.as_view(), name="audit-transition"),
    path("<slug:reference>/series/", series.SeriesEdit.as_view(), name="series-edit"),
    path("<slug:reference>/series/end/", series.SeriesEnd.as_view(), name="series-end"),
    path("<slug:reference>/series/<slug:day>/skip/", series.OccurrenceSkip.as_view(), name="occurrence-skip"),
    path("<slug:reference>/series/<slug:day>/move/", series.OccurrenceMove.as_view(), name="occurrence-move"),
    path(
        "<slug:reference>/series/<slug:day>/restore/",
        series.OccurrenceRestore.as_view(),
        name="occurrence-restore",
    ),
    path(
        "<slug:reference>/checklist/",
        checklists.ChecklistPage.as_view(),
        {"tab": "checklist"},
        name="checklist",
    ),
    path("<slug:reference>/checklist/add/", checklists.ChecksAdd.as_view(), name="checks-add"),
    path("<slug:reference>/checklist/copy/", checklists.ChecksCopy.as_view(), name="checks-copy"),
    path("<slug:reference>/checklist/set/", checklists.ChecksSet.as_view(), name="checks-set"),
    path("<slug:reference>/checklist/remove/", checklists.ChecksRemove.as_view(), name="checks-remove"),
    path(
        "<slug:reference>/checklist/<int:check>/",
        checklists.CheckPage.as_view(),
        {"tab": "checklist"},
        name="check-detail",
    ),
    path(
        "<slug:reference>/checklist/<int:check>/evidence/",
        checklists.EvidenceAdd.as_view(),
        name="check-evidence",
    ),
    path(
        "<slug:reference>/checklist/<int:check>/evidence/<uuid:key>/remove/",
        checklists.EvidenceRemove.as_view(),
        name="check-evidence-remove",
    ),
    path("<slug:reference>/<slug:tab>/", audit_pages.AuditPage.as_view(), name="audit-tab"),
]
