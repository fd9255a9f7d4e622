"""Reads of plans and of whom they call."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from policies.choices import DocumentType
from policies.models import Document
from policies.querysets import DocumentQuerySet
from response.models import Contact
from response.querysets import ContactQuerySet

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def plans_visible(user: "AnyUser") -> DocumentQuerySet:
    """Return the incident response plans that a person may know of."""
    found: DocumentQuerySet = (
        Document.objects.visible_to(user)
        .filter(type=DocumentType.PLAN)
        .select_related("unit", "owner", "current")
    )
    return found


def contacts_of(plan: Document) -> ContactQuerySet:
    """Return whom a plan calls, in order."""
    found: ContactQuerySet = (
        Contact.objects.present()
        .filter(plan_id=plan.pk)
        .select_related("person", "confirmed_by")
        .order_by("position", "pk")
    )
    return found


def contacts_counted(plan: Any, user: "AnyUser") -> "QuerySet[Contact]":
    """Return the contacts that a tab on a plan's page carries the number of."""
    found: QuerySet[Contact] = Contact.objects.present().filter(plan_id=plan.pk)
    return found


def sheet_due(plan: Document) -> date | None:
    """Return the day by which the first contact of a plan is to be confirmed; None for an empty sheet, or a retired plan. One query."""
    if plan.is_retired:
        return None
    found: date | None = contacts_of(plan).order_by("confirm_by").values_list("confirm_by", flat=True).first()
    return found


def sheets_open() -> "QuerySet[Document]":
    """Return the plans that have a sheet, with their owners."""
    found: QuerySet[Document] = Document.objects.filter(
        pk__in=Contact.objects.present().values("plan_id")
    ).select_related("owner")
    return found
