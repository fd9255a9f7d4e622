"""Pages to make and change a case, as a duty app has them: what the tests of forms send to."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import include, path

from foundation.accounts.models import BusinessUnit, User
from foundation.records.choices import Confidentiality
from foundation.records.forms import SubmissionFormMixin, VersionedFormMixin
from foundation.records.models import Record
from foundation.records.pages import RecordFormPage
from foundation.records.services import participants_set, record_create, record_update, submit_once


class CaseForm(forms.Form):
    title = forms.CharField(label="Title", max_length=200)
    owner = forms.ModelChoiceField(User.objects.order_by("full_name"), label="Owner")
    unit = forms.ModelChoiceField(BusinessUnit.objects.order_by("path"), label="Business unit")
    confidentiality = forms.ChoiceField(label="Confidentiality", choices=Confidentiality.choices)
    helpers = forms.ModelMultipleChoiceField(
        User.objects.order_by("full_name"), label="Helpers", required=False
    )

    def fields_of_record(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "owner", "unit", "confidentiality")}


class CaseCreateForm(SubmissionFormMixin, CaseForm):
    pass


class CaseEditForm(VersionedFormMixin, CaseForm):
    def current_value(self, record: Record, name: str) -> Any:
        if name == "helpers":
            return [part.user for part in record.participants.filter(role="helper").select_related("user")]
        return super().current_value(record, name)


class CaseCreate(RecordFormPage):
    form_class = CaseCreateForm
    title = "New case"

    def save(self, form: CaseCreateForm) -> str:
        actor = self.request.user
        assert isinstance(actor, User)
        record = submit_once(
            key=form.cleaned_data["submission"],
            actor=actor,
            purpose="cases.create",
            content=form.submitted_content(),
            create=lambda: record_create(
                record=Record(**form.fields_of_record()), kind="case", actor=actor, state="open"
            ),
        )
        return record.get_absolute_url()


class CaseEdit(RecordFormPage):
    form_class = CaseEditForm
    title = "Edit the case"
    record: Record

    def prepare(self) -> None:
        self.record = get_object_or_404(
            Record.objects.visible_to(self.request.user), reference=self.kwargs["reference"]
        )

    def get_form_arguments(self) -> dict[str, Any]:
        names = ("title", "owner", "unit", "confidentiality")
        return {"record": self.record, "initial": {name: getattr(self.record, name) for name in names}}

    def get_cancel_url(self) -> str:
        return self.record.get_absolute_url()

    def save(self, form: CaseEditForm) -> str:
        actor = self.request.user
        assert isinstance(actor, User)
        record = record_update(
            record=self.record,
            changes=form.fields_of_record(),
            actor=actor,
            version=form.cleaned_data["version"],
        )
        participants_set(record=record, role="helper", users=form.cleaned_data["helpers"], actor=actor)
        return record.get_absolute_url()


def case_detail(request: HttpRequest, reference: str) -> HttpResponse:
    record = get_object_or_404(Record.objects.visible_to(request.user), reference=reference)
    return render(request, "base.html", {"title": record.title})


urlpatterns = [
    path("cases/new/", CaseCreate.as_view(), name="case-create"),
    path("cases/<str:reference>/", case_detail, name="case-detail"),
    path("cases/<str:reference>/edit/", CaseEdit.as_view(), name="case-edit"),
    path("", include("ciso_portal.urls")),
]
