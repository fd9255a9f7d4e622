"""Activities that are to be planned, as plain values, and what is wrong with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from duties.models import LONGEST_ITEM, MOST_ITEMS, Activity, ActivitySeries
from duties.services.errors import ActivityRefused
from foundation.accounts.models import BusinessUnit, User
from foundation.records.choices import Confidentiality

# What each next occurrence of a series takes from it.
TEMPLATE_FIELDS = (
    "title",
    "duty",
    "task",
    "evidence_wanted",
    "needs_sign_off",
    "unit",
    "owner",
    "confidentiality",
)


class Item(NamedTuple):
    """An item of a checklist: what is to be done, and whether the activity is not done without it."""

    text: str
    is_required: bool = True


@dataclass(frozen=True, kw_only=True)
class ActivityDraft:
    """An activity to be planned; with `rrule`, as the first of a new series, or else as an occurrence of `series`."""

    title: str
    duty: int
    unit: BusinessUnit
    owner: User
    due_on: date
    task: str = ""
    evidence_wanted: str = ""
    needs_sign_off: bool = False
    confidentiality: str = Confidentiality.INTERNAL
    checklist: Sequence[Item] = ()
    rrule: str = ""
    starter: str = ""
    series: ActivitySeries | None = None
    occurrence_on: date | None = None

    def activity(self) -> Activity:
        """Return the activity, not saved yet."""
        apart = {"checklist", "rrule", "starter"}
        return Activity(
            **{entry.name: getattr(self, entry.name) for entry in fields(self) if entry.name not in apart}
        )

    def template(self) -> dict[str, Any]:
        """Return what the next occurrences start from."""
        values = {name: getattr(self, name) for name in TEMPLATE_FIELDS}
        return {**values, "checklist": items_kept(self.checklist), "starter": self.starter}


def items_kept(items: Iterable[Item]) -> list[list[Any]]:
    """Return the items of a checklist as a series keeps them."""
    return [[item.text, item.is_required] for item in items]


def items_of(series: ActivitySeries) -> list[Item]:
    """Return the items that a series keeps."""
    return [Item(text, is_required) for text, is_required in series.checklist]


def owner_check(owner: User) -> None:
    """Raise ActivityRefused for an owner who is no longer here: nobody would do it."""
    if not owner.is_active:
        raise ActivityRefused({"owner": _("%(person)s is no longer active.") % {"person": owner}})


def items_check(items: Sequence[Item]) -> None:
    """Raise ActivityRefused for a checklist that is too long, or names something twice."""
    texts = [item.text for item in items]
    if len(texts) > MOST_ITEMS:
        raise ActivityRefused({"checklist": _("Name %(most)d items at most.") % {"most": MOST_ITEMS}})
    if any(not text.strip() or len(text) > LONGEST_ITEM for text in texts):
        message = _("An item has %(most)d characters at most.") % {"most": LONGEST_ITEM}
        raise ActivityRefused({"checklist": message})
    twice = next((text for text in texts if texts.count(text) > 1), None)
    if twice is not None:
        raise ActivityRefused({"checklist": _("“%(item)s” stands there twice.") % {"item": twice}})
