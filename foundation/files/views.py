"""Pages of files: adding them, one file with its versions, withdrawing, downloading."""

from collections.abc import Sequence
from typing import Any

import structlog
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
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
from foundation.files.models import File, FileVersion
from foundation.files.permissions import can_add_files, can_manage_files, can_withdraw_file
from foundation.files.previews import CONTENT_TYPE, NotDrawn, page_picture
from foundation.files.selectors import icon_of
from foundation.files.services import (
    Outcome,
    Upload,
    file_withdraw,
    files_add,
    reading_note,
    version_add,
)
from foundation.files.storage import content_open
from foundation.files.uploading import uploads_bound
from foundation.records.models import Record
from foundation.ui.form_pages import CommentForm, ConfirmPage, FormPage
from foundation.ui.pages import Page
from foundation.ui.security import FILE_POLICY
from foundation.ui.structure import Action, Crumb

logger = structlog.get_logger(__name__)

TAB = "files"
UNPROCESSABLE = 422


@method_decorator(csrf_exempt, name="dispatch")
class FilesAdd(Page):
    """Takes files for a record, from a form or one by one from a script (`Accept: application/json`).

    Who may not add files is refused before the body is read, which is why the form's secret is looked for only then.
    """

    request: PersonRequest

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Lead to where the form is: somebody signed in again on the way."""
        return redirect(self._record(reference).get_tab_url(TAB))

    def post(self, request: PersonRequest, reference: str) -> HttpResponseBase:
        """Check who asks, and put a limit on what is read."""
        record = self._record(reference)
        given_up = uploads_bound(request, settings.FILES_MAX_BYTES)
        return self._add(request, record, given_up)

    @method_decorator(csrf_protect)
    def _add(self, request: PersonRequest, record: Record, given_up: list[str]) -> HttpResponse:
        form = FilesForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._answer(record, [], [str(one) for errors in form.errors.values() for one in errors])
        outcomes = files_add(
            record=record,
            uploads=[Upload(str(one.name), one) for one in form.cleaned_data["uploads"]],
            actor=request.user,
            now=self.now,
            description=form.cleaned_data["description"],
        )
        refusal = too_large(settings.FILES_MAX_BYTES)
        outcomes += [Outcome(clean_name(name), refusal=refusal) for name in given_up]
        return self._answer(record, outcomes, [] if outcomes else [str(NONE_CHOSEN)])

    def _answer(self, record: Record, outcomes: Sequence[Outcome], errors: Sequence[str]) -> HttpResponse:
        """Say of each file what became of it: to a script as data, else above the record's files."""
        refused = [outcome for outcome in outcomes if not outcome.file]
        if self.request.accepts("text/html"):
            _say(self.request, len(outcomes) - len(refused), refused, errors)
            return redirect(record.get_tab_url(TAB))
        data = {
            "added": [outcome.name for outcome in outcomes if outcome.file],
            "refused": [{"name": outcome.name, "reason": outcome.refusal} for outcome in refused],
            "errors": list(errors),
        }
        return JsonResponse(data, status=UNPROCESSABLE if refused or errors else 200)

    def _record(self, reference: str) -> Record:
        """Return the record, of those that the person may see and add files to."""
        record: Record = get_object_or_404(Record.objects.visible_to(self.request.user), reference=reference)
        _check_may_add(self.request.user, record)
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
        _check_may_add(self.request.user, self.file.record)
        if self.file.is_withdrawn:
            raise PermissionDenied(_("This file was withdrawn. Add the new one as a file of its own."))

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


class FilePage(Page):
    """One file: a page of it to look at, its versions, and how each can be told from any other."""

    request: PersonRequest

    def get(self, request: PersonRequest, key: str) -> HttpResponse:
        """Show the file."""
        files = File.objects.visible_to(request.user).select_related("record", "withdrawn_by")
        file: File = get_object_or_404(files, key=key)
        versions = list(file.versions.select_related("uploaded_by"))
        for version in versions:
            version.file = file
        may_read = not file.is_withdrawn or can_manage_files(request.user, file.record)
        context = {
            "now": self.now,
            "title": versions[0].name,
            "subtitle": file.description,
            "crumbs": [
                Crumb(str(file.record), file.record.get_absolute_url()),
                Crumb(_("Files"), file.record.get_tab_url(TAB)),
            ],
            "actions": self._actions(file, versions[0]),
            "file": file,
            "versions": versions,
            "newest": versions[0],
            "icon_name": icon_of(versions[0]),
            "may_read": may_read,
            "shown": _shown_page(versions[0], request.GET.get("page", "")) if may_read else None,
        }
        return render(request, "files/file.html", context)

    def _actions(self, file: File, newest: FileVersion) -> list[Action]:
        if file.is_withdrawn:
            return []
        actions = [Action(_("Download"), newest.get_absolute_url(), icon="download", primary=True)]
        if can_add_files(self.request.user, file.record):
            url = reverse("files:version-add", args=[file.record.reference, file.key])
            actions.insert(0, Action(_("Add a new version"), url, icon="upload"))
        if can_withdraw_file(self.request.user, file):
            url = reverse("files:file-withdraw", args=[file.key])
            actions.insert(0, Action(_("Withdraw"), url, icon="ban", danger=True, asks=True))
        return actions


