"""Reading files: one with its versions, a version as it was sent, a page of one as a picture."""

from collections.abc import Sequence
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.permissions import right_missing
from foundation.accounts.requests import PersonRequest
from foundation.files.models import File, FileVersion
from foundation.files.permissions import (
    can_manage_files,
    changing_refusal,
    has_adding_right,
    has_changing_right,
)
from foundation.files.previews import CONTENT_TYPE, NotDrawn, page_picture
from foundation.files.selectors import icon_of
from foundation.files.services import reading_note
from foundation.files.storage import content_open
from foundation.files.views.places import TAB, visible_file, withdrawn_words
from foundation.ui.error_pages import error_response
from foundation.ui.pages import Page
from foundation.ui.security import FILE_POLICY
from foundation.ui.structure import Action, Crumb

logger = structlog.get_logger(__name__)


class FilePage(Page):
    """One file: a page of it to look at, its versions, and how each can be told from any other."""

    request: PersonRequest

    def get(self, request: PersonRequest, key: str) -> HttpResponse:
        """Show the file."""
        file = visible_file(request, key)
        versions = list(file.versions.select_related("uploaded_by"))
        for version in versions:
            version.file = file
        may_read = not file.is_withdrawn or can_manage_files(request.user, file.record)
        chosen = _chosen_version(versions, request.GET.get("version", ""))
        changes = self._changes(file)
        refusal = changing_refusal(request.user, file, self.now, by_withdrawing=True) if changes else None
        context = {
            "now": self.now,
            "title": chosen.name,
            "subtitle": file.description,
            "crumbs": [
                Crumb(str(file.record), file.record.get_absolute_url()),
                Crumb(_("Files"), file.record.get_tab_url(TAB)),
            ],
            "actions": self._actions(file, chosen, [] if refusal else changes),
            "stays_because": refusal,
            "file": file,
            "versions": versions,
            "chosen": chosen,
            "newest": versions[0],
            "icon_name": icon_of(chosen),
            "may_read": may_read,
            "shown": _shown_page(chosen, request.GET.get("page", "")) if may_read else None,
        }
        return render(request, "files/file.html", context)

    def _actions(self, file: File, chosen: FileVersion, changes: Sequence[Action]) -> list[Action]:
        """Return the buttons: what may be changed, and taking away what is looked at last, in the accent colour."""
        if file.is_withdrawn or chosen.is_harmful:
            return list(changes)
        download = Action(_("Download"), chosen.get_absolute_url(), icon="download", primary=True)
        return [*changes, download]

    def _changes(self, file: File) -> list[Action]:
        """Return the ways to change a file that the person has by right."""
        if file.is_withdrawn:
            return []
        is_settled = file.is_fixed or file.record.archived_at is not None
        actions = []
        if has_changing_right(self.request.user, file):
            withdraw = reverse("files:file-withdraw", args=[file.key])
            actions.append(Action(_("Withdraw"), withdraw, icon="ban", danger=True, asks=True))
            if not is_settled:
                actions.append(Action(_("Edit"), reverse("files:file-edit", args=[file.key]), icon="pencil"))
        if has_adding_right(self.request.user, file.record) and not is_settled:
            version = reverse("files:version-add", args=[file.record.reference, file.key])
            actions.append(Action(_("Add a new version"), version, icon="upload"))
        return actions


class FileDownload(Page):
    """Hands a version over, to be saved and never to be shown by the browser."""

    request: PersonRequest

    def get(self, request: PersonRequest, key: str, number: int) -> HttpResponseBase:
        """Return the content under its name, as it was sent."""
        version = _readable_version(request.user, key, number)
        try:
            content = content_open(version.storage_key)
        except FileNotFoundError:
            logger.exception("files.content_missing", storage_key=version.storage_key)
            return _unavailable(request, _("Its content is missing in the storage. Tell an administrator."))
        except OSError:
            logger.exception("files.storage_away", storage_key=version.storage_key)
            return _unavailable(request, _("The storage of files does not answer. Try again in a minute."))
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
        except OSError:
            logger.exception("files.storage_away", storage_key=version.storage_key)
            return _unavailable(request, _("The storage of files does not answer. Try again in a minute."))
        reading_note(version=version, actor=request.user, page=page)
        headers = {"Content-Security-Policy": FILE_POLICY, "Content-Disposition": "inline"}
        return HttpResponse(picture, content_type=CONTENT_TYPE, headers=headers)


def _readable_version(user: User, key: str, number: int) -> FileVersion:
    """Return a version whose record the person sees; raise PermissionDenied for one that was withdrawn from them."""
    versions = FileVersion.objects.visible_to(user).select_related("file__record", "file__withdrawn_by")
    version: FileVersion = get_object_or_404(versions, file__key=key, number=number)
    if version.file.is_withdrawn and not can_manage_files(user, version.file.record):
        raise right_missing("files.manage", version.file.record.unit_id, withdrawn_words(version.file))
    if version.is_harmful:
        words = _("A virus was found in this version (%(name)s), so nobody can open it.")
        raise PermissionDenied(words % {"name": version.virus})
    return version


def _unavailable(request: PersonRequest, words: str) -> HttpResponse:
    """Return 503: the file is known, and can't be read just now."""
    return error_response(request, 503, title=_("This file cannot be read just now"), wait=words)


def _chosen_version(versions: Sequence[FileVersion], asked: str) -> FileVersion:
    """Return the version that the address names; the newest where it names none that there is."""
    return next((version for version in versions if str(version.number) == asked), versions[0])


def _shown_page(version: FileVersion, asked: str) -> dict[str, Any] | None:
    """Return which page of a version is shown, and its neighbours; nothing of what can't be looked at."""
    if not version.pages or version.is_harmful:
        return None
    wanted = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    number = min(max(wanted, 1), version.pages)
    return {
        "number": number,
        "before": number - 1,
        "after": number + 1 if number < version.pages else 0,
        "url": reverse("files:file-picture", args=[version.file.key, version.number, number]),
    }
