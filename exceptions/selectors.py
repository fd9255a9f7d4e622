"""Reads of exceptions, and of the documents that they are from."""

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from exceptions.models import ExceptionListing, PolicyException
from exceptions.querysets import ExceptionListingQuerySet, ExceptionQuerySet
from foundation.accounts.access import access_of
from foundation.accounts.organisation import organisation_day
from foundation.records.lexemes import READ, question_of
from foundation.records.querysets import visible_records
from policies.models import Document
from policies.prose import Section, prose_of
from policies.querysets import DocumentQuerySet
from policies.selectors import library_for

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

SUGGESTED = 8
SOON = 30  # days before its end from which on an exception ends soon


def exceptions_visible(user: "AnyUser") -> ExceptionQuerySet:
    """Return the exceptions that a person may know of, with what pages name; `document_known` tells whether the document may be, too."""
    known = visible_records(user, "document__")
    found: ExceptionQuerySet = (
        PolicyException.objects.visible_to(user)
        .select_related("unit", "owner", "document", "document__current", "version_in_force")
        .defer("document__current__body", "version_in_force__body")
        .annotate(
            document_known=Case(
                When(known, then=Value(value=True)), default=Value(value=False), output_field=BooleanField()
            )
            if known
            else Value(value=True, output_field=BooleanField())
        )
    )
    return found


def documents_to_ask_of(user: "AnyUser") -> DocumentQuerySet:
    """Return the documents in force that a person may read, and so ask for exceptions from: by right, or in the library."""
    found: DocumentQuerySet = Document.objects.in_force()
    if known := visible_records(user):
        found = found.filter(known | Q(current__in=library_for(user).order_by().values("pk")))
    return found.select_related("current", "unit", "owner").defer("current__body").order_by("title", "pk")


class DocumentSuggestion(NamedTuple):
    """A document to ask for an exception from, as its picker offers it."""

    name: str
    note: str
    written: str


def documents_meant(text: str, user: "AnyUser") -> list[Document]:
    """Return some of the documents to ask of that have these words, or beginnings of them, in reference and title. One query."""
    question = question_of(text[:READ])
    if not question:
        return []
    asked = question.literal(weights="AB")
    return list(documents_to_ask_of(user).filter(words__matches=asked)[:SUGGESTED])


def documents_suggested(text: str, user: "AnyUser") -> list[DocumentSuggestion]:
    """Return the same, as they are offered while somebody types."""
    return [
        DocumentSuggestion(
            f"{one.reference} {one.title}",
            str(_("version %(label)s") % {"label": one.current.label}) if one.current else "",
            f"{one.reference} {one.title}",
        )
        for one in documents_meant(text, user)
    ]


def document_written(text: str, user: "AnyUser") -> Document | None:
    """Return the document to ask of whose reference a text is or begins with, if there is one. One query."""
    reference = (text.split() or [""])[0].upper()
    if not reference.isprintable():
        return None
    found: Document | None = documents_to_ask_of(user).filter(reference=reference).first()
    return found


def sections_of(document: Document) -> list[Section]:
    """Return the headings of what a document says now, of the first three depths."""
    if document.current is None:
        return []
    return [section for section in prose_of(document.current.body).sections if section.depth <= 3]


def exceptions_of(document: Any, user: "AnyUser") -> ExceptionQuerySet:
    """Return the exceptions from a document that a person may know of, those that end last first."""
    return exceptions_visible(user).filter(document_id=document.pk).order_by("-expires_on", "-pk")


def exceptions_counted(document: Any, user: "AnyUser") -> "QuerySet[PolicyException]":
    """Return the exceptions from a document that hold today, or of which something may still come, as far as a person may know of them."""
    visible: ExceptionQuerySet = PolicyException.objects.visible_to(user)
    return visible.filter(document_id=document.pk).unsettled(access_of(user).on)


def exceptions_to_decide_again(user: "AnyUser", now: datetime) -> ExceptionListingQuerySet:
    """Return the exceptions in force whose document says something else by now, as far as a person may know of them."""
    found: ExceptionListingQuerySet = ExceptionListing.objects.visible_to(user).unarchived()
    return found.in_force(organisation_day(now)).overtaken()


def renewal_of(exception: PolicyException) -> PolicyException | None:
    """Return the renewal that was begun of an exception and that somebody may still grant, or did. One query."""
    found: PolicyException | None = PolicyException.objects.renewing(exception).last()
    return found


def exceptions_standing(keys: Collection[int], day: date) -> dict[int, str]:
    """Return the states of those exceptions that the day has ended, and that are still written as granted. One query."""
    ended = PolicyException.objects.to_end(day).filter(pk__in=list(keys))
    return {exception.pk: exception.state_on(day) for exception in ended}
