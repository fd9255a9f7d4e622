"""Fields that the forms have in common: people, units, programmes and texts."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as lazy

from audits.models import Programme
from foundation.accounts.access import Scope
from foundation.accounts.models import BusinessUnit, RoleGrant, User
from foundation.accounts.rights import RIGHTS

LONG_TEXT = 10_000


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One person, found by typing part of the name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Select(attrs={"data-search": ""}), **options)

    def label_from_instance(self, obj: Any) -> str:
        """Return the name, and what the person does."""
        return person_label(obj)


class PeopleChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some people."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.SelectMultiple(attrs={"data-search": ""}), **options)

    def label_from_instance(self, obj: Any) -> str:
        """Return the name, and what the person does."""
        return person_label(obj)


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A unit in which the person may plan audits, drawn as a tree."""

    def __init__(self, **options: Any) -> None:
        super().__init__(empty_label=lazy("Choose …"), **options)

    def label_from_instance(self, obj: Any) -> str:
        """Return the name, drawn in below its parent."""
        return "\u2003" * (obj.path.count("/") - 1) + str(obj.name)


class ProgrammeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A programme that audits may be added to."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the reference, the title and the year."""
        return f"{obj.reference} {obj.title} ({obj.year})"


def person_label(person: User) -> str:
    """Return a person's name and work."""
    return f"{person.full_name} · {person.job_title}" if person.job_title else person.full_name


def people_to_choose(*kept: User | None) -> QuerySet[User]:
    """Return the active people, and those who are named already: dropping one is the reader's decision."""
    named = [person.pk for person in kept if person is not None]
    return User.objects.filter(Q(is_active=True) | Q(pk__in=named)).order_by("full_name", "pk")


def leads_to_choose(on: date, kept: User | None) -> QuerySet[User]:
    """Return the active people who may run audits somewhere on a day, and the one who leads already."""
    in_force = RoleGrant.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=on),
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        role__in=[role.value for role in RIGHTS["audits.run"].roles],
    )
    may_run = Q(is_active=True, pk__in=in_force.values("user_id"))
    return User.objects.filter(may_run | Q(pk=kept.pk if kept else None)).order_by("full_name", "pk")


def units_to_choose(scope: Scope) -> QuerySet[BusinessUnit]:
    """Return the units of a scope."""
    units = BusinessUnit.objects.order_by("path")
    return units if scope.everywhere else units.filter(pk__in=scope.unit_ids)


def programmes_to_choose(user: User, kept: Programme | None) -> "QuerySet[Programme]":
    """Return the programmes that the person sees and that are not closed, and the one that is chosen already."""
    programmes = Programme.objects.visible_to(user).unarchived().open()
    if kept is not None:
        programmes = programmes | Programme.objects.filter(pk=kept.pk)
    found: QuerySet[Programme] = programmes.order_by("-year", "pk")
    return found


def long_text(label: Any, help_text: Any = "") -> forms.CharField:
    """Return a field for a text of some paragraphs."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
