"""Fields that the forms have in common: leads, programmes and texts."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from audits.models import Audit, Programme
from compliance.choices import FrameworkState
from compliance.models import Framework
from foundation.accounts.models import RoleGrant, User
from foundation.accounts.rights import RIGHTS

LONG_TEXT = 10_000


class ProgrammeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A programme that audits may be added to."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the reference and the title, with the year where the title leaves it out."""
        name = f"{obj.reference} {obj.title}"
        return name if str(obj.year) in obj.title else f"{name} ({obj.year})"


class FrameworksChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some frameworks."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.SelectMultiple(attrs={"data-search": ""}), **options)

    def label_from_instance(self, obj: Any) -> str:
        """Return the framework's name."""
        return str(obj.title)


def frameworks_to_choose(user: User, audit: Audit | None) -> "QuerySet[Framework]":
    """Return the frameworks in force that the person sees, and those that the audit has already."""
    wanted = Q(archived_at__isnull=True, state=FrameworkState.ACTIVE)
    if audit is not None:
        wanted |= Q(pk__in=audit.frameworks.values("pk"))
    found: QuerySet[Framework] = Framework.objects.visible_to(user).filter(wanted).order_by("title", "pk")
    return found


def leads_to_choose(on: date, kept: User | None) -> QuerySet[User]:
    """Return the active people who may run audits somewhere on a day, and the one who leads already."""
    in_force = RoleGrant.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=on),
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        role__in=[role.value for role in RIGHTS["audits.run"].roles],
    )
    may_run = Q(is_active=True, pk__in=in_force.values("user_id"))
    return User.objects.filter(may_run | Q(pk=kept.pk if kept else None)).order_by("full_name", "pk")


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
