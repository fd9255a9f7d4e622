"""The page of a document, the page of one of its versions, and the steps of its life."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of
from foundation.approvals.choices import REQUEST_TONES, RequestState
from foundation.approvals.selectors import latest_request
from foundation.lifecycle.pages import TransitionPage, record_steps, transition_actions
from foundation.records.pages import HISTORY_TAB, RecordDetailPage
from foundation.ui.components import Due, Listing, Person, When
from foundation.ui.dates import instant_words
from foundation.ui.record_page import TabPage
from foundation.ui.structure import Action, Crumb, EmptyState, Fact, Step
from policies.models import Document, DocumentVersion
from policies.parts import version_badge
from policies.permissions import can_write, can_write_now, reviewing_refusal, settling_refusal
from policies.selectors import (
    approvals_by_version,
    audience_names,
    audience_words,
    coming_of,
    documents_visible,
    lock_on,
    prose_for,
    reviews_of,
    unit_names,
    version_of,
    versions_of,
)


def document_crumbs(document: Document, *more: Crumb) -> Sequence[Crumb]:
    """Return the path that leads to a document, and on."""
    return (Crumb(_("Policies"), reverse("policies:document-list")), *more)


def first_page(version: DocumentVersion | None) -> str:
    """Return the address of the first page of a version's file as a picture; empty where none can be drawn."""
    file = version.file if version else None
    if file is None or not file.pages or file.is_harmful or file.file.is_withdrawn:
        return ""
    return reverse("files:file-picture", args=[file.file.key, file.number, 1])


class DocumentPage(RecordDetailPage):
    """A document: the text that holds, or the draft before there is one; its versions."""

    tabs: ClassVar[Sequence[TabPage]] = (
        TabPage("overview", lazy("Text"), "policies/document_overview.html", "file-text"),
        TabPage("versions", lazy("Versions"), "policies/document_versions.html", "refresh", 10),
        TabPage("reviews", lazy("Reviews"), "policies/document_reviews.html", "checks", 20),
        HISTORY_TAB,
    )
    record: Document

    def get_record(self) -> Document:
        """Return the document, of those that the reader may know of."""
        found: Document = get_object_or_404(
            documents_visible(self.request.user)
            .with_parts_of(self.request.user)
            .select_related("writing__holder", "current__file__file"),
            reference=self.kwargs["reference"],
        )
        return found

    def get_tab_url(self, key: str) -> str:
        """Return the address of a tab."""
        if key == "overview":
            return self.record.get_absolute_url()
        return reverse("policies:document-tab", args=[self.record.reference, key])

    def get_title(self) -> str:
        """Return the document's title."""
        return self.record.title

    def get_subtitle(self) -> Any:
        """Return the reference, the type and the version in force."""
        parts = [self.record.reference, self.record.get_type_display()]
        if self.record.current:
            parts.append(_("version %(label)s") % {"label": self.record.current.label})
        return Listing(tuple(parts), " · ")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return document_crumbs(self.record, Crumb(self.record.reference))

    def get_actions(self) -> Sequence[Action]:
        """Return the steps that the reader may take, and the ways to the forms."""
        document, reference = self.record, self.record.reference
        user = person_of(self.request)

        def step_url(name: str) -> str:
            return reverse("policies:document-transition", args=[reference, name])

        actions = transition_actions(document, user, step_url)
        if can_write_now(user, document):
            write = reverse("policies:draft-write", args=[reference])
            lock = lock_on(document, self.now)
            if lock and lock.holder_id == user.pk:
                leave = reverse("policies:draft-leave", args=[reference])
                actions.insert(0, Action(_("Let others write"), leave, icon="lock-open", posts=True))
            actions.insert(0, Action(_("Write"), write, icon="pencil"))
        if can_write(user, document) and reviewing_refusal(document) is None:
            review = reverse("policies:document-review", args=[reference])
            actions.insert(0, Action(_("Review"), review, icon="checks"))
        if version := document.current:
            pdf = reverse("policies:version-pdf", args=[reference, version.number])
            actions.insert(0, Action(_("PDF"), pdf, icon="file-type-pdf"))
        if document.current and document.coming:  # type: ignore[attr-defined]
            actions.insert(0, Action(_("What changes"), document.get_differences_url(), icon="columns"))
        if can_write(user, document) and settling_refusal(document) is None:
            settle = reverse("policies:document-edit", args=[reference])
            actions.insert(0, Action(_("Edit details"), settle, icon="settings"))
        return actions

    def get_steps(self) -> Sequence[Step]:
        """Return the state bar."""
        return record_steps(self.record)

    def get_facts(self) -> Sequence[Fact]:
        """Return whose document it is, and what holds since when."""
        document = self.record
        facts = [
            Fact(_("Owner"), Person(document.owner.full_name)),
            Fact(_("Business unit"), document.unit.name),
            Fact(_("Reviewed every"), _("%(count)d months") % {"count": document.cadence_months}),
        ]
        if version := document.current:
            facts.append(Fact(_("In force since"), When(version.published_at, self.now)))
        if document.review_on:
            facts.append(Fact(_("Next review"), Due(document.review_on, self.now)))
        for version in document.coming:  # type: ignore[attr-defined]
            facts.append(Fact(_("Next version"), Listing((version.label, version_badge(version.state)), " ")))
            if version.effective_on:
                facts.append(Fact(_("In force from"), When(version.effective_on, self.now)))
        if lock := lock_on(document, self.now):
            words = _("since %(instant)s") % {"instant": instant_words(lock.since)}
            facts.append(Fact(_("Draft open with"), Listing((Person(lock.holder.full_name), words), " ")))
        facts.append(Fact(_("Confidentiality"), document.get_confidentiality_display()))
        return facts

    def context_overview(self, document: Document) -> dict[str, Any]:
        """Return the text that holds; before there is one, the draft."""
        asked = latest_request(document)
        version = document.current or coming_of(document)
        text = prose_for(version.body, document, self.request.user) if version else None
        return {
            "version": version,
            "is_draft": version is not None and document.current_id is None,
            "text": text,
            "sections": [one for one in text.sections if one.depth <= 2] if text else [],
            "is_review_late": bool(document.review_on and document.review_on < organisation_day(self.now)),
            "first_page": first_page(version),
            "nothing": None
            if version and text and (text.html.strip() or version.file)
            else self._nothing_yet(),
            "request_for_approval": asked,
            "approval_tone": REQUEST_TONES[RequestState(asked.state)] if asked else "",
        }

    def context_versions(self, document: Document) -> dict[str, Any]:
        """Return all versions, the newest first."""
        versions = list(versions_of(document))
        names = unit_names() if any(version.audience for version in versions) else {}
        approvals = approvals_by_version(versions)
        return {
            "versions": [
                (
                    version,
                    version_badge(version.state),
                    audience_names(version, names),
                    reverse("policies:version-detail", args=[document.reference, version.number]),
                    document.get_differences_url(version.number) if version.number > 1 else "",
                    approvals.get(version.pk, []),
                )
                for version in versions
            ]
        }

    def context_reviews(self, document: Document) -> dict[str, Any]:
        """Return what the looks at the document came to."""
        return {"reviews": list(reviews_of(document))}

    def _nothing_yet(self) -> EmptyState:
        actions = []
        if can_write_now(person_of(self.request), self.record):
            url = reverse("policies:draft-write", args=[self.record.reference])
            actions = [Action(_("Write it"), url, icon="pencil", primary=True)]
        return EmptyState(
            _("No text yet"), _("What holds stands here as soon as it is written."), "file-text", actions
        )


