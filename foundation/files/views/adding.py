"""Adding files, and newer versions of them: from a form, or one by one from a script."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from foundation.accounts.models import User
from foundation.accounts.permissions import right_missing
from foundation.accounts.requests import PersonRequest
from foundation.files.forms import NONE_CHOSEN, FilesForm, VersionForm
from foundation.files.inspection import FileRefused, clean_name
from foundation.files.inspection.inspect import too_large
from foundation.files.models import File
from foundation.files.permissions import adding_refusal, changing_refusal, has_adding_right
from foundation.files.services import Outcome, Upload, files_add, version_add
from foundation.files.uploading import uploads_bound
from foundation.files.views.places import TAB
from foundation.records.models import Record
from foundation.records.pages import visible_record
from foundation.ui.form_pages import UNPROCESSABLE, FormPage
from foundation.ui.pages import Page


@method_decorator(csrf_exempt, name="dispatch")
class FilesAdd(Page):
    """Takes files for a record, from a form or one by one from a script (`Accept: application/json`).

    Who may not add files is refused before the body is read, which is why the form's secret is looked for only then.
    """

    request: PersonRequest

    # What a page of its own says: the part in the record whose players will not know of the files, and where they go.

    kept_from = ""

    def find(self) -> Record:
        """Return the record that the address names, of those that the person may see."""
        return visible_record(self.request, self.kwargs["reference"])

    def take(self, record: Record, uploads: Sequence[Upload], description: str) -> list[Outcome]:
        """Add what was sent, and return what became of each."""
        return files_add(
            record=record,
            uploads=uploads,
            actor=self.request.user,
            now=self.now,
            description=description,
            kept_from=self.kept_from,
        )

    def get_return_url(self, record: Record) -> str:
        """Return where the files are shown."""
        return record.get_tab_url(TAB)

    # How it is answered.

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead to where the form is: somebody signed in again on the way."""
        return redirect(self.get_return_url(self._record()))

    def post(self, request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check who asks, and put a limit on what is read."""
        record = self._record()
        given_up = uploads_bound(request, settings.FILES_MAX_BYTES)
        return self._add(request, record, given_up)

    @method_decorator(csrf_protect)
    def _add(self, request: PersonRequest, record: Record, given_up: list[str]) -> HttpResponse:
        form = FilesForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._answer(record, [], [str(one) for errors in form.errors.values() for one in errors])
        uploads = [Upload(str(one.name), one) for one in form.cleaned_data["uploads"]]
        outcomes = self.take(record, uploads, form.cleaned_data["description"])
        refusal = too_large(settings.FILES_MAX_BYTES)
        outcomes += [Outcome(clean_name(name), refusal=refusal) for name in given_up]
        return self._answer(record, outcomes, [] if outcomes else [str(NONE_CHOSEN)])

    def _answer(self, record: Record, outcomes: Sequence[Outcome], errors: Sequence[str]) -> HttpResponse:
        """Say of each file what became of it: to a script as data, else above the record's files."""
        refused = [outcome for outcome in outcomes if not outcome.file]
        if self.request.accepts("text/html"):
            _say(self.request, len(outcomes) - len(refused), refused, errors)
            return redirect(self.get_return_url(record))
        data = {
            "added": [outcome.name for outcome in outcomes if outcome.file],
            "refused": [{"name": outcome.name, "reason": outcome.refusal} for outcome in refused],
            "errors": list(errors),
        }
        return JsonResponse(data, status=UNPROCESSABLE if refused or errors else 200)

    def _record(self) -> Record:
        """Return the record, of those that the person may see and add files to."""
        record = self.find()
        _check_right(self.request.user, record)
        if refusal := adding_refusal(self.request.user, record, self.now):
            raise PermissionDenied(refusal)
        return record


@method_decorator(csrf_exempt, name="dispatch")
class VersionAdd(FormPage):
    """Takes a newer version of a file; like `FilesAdd`, it reads the body only for whoever may add one."""

    request: PersonRequest
    form_class = VersionForm
    title = lazy("Add a new version")
    submit_label = lazy("Add version")
    file: File

    def prepare(self) -> None:
        """Find the file and check the right."""
        files = File.objects.visible_to(self.request.user).filter(record__reference=self.kwargs["reference"])
        self.file = get_object_or_404(files.select_related("record"), key=self.kwargs["key"])
        _check_right(self.request.user, self.file.record)
        if self.file.is_withdrawn:
            raise PermissionDenied(_("This file was withdrawn. Add the new one as a file of its own."))
        if refusal := changing_refusal(self.request.user, self.file, self.now):
            raise PermissionDenied(refusal)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check who asks, and put a limit on what is read."""
        self.prepare()
        self.given_up = uploads_bound(request, settings.FILES_MAX_BYTES)
        return self._add(request)

    @method_decorator(csrf_protect)
    def _add(self, request: HttpRequest) -> HttpResponse:
        form = VersionForm(request.POST, request.FILES)
        if self.given_up:
            form.errors["file"] = form.error_class([too_large(settings.FILES_MAX_BYTES)])
        if form.is_valid():
            try:
                return redirect(self.save(form))
            except FileRefused as refused:
                form.add_error("file", str(refused))
        return self.show(form, status=UNPROCESSABLE)

    def get_subtitle(self) -> str:
        """Return the newest version's name."""
        return str(self.file.versions.first())

    def get_cancel_url(self) -> str:
        """Return to the file."""
        return self.file.get_absolute_url()

    def save(self, form: VersionForm) -> str:
        """Add the version."""
        sent = form.cleaned_data["file"]
        version = version_add(
            file=self.file,
            upload=Upload(str(sent.name), sent),
            actor=self.request.user,
            now=self.now,
            note=form.cleaned_data["note"],
        )
        messages.success(self.request, _("Version %(number)d added") % {"number": version.number})
        return self.file.get_absolute_url()


def _check_right(user: User, record: Record) -> None:
    if not has_adding_right(user, record):
        raise right_missing("files.add", record.unit_id)


def _say(request: HttpRequest, added: int, refused: Sequence[Outcome], errors: Sequence[str]) -> None:
    if added:
        words = ngettext("%(count)d file added", "%(count)d files added", added)
        messages.success(request, words % {"count": added})
    for outcome in refused:
        words = _("“%(name)s” was not added. %(reason)s")
        messages.error(request, words % {"name": outcome.name, "reason": outcome.refusal})
    for error in errors:
        messages.error(request, error)
