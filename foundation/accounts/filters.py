"""The filters of the list of people, and those by people and units that other lists have."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.accounts.access import access_of
from foundation.accounts.choices import PersonState, Role
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import (
    grants_in_force,
    people_with_state,
    unit_options,
    units_with_below,
)
from foundation.ui.filters import ChoiceFilter, FilterSet

NO_ROLE = "none"
PEOPLE_FOUND = 200


class UnitFilter(ChoiceFilter):
    """A filter of what is of a unit (its field `unit`), or of any below it."""

    def __init__(self) -> None:
        super().__init__(choices=unit_options, label=_("Business unit"), empty_label=_("All"))

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep what is of the unit and of all below it."""
        return qs.filter(unit_id__in=units_with_below(value)) if value else qs


class PersonFilter(django_filters.CharFilter):
    """A filter of rows in one of whose fields stands somebody with such a name."""

    def __init__(self, field_name: str, label: Any) -> None:
        super().__init__(field_name=field_name, label=label, max_length=100)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep those of people with such a name."""
        if not value:
            return qs
        people = User.objects.filter(full_name__icontains=value.strip()).order_by("pk")
        return qs.filter(
            **{f"{self.field_name}__in": list(people.values_list("pk", flat=True)[:PEOPLE_FOUND])}
        )


class PeopleFilters(FilterSet):
    """By words of the name, address or work, by unit with all below it, by role held today, and by the account's state."""

    q = django_filters.CharFilter(method="by_text", label=_("Search"), max_length=100)
    unit = UnitFilter()
    role = ChoiceFilter(
        method="by_role",
        choices=[*Role.choices, (NO_ROLE, _("No role"))],
        label=_("Role"),
        empty_label=_("All"),
    )
    state = ChoiceFilter(
        method="by_state", choices=PersonState.choices, label=_("Account"), empty_label=_("All")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        scope = access_of(self.request.user).scope("people.view")
        self.filters["unit"].extra["choices"] = unit_options(scope)

    def by_text(self, people: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Keep people in whose name, address or job title all these words stand."""
        for word in value.split():
            people = people.filter(
                Q(full_name__icontains=word) | Q(email__icontains=word) | Q(job_title__icontains=word)
            )
        return people

    def by_role(self, people: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Keep the people who hold a role today, wherever; or none at all."""
        grants = grants_in_force(on=organisation_day(clock.now()))
        if value == NO_ROLE:
            return people.exclude(pk__in=grants.values("user_id"))
        return people.filter(pk__in=grants.filter(role=value).values("user_id"))

    def by_state(self, people: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Keep the people whose account stands so."""
        return people_with_state(people, value)