class VersionPage(DocumentPage):
    """One version of a document, as it was or will be."""

    tabs: ClassVar[Sequence[TabPage]] = (
        TabPage("overview", lazy("Text"), "policies/document_overview.html", "file-text"),
    )
    version: DocumentVersion

    def get_record(self) -> Document:
        """Return the document that the version is of, of those that the reader may know of."""
        document = super().get_record()
        version = version_of(document, self.kwargs["number"])
        if version is None:
            raise Http404
        self.version = version
        return document

    def get_tab_url(self, key: str) -> str:
        """Return the address of the version."""
        return reverse("policies:version-detail", args=[self.record.reference, self.version.number])

    def get_title(self) -> str:
        """Return the title that the version has."""
        return self.version.title

    def get_subtitle(self) -> Any:
        """Return the reference, the version and its state."""
        label = _("version %(label)s") % {"label": self.version.label}
        return Listing((self.record.reference, label, version_badge(self.version.state)), " · ")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        document = self.record
        return document_crumbs(
            document, Crumb(document.reference, document.get_absolute_url()), Crumb(self.version.label)
        )

    def get_actions(self) -> Sequence[Action]:
        """Offer no step: they are the document's. But what it changed can be seen."""
        version = self.version
        pdf = reverse("policies:version-pdf", args=[self.record.reference, version.number])
        actions = [Action(_("PDF"), pdf, icon="file-type-pdf")]
        if version.number > 1:
            changed = self.record.get_differences_url(version.number)
            actions.insert(0, Action(_("What changed"), changed, icon="columns"))
        return actions

    def get_facts(self) -> Sequence[Fact]:
        """Return who wrote the version, when it held, and what was approved of it."""
        version = self.version
        facts = [
            Fact(_("Change"), _("Material") if version.is_material else _("Minor")),
            Fact(_("Audience"), audience_words(version)),
            Fact(_("Written by"), Person(version.written_by.full_name)),
            Fact(_("Written"), When(version.written_at, self.now)),
        ]
        # The day that was chosen, until it is known on which it came in force: an approval may have come later.
        if in_force := version.published_at or version.effective_on:
            facts.append(Fact(_("In force from"), When(in_force, self.now)))
        if version.ended_at:
            facts.append(Fact(_("Ended"), When(version.ended_at, self.now)))
        return facts

    def context_overview(self, document: Document) -> dict[str, Any]:
        """Return the version's text, and the approval that it has."""
        version = self.version
        text = prose_for(version.body, document, self.request.user)
        asked = version.approval
        return {
            "version": version,
            "text": text,
            "sections": [one for one in text.sections if one.depth <= 2],
            "first_page": first_page(version),
            "digest": version.digest,
            "request_for_approval": asked,
            "approval_tone": REQUEST_TONES[RequestState(asked.state)] if asked else "",
        }


class DocumentStep(TransitionPage):
    """Confirms and takes a step of a document."""

    def get_record(self) -> Document:
        """Return the document, of those that the reader may know of."""
        found: Document = get_object_or_404(
            documents_visible(self.request.user), reference=self.kwargs["reference"]
        )
        return found

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        document = self.record
        return document_crumbs(
            self.record,  # type: ignore[arg-type]
            Crumb(document.reference, document.get_absolute_url()),
            Crumb(self.step.label),
        )
