"""Reads of plans, of whom they call, and of their exercises."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from foundation.accounts.organisation import organisation_day
from foundation.records.querysets import visible_records
from policies.choices import DocumentState, DocumentType
from policies.models import Document, DocumentVersion
from policies.querysets import DocumentQuerySet
from response.choices import EXERCISED, OPEN, ExerciseState
from response.models import Contact, Exercise, ExerciseListing
from response.permissions import can_manage
from response.querysets import ContactQuerySet, ExerciseListingQuerySet, ExerciseQuerySet

MOST_PLANS = 500

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


def plans_to_exercise(user: "AnyUser") -> list[Document]:
    """Return the plans that a person may plan an exercise of, by title. One query besides the person's access."""
    there = plans_visible(user).exclude(state=DocumentState.RETIRED).filter(current__isnull=False)
    found = there.defer("current__body").order_by("title", "pk")[:MOST_PLANS]
    return [plan for plan in found if can_manage(user, plan)]


def exercises_recurring(user: "AnyUser") -> ExerciseQuerySet:
    """Return the exercises that are still open and followed by others, of those that a person may know of."""
    found: ExerciseQuerySet = Exercise.objects.visible_to(user).filter(state__in=OPEN)
    return found.exclude(rrule="")


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


def plans_left(on: date) -> list[int]:
    """Return the keys of plans, not retired, that call somebody who is no longer here, of which nobody was told. One query."""
    left = Contact.objects.present().left_untold(on).exclude(plan__state=DocumentState.RETIRED)
    return sorted(set(left.values_list("plan_id", flat=True)))


def version_on(plan: Document, day: date) -> DocumentVersion | None:
    """Return the version of a plan that held on a day of the organisation, at its end; None before the first. One query."""
    published = DocumentVersion.objects.filter(document_id=plan.pk, published_at__isnull=False).defer("body")
    return next(
        (one for one in published.order_by("-number") if organisation_day(one.published_at) <= day), None
    )


def sheets_open() -> "QuerySet[Document]":
    """Return the plans that have a sheet, with their owners."""
    found: QuerySet[Document] = Document.objects.filter(
        pk__in=Contact.objects.present().values("plan_id")
    ).select_related("owner")
    return found


def plans_in_force() -> "QuerySet[Document]":
    """Return the plans of which a version holds."""
    found: QuerySet[Document] = (
        Document.objects.in_force().filter(type=DocumentType.PLAN).select_related("owner", "current")
    )
    return found


def exercises_visible(user: "AnyUser") -> ExerciseQuerySet:
    """Return the exercises that a person may know of, with their plans; `plan_known` tells whether the plan may be, too."""
    known = visible_records(user, "plan__")
    found: ExerciseQuerySet = (
        Exercise.objects.visible_to(user)
        .select_related("unit", "owner", "plan", "version_in_force")
        .defer("version_in_force__body")
        .annotate(
            plan_known=Case(
                When(known, then=Value(value=True)), default=Value(value=False), output_field=BooleanField()
            )
            if known
            else Value(value=True, output_field=BooleanField())
        )
    )
    return found


def exercises_of(plan: Any, user: "AnyUser") -> ExerciseQuerySet:
    """Return the exercises of a plan that a person may know of, the latest first."""
    return exercises_visible(user).filter(plan_id=plan.pk).order_by("-planned_on", "-pk")


def exercises_counted(plan: Any, user: "AnyUser") -> "QuerySet[Exercise]":
    """Return the exercises that a tab on a plan's page carries the number of."""
    found: QuerySet[Exercise] = Exercise.objects.visible_to(user).filter(plan_id=plan.pk)
    return found


def exercise_wanted(plan: Document) -> bool:
    """Tell whether nobody exercised what a plan says since its last material version, and none is planned. One query."""
    assert plan.current is not None, "a version of it is in force"
    done = Exercise.objects.filter(plan_id=plan.pk)
    since = Q(state__in=EXERCISED, version_in_force__major__gte=plan.current.major)
    return not done.filter(since | Q(state=ExerciseState.PLANNED)).exists()


def exercises_late(user: "AnyUser", now: datetime) -> ExerciseListingQuerySet:
    """Return the exercises that a person may know of, whose day is over."""
    found: ExerciseListingQuerySet = ExerciseListing.objects.visible_to(user).unarchived()
    return found.late(organisation_day(now))
