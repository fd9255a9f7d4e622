"""Evidence of a check: uploaded right there, picked from files that are there, taken off again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import AuditRole
from audits.models import Audit, Check
from audits.selectors.checks import evidence_to_choose, files_to_attach
from audits.services import CheckRefused, check_evidence_add, check_evidence_remove, writing_refusal
from audits.views.checklists.access import audit_for, check_in, crumbs_to, refuse
from foundation.accounts.permissions import person_of
from foundation.files.models import File
from foundation.files.selectors import FileLine
from foundation.files.services import Outcome, Upload
from foundation.files.views import FilesAdd
from foundation.records.models import Record
from foundation.ui.form_pages import ConfirmPage
from foundation.ui.pages import Page
from foundation.ui.structure import Crumb


def writable_check(request: HttpRequest, reference: str, key: int) -> Check:
    """Return a check that the person may write into now."""
    user = person_of(request)
    audit = audit_for(user, reference)
    refuse(writing_refusal(user, audit))
    return check_in(audit, key, user)


def check_url(check: Check) -> str:
    """Return the address of an opened check."""
    return reverse("audits:check-detail", args=[check.audit.reference, check.pk])


class CheckUpload(FilesAdd):
    """Takes files for the audit, and lets them show what a check came to; one that the audit has already does, too.

    Who is audited does not know of them, as they don't know of the checklist.
    """

    kept_from = AuditRole.AUDITEE.value

    def find(self) -> Record:
        """Return the audit of the check, which the person may write into."""
        self.check = writable_check(self.request, self.kwargs["reference"], self.kwargs["check"])
        audit: Audit = self.check.audit
        return audit

    def take(self, record: Record, uploads: Sequence[Upload], description: str) -> list[Outcome]:
        """Add the files to the audit, and those that came in or were there to the check."""
        outcomes = super().take(record, uploads, description)
        found = [outcome.file or outcome.known for outcome in outcomes]
        files = [file for file in found if file is not None]
        try:
            check_evidence_add(check=self.check, files=files, actor=self.request.user, now=self.now)
        except CheckRefused as refused:
            raise PermissionDenied(str(refused)) from refused
        return [
            Outcome(outcome.name, file=outcome.file or outcome.known, refusal=outcome.refusal)
            for outcome in outcomes
        ]

    def get_return_url(self, record: Record) -> str:
        """Return to the check."""
        return check_url(self.check)


class FilesField(forms.MultipleChoiceField):
    """Files, each by its key."""

    widget = forms.CheckboxSelectMultiple


class PickForm(forms.Form):
    """Which files show what a check came to."""

    chosen = FilesField(label=lazy("Files"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = choices  # type: ignore[attr-defined]


class EvidenceAdd(ConfirmPage):
    """Picks evidence from the audit's files, and from those of accepted requests for evidence."""

    form_class = PickForm
    title = lazy("Pick evidence")
    submit_label = lazy("Attach")
    check: Check

    def prepare(self) -> None:
        """Find the check and the files."""
        self.check = writable_check(self.request, self.kwargs["reference"], self.kwargs["check"])
        self.lines = evidence_to_choose(self.check, person_of(self.request))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the files to choose from."""
        return {"choices": [(str(line.file.key), self._label(line)) for line in self.lines]}

    def _label(self, line: FileLine) -> str:
        """Return how a file is called here: with its version where it has several, and the request that it is of."""
        parts = [line.version.name]
        if line.version.number > 1:
            parts.append(_("version %(number)d") % {"number": line.version.number})
        if line.file.record_id != self.check.audit_id:
            parts.append(f"({line.file.record.reference})")
        return " ".join(parts)

    def get_text(self) -> str:
        """Say what there is to pick from."""
        if not self.lines:
            return _("Neither the audit nor an accepted request for evidence has other files.")
        return _(
            "Files of the audit, and of the requests for evidence that were accepted. What is attached stays in its version "
            "until a newer one is picked here."
        )

    def get_extra_context(self) -> dict[str, Any]:
        """Leave the button out where there is nothing to pick."""
        return {"is_refused": not self.lines}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return crumbs_to(self.check.audit, self.check.text.identifier)

    def get_cancel_url(self) -> str:
        """Return to the check."""
        return check_url(self.check)

    def save(self, form: PickForm) -> str:
        """Attach them."""
        files = files_to_attach(form.cleaned_data["chosen"])
        try:
            check_evidence_add(check=self.check, files=files, actor=person_of(self.request), now=self.now)
        except CheckRefused as refused:
            raise ValidationError(str(refused)) from refused
        return check_url(self.check)


class EvidenceRemove(Page):
    """Takes a file off a check; it stays with the audit."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead to the check: somebody signed in again on the way."""
        return redirect(check_url(writable_check(request, kwargs["reference"], kwargs["check"])))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take it off."""
        check = writable_check(request, kwargs["reference"], kwargs["check"])
        file = get_object_or_404(File.objects.filter(checks=check), key=kwargs["key"])
        try:
            check_evidence_remove(check=check, file=file, actor=person_of(request), now=self.now)
        except CheckRefused as refused:
            messages.error(request, str(refused))
        return redirect(check_url(check))