class FileWithdraw(ConfirmPage):
    """Withdraws a file, for a reason."""

    request: PersonRequest
    title = lazy("Withdraw the file")
    submit_label = lazy("Withdraw")
    file: File

    def prepare(self) -> None:
        """Find the file and check who withdraws it."""
        files = File.objects.visible_to(self.request.user).select_related("record")
        self.file = get_object_or_404(files, key=self.kwargs["key"])
        if self.file.is_withdrawn:
            raise PermissionDenied(_("This file was withdrawn already."))
        if not can_withdraw_file(self.request.user, self.file):
            raise right_missing("files.manage", self.file.record.unit_id)

    def get_form_arguments(self) -> dict[str, Any]:
        """Ask for the reason."""
        return {"needs_comment": True, "comment_label": _("Why")}

    def get_text(self) -> str:
        """Say what it means."""
        return _(
            "The file stays listed with your reason, and nobody can open it any more. Nothing is deleted."
        )

    def is_dangerous(self) -> bool:
        """Draw the button as a warning: there is no way back."""
        return True

    def get_cancel_url(self) -> str:
        """Return to the file."""
        return self.file.get_absolute_url()

    def save(self, form: CommentForm) -> str:
        """Withdraw it."""
        reason = form.cleaned_data["comment"]
        file_withdraw(file=self.file, actor=self.request.user, now=self.now, reason=reason)
        messages.success(self.request, _("File withdrawn"))
        return self.file.record.get_tab_url(TAB)


class FileDownload(Page):
    """Hands a version over, to be saved and never to be shown by the browser."""

    request: PersonRequest

    def get(self, request: PersonRequest, key: str, number: int) -> HttpResponseBase:
        """Return the content under its name, as it was sent."""
        version = _readable_version(request.user, key, number)
        try:
            content = content_open(version.storage_key)
        except FileNotFoundError as error:
            logger.exception("files.content_missing", storage_key=version.storage_key)
            raise Http404 from error
        reading_note(version=version, actor=request.user)
        return FileResponse(
            content,
            as_attachment=True,
            filename=version.name,
            content_type=version.content_type,
            headers={"Content-Security-Policy": FILE_POLICY, "Content-Length": str(version.size)},
        )


class FilePicture(Page):
    """Shows a page of a version as a picture made here: nothing that stood in the file reaches the browser but pixels."""

    request: PersonRequest

    def get(self, request: PersonRequest, key: str, number: int, page: int) -> HttpResponse:
        """Return the picture."""
        version = _readable_version(request.user, key, number)
        if not 1 <= page <= version.pages:
            raise Http404
        try:
            picture = page_picture(version, page)
        except NotDrawn as error:
            raise Http404 from error
        reading_note(version=version, actor=request.user, page=page)
        headers = {"Content-Security-Policy": FILE_POLICY, "Content-Disposition": "inline"}
        return HttpResponse(picture, content_type=CONTENT_TYPE, headers=headers)


def _readable_version(user: User, key: str, number: int) -> FileVersion:
    """Return a version whose record the person sees; raise PermissionDenied for one that was withdrawn from them."""
    versions = FileVersion.objects.visible_to(user).select_related("file__record")
    version: FileVersion = get_object_or_404(versions, file__key=key, number=number)
    if version.file.is_withdrawn and not can_manage_files(user, version.file.record):
        reason = _("This file was withdrawn: “%s”") % version.file.withdrawal_reason
        raise right_missing("files.manage", version.file.record.unit_id, reason)
    return version


def _shown_page(version: FileVersion, asked: str) -> dict[str, Any] | None:
    """Return which page of a version is shown, and its neighbours; nothing of what can't be looked at."""
    if not version.pages:
        return None
    wanted = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    number = min(max(wanted, 1), version.pages)
    return {
        "number": number,
        "before": number - 1,
        "after": number + 1 if number < version.pages else 0,
        "url": reverse("files:file-picture", args=[version.file.key, version.number, number]),
    }


def _check_may_add(user: User, record: Record) -> None:
    if record.archived_at is not None:
        raise PermissionDenied(_("This record was archived; nothing is added to it any more."))
    if not can_add_files(user, record):
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
