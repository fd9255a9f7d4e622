"""The addresses of the portal, and pages of the probes that these tests make."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from foundation.deadlines.forms import RecurrenceFields, RecurrenceFormMixin
from foundation.ui.form_pages import FormPage


class ProbeForm(RecurrenceFormMixin):
    """A form that uses the recurrence as an app would."""

    recurrence_start_field = "opens_on"
    opens_on = forms.DateField(label="Opens on", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("opens_on", RecurrenceFields())


class ProbeCreate(FormPage):
    form_class = ProbeForm
    title = "New probe"

    def save(self, form: ProbeForm) -> str:
        recurrence = form.cleaned_data["recurrence"]
        return f"/probes/{recurrence.rrule if recurrence else 'once'}/"


def probe_detail(request: HttpRequest, reference: str) -> HttpResponse:
    return HttpResponse(f'<link rel="icon" href="data:,"><title>Probe</title><h1>{reference}</h1>')


urlpatterns = [
    path("probes/new/", ProbeCreate.as_view()),
    path("probes/<str:reference>/", probe_detail, name="probe-detail"),
    path("", include("ciso_portal.urls")),
]
