"""What the board is narrowed by: a unit with all below it, and people by a part of their name."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from duties.models import ActivityListing
from foundation.accounts.filters import PEOPLE_FOUND, PersonFilter, UnitFilter
from foundation.accounts.models import User
from foundation.accounts.selectors import units_with_below
from foundation.ui.filters import FilterSet


class BoardFilters(FilterSet):
    """The form that the board is narrowed by."""

    unit = UnitFilter()
    owner = PersonFilter("owner", _("Owner"))

    class Meta:
        model = ActivityListing
        fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Narrowing:
    """Whose records are counted: of some units, of some owners; None: of all. `is_cut`: more people have such a name than are looked for."""

    unit_ids: tuple[int, ...] | None = None
    owner_ids: tuple[int, ...] | None = None
    unit: str = ""
    owner: str = ""
    is_cut: bool = False

    def keep(self, rows: Any) -> Any:
        """Keep the rows of these."""
        if self.unit_ids is not None:
            rows = rows.filter(unit_id__in=self.unit_ids)
        if self.owner_ids is not None:
            rows = rows.filter(owner_id__in=self.owner_ids)
        return rows

    def sql(self, table: str) -> tuple[str, tuple[Any, ...]]:
        """Return the same condition as SQL with its values, on a table by its name in the statement."""
        conditions, values = ["TRUE"], []
        for column, keys in (("unit_id", self.unit_ids), ("owner_id", self.owner_ids)):
            if keys is not None:
                conditions.append(f"{table}.{column} = ANY(%s)")
                values.append(list(keys))
        return " AND ".join(conditions), tuple(values)

    @property
    def asked(self) -> dict[str, str]:
        """Return it as the filters of a list."""
        return {name: value for name, value in (("unit", self.unit), ("owner", self.owner)) if value}

    @property
    def query(self) -> str:
        """Return it as the query of an address, with its question mark; empty where nothing is narrowed."""
        return f"?{urlencode(self.asked)}" if self.asked else ""


ALL = Narrowing()


def narrowing_of(cleaned: dict[str, Any]) -> Narrowing:
    """Return what a valid form of BoardFilters asks for; at most two queries."""
    unit, owner = cleaned.get("unit") or "", (cleaned.get("owner") or "").strip()
    named = User.objects.filter(full_name__icontains=owner).order_by("pk").values_list("pk", flat=True)
    people = list(named[: PEOPLE_FOUND + 1]) if owner else []
    return Narrowing(
        unit_ids=tuple(units_with_below(unit)) if unit else None,
        owner_ids=tuple(people[:PEOPLE_FOUND]) if owner else None,
        is_cut=len(people) > PEOPLE_FOUND,
        unit=unit,
        owner=owner,
    )
