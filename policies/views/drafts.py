"""The page that writes a draft, who has it open, and taking it over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.files.services import Upload
from foundation.signs import hidden_signs
from foundation.ui.conflicts import Conflict, EditConflict, send_instead
from foundation.ui.dates import instant_words
from foundation.ui.form_pages import ConfirmPage, FormPage
from foundation.ui.pages import Page, fills
from foundation.ui.structure import Action, Crumb
from policies.forms import DraftForm, DraftUploadForm, too_long
from policies.models import DocumentVersion, DraftLock
from policies.models.editing import IDLE
from policies.models.versions import MOST_TEXT
from policies.permissions import writing_refusal
from policies.prose import pictures_named, prose_of
from policies.selectors import coming_of, lock_of, pictures_in, pictures_offered
from policies.services import (
    DocumentRefused,
    DraftHeld,
    StaleDraft,
    draft_leave,
    draft_open,
    draft_take_over,
    draft_to_text,
    draft_upload,
    draft_write,
)
from policies.views.differences import text_differences
from policies.views.forms import OfDocument
from policies.views.pages import document_crumbs

PREVIEW = "draft-preview"
HTML = re.compile(r"<[a-zA-Z/!][^>\n]*>")


def held_words(lock: DraftLock) -> str:
    """Return who writes on a draft since when, and when they typed last."""
    return _("%(person)s has the draft open since %(since)s, and wrote last at %(seen)s.") % {
        "person": lock.holder.full_name,
        "since": instant_words(lock.since),
        "seen": instant_words(lock.seen_at),
    }


def preview_notes(text: str, shown: set[str]) -> list[str]:
    """Return what an author should know of a text: signs that nobody sees, pictures that are not shown."""
    notes = []
    if signs := hidden_signs(text):
        listed = ", ".join(f"{sign} × {count}" for sign, count in signs)
        notes.append(
            _("The text has signs that nobody sees or that turn the writing direction: %(signs)s.")
            % {"signs": listed}
        )
    missing = [source for source in pictures_named(text) if source not in shown]
    if missing:
        notes.append(
            _("These pictures are not shown, since they are no files of this document: %(sources)s.")
            % {"sources": ", ".join(source[:80] for source in missing[:5])}
        )
    if HTML.search(text):
        notes.append(_("HTML is shown as it is typed."))
    return notes


def text_compared(conflict: Conflict, form: DraftForm, current: DocumentVersion) -> Conflict:
    """Return a conflict whose texts are compared word by word: both are long, and side by side nobody finds what differs."""
    if "body" not in form.cleaned_data:
        return conflict
    label = str(form.fields["body"].label)
    context = text_differences(current.body, form.cleaned_data["body"])
    drawn = render_to_string("policies/_conflict_text.html", context)
    rows = tuple(replace(row, drawn=drawn) if row.label == label else row for row in conflict.rows)
    return replace(conflict, rows=rows)


class OfDraft(OfDocument):
    """What pages about a draft have in common: the document, where its draft can be written."""

    draft: DocumentVersion

    def find_draft(self) -> None:
        """Find the draft of a document that the reader may write."""
        self.find()
        draft = coming_of(self.document)
        if draft is None:
            raise PermissionDenied(writing_refusal(self.document))
        self.draft = draft

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        document = self.document
        return document_crumbs(
            document, Crumb(document.reference, document.get_absolute_url()), Crumb(_("Draft"))
        )

    def url(self, name: str) -> str:
        """Return an address of the draft."""
        return reverse(f"policies:{name}", args=[self.document.reference])


class DraftWrite(OfDraft, FormPage):
    """Writes the text of the version that comes. Who opens it has it, until it is saved or nothing was typed for a while."""

    form_class = DraftForm
    template_name = "policies/draft_form.html"
    previewed: dict[str, Any] | None = None

    def prepare(self) -> None:
        """Find the draft, and check that it may be written."""
        self.find()
        self.open_unless(writing_refusal(self.document))
        self.find_draft()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form; to who comes while somebody else has the draft, who that is."""
        self.prepare()
        lock = draft_open(document=self.document, actor=self.actor, now=self.now)
        if lock.holder_id == self.actor.pk:
            return self.show(self.form_class(**self.get_form_arguments()))
        context = {
            "title": self.get_title(),
            "subtitle": self.get_subtitle(),
            "crumbs": self.get_crumbs(),
            "told": held_words(lock),
            "version_url": reverse(
                "policies:version-detail", args=[self.document.reference, self.draft.number]
            ),
            "take_over_url": self.url("draft-take-over"),
        }
        return render(request, "policies/draft_held.html", context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the draft; or show what was typed as it will be read, in the page or alone."""
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)
        self.prepare()
        if fills(request, PREVIEW):
            return render(request, "policies/_draft_preview.html", self.preview())
        self.previewed = self.preview()
        return self.show(self.form_class(request.POST, **self.get_form_arguments()))

    def preview(self) -> dict[str, Any]:
        """Return what was typed as it will be read, and what its author should know of it."""
        typed = self.request.POST.get("body", "").replace("\r\n", "\n").replace("\x00", "")
        if len(typed) > MOST_TEXT:
            return {"notes": [too_long(len(typed))]}
        shown = pictures_in(typed, self.document, self.request.user)
        text = prose_of(typed, shown)
        return {
            "notes": preview_notes(typed, {reference for reference, _url in shown}),
            "text": text,
            "sections": [one for one in text.sections if one.depth <= 2],
        }

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the draft, and when it is written."""
        return {"draft": self.draft, "now": self.now}

    def get_title(self) -> str:
        """Name the document and the version."""
        return _("Write %(reference)s, version %(label)s") % {
            "reference": self.document.reference,
            "label": self.draft.label,
        }

    def get_extra_context(self) -> dict[str, Any]:
        """Return where the page says that something is typed, and how a person lets go of the draft."""
        if self.draft.file is None:
            upload = Action(_("Upload a file instead"), self.url("draft-upload"), icon="upload")
            actions = [upload]
        else:
            actions = [
                Action(_("Write it here instead"), self.url("draft-to-text"), icon="pencil", asks=True),
                Action(_("Upload another file"), self.url("draft-upload"), icon="upload"),
            ]
        return {
            "actions": actions,
            "file": self.draft.file,
            "previewed": self.previewed,
            "pictures": pictures_offered(self.document, self.request.user),
            "files_url": self.document.get_tab_url("files"),
            "seen_url": self.url("draft-seen"),
            "leave_url": self.url("draft-leave"),
            "idle_minutes": int(IDLE.total_seconds() // 60),
        }

    def save(self, form: DraftForm) -> str:
        """Write the draft."""
        try:
            draft_write(
                document=self.document,
                changes=form.values(),
                is_material=form.cleaned_data.get("is_material", True),
                actor=self.actor,
                now=self.now,
                revision=form.cleaned_data["version"],
                over=form.cleaned_data["over"],
            )
        except DocumentRefused as refused:
            raise ValidationError(str(refused)) from refused
        except DraftHeld as held:
            told = f"{held_words(held.lock)} {_('To save yours takes the draft over.')}"
            found = form.conflict_with_holder(held.draft, held.lock, told)
            raise EditConflict(text_compared(found, form, held.draft)) from held
        except StaleDraft as stale:
            raise EditConflict(text_compared(form.conflict_with(stale.draft), form, stale.draft)) from stale
        messages.success(self.request, _("The draft is saved"))
        return self.document.get_absolute_url()


class DraftUpload(OfDraft, FormPage):
    """Takes a file as what the draft says, in the place of its text."""

    form_class = DraftUploadForm
    title = lazy("Upload the document")
    submit_label = lazy("Upload")

    def prepare(self) -> None:
        """Find the draft, and check that it may be written."""
        self.find()
        self.open_unless(writing_refusal(self.document))
        self.find_draft()

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the draft."""
        return {"draft": self.draft}

    def get_cancel_url(self) -> str:
        """Return to the draft."""
        return self.url("draft-write")

    def save(self, form: DraftUploadForm) -> str:
        """Read the file, and let it be the draft."""
        sent = form.cleaned_data["file"]
        try:
            draft = draft_upload(
                document=self.document,
                upload=Upload(sent.name, sent),
                actor=self.actor,
                now=self.now,
                revision=form.cleaned_data["version"],
            )
        except (DocumentRefused, DraftHeld, StaleDraft) as refused:
            raise ValidationError({"file": str(refused)}) from refused
        messages.success(self.request, _("The file is the draft now"))
        if not draft.body.strip():
            messages.warning(self.request, _("No text was found in it: search finds it by its title alone."))
        if draft.is_text_cut:
            messages.warning(
                self.request,
                _("It says more than search can keep: only its first 400,000 characters are found."),
            )
        return self.document.get_absolute_url()


class DraftToText(OfDraft, ConfirmPage):
    """Lets the draft's text be what it says again, in the place of a file."""

    form_class = forms.Form
    title = lazy("Write it here instead")
    submit_label = lazy("Write it here")

    def prepare(self) -> None:
        """Find the draft, and check that it may be written."""
        self.find()
        self.open_unless(writing_refusal(self.document))
        self.find_draft()

    def get_text(self) -> str:
        """Say what becomes of the file."""
        return _(
            "The text that was read from the file becomes the draft, to be written on. The file stays among the document's files."
        )

    def get_cancel_url(self) -> str:
        """Return to the document."""
        return self.document.get_absolute_url()

    def save(self, form: forms.Form) -> str:
        """Let the text be the draft."""
        try:
            draft_to_text(
                document=self.document, actor=self.actor, now=self.now, revision=self.draft.revision
            )
        except (DocumentRefused, DraftHeld, StaleDraft) as refused:
            raise ValidationError(str(refused)) from refused
        return self.url("draft-write")


class TakeOverForm(forms.Form):
    """Takes a draft over from whoever holds it under a key."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)

    def __init__(self, *args: Any, lock: DraftLock | None, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": lock.key if lock else ""}
        super().__init__(*args, **kwargs)


class DraftTakeOver(OfDraft, ConfirmPage):
    """Takes a draft over from somebody else, after a warning."""

    form_class = TakeOverForm
    title = lazy("Take the draft over")
    submit_label = lazy("Take over")
    lock: DraftLock | None

    def prepare(self) -> None:
        """Find the draft, and who has it."""
        self.find()
        self.open_unless(writing_refusal(self.document))
        self.find_draft()
        self.lock = lock_of(self.document, self.now)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who has the draft."""
        return {"lock": self.lock}

    def get_text(self) -> str:
        """Say what becomes of what the other typed."""
        if self.lock is None or self.lock.holder_id == self.actor.pk:
            return _("Nobody else has the draft open.")
        return f"{held_words(self.lock)} " + _(
            "What is not saved yet stays in that person's browser; who saves last is shown both versions."
        )

    def is_dangerous(self) -> bool:
        """Warn."""
        return True

    def get_cancel_url(self) -> str:
        """Return to the document."""
        return self.document.get_absolute_url()

    def save(self, form: TakeOverForm) -> str:
        """Take the draft over."""
        try:
            draft_take_over(
                document=self.document, actor=self.actor, now=self.now, key=form.cleaned_data["key"]
            )
        except DocumentRefused as refused:
            send_instead(form, "key", str(self.lock.key) if self.lock else "")
            raise ValidationError(str(refused)) from refused
        return self.url("draft-write")


class DraftSeen(OfDraft, Page):
    """Hears that something is typed into a draft's form, and says whether it is still the reader's."""

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Take note of it."""
        self.find()
        if writing_refusal(self.document):
            return JsonResponse({"lost": writing_refusal(self.document)})
        lock = draft_open(document=self.document, actor=self.actor, now=self.now)
        if lock.holder_id == self.actor.pk:
            return JsonResponse({"lost": ""})
        words = _("What you typed stays here: save it, and you see both versions.")
        return JsonResponse({"lost": f"{held_words(lock)} {words}"})


class DraftLeave(OfDraft, Page):
    """Lets others write on a draft again, without saving."""

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Let go of it; a page that is left by a script asks for nothing in return."""
        self.find()
        draft_leave(document=self.document, actor=self.actor)
        if request.headers.get("Accept") == "application/json":
            return HttpResponse(status=204)
        return redirect(self.document.get_absolute_url())
