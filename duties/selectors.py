"""Reads of activities, of what they recur by, and of who can do them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duties.models import Activity, ActivityListing, ActivitySeries, ChecklistItem
from duties.permissions import SIGN_OFF
from duties.querysets import ActivityListingQuerySet, ActivityQuerySet
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import holders_anywhere
from foundation.accounts.selectors.giving import officers_in
from foundation.deadlines.recurrence import Recurrence
from foundation.records.selectors import held_of
from foundation.registry import Held

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

SHOWN_ITEMS = 3
MOST_OFFERED = 100


def activities_visible(user: "AnyUser") -> ActivityQuerySet:
    """Return the activities that a person may know of, with owner, unit and series."""
    found: ActivityQuerySet = Activity.objects.visible_to(user).select_related(
        "unit", "owner", "series", "done_by"
    )
    return found


def checklist_of(activity: Activity) -> list[ChecklistItem]:
    """Return the items of an activity, in order, with who did them. One query."""
    return list(activity.items.select_related("ticked_by").order_by("position"))


def recurrence_of(series: ActivitySeries) -> Recurrence:
    """Return the rule of a series."""
    return Recurrence(series.rrule, series.starts_on)


def what_is_missing(activity: Activity, items: list[ChecklistItem] | None = None) -> list[str]:
    """Return what has to be there before an activity is done, and is not, in words."""
    items = checklist_of(activity) if items is None else items
    missing = []
    if not activity.outcome.strip():
        missing.append(_("The outcome: what was concluded."))
    left = [item.text for item in items if item.is_required and not item.is_done]
    if left:
        named = [f"“{text}”" for text in left[:SHOWN_ITEMS]]
        if len(left) > SHOWN_ITEMS:
            named.append(_("others"))
        words = ngettext(
            "%(count)d item of the checklist: %(items)s.",
            "%(count)d items of the checklist: %(items)s.",
            len(left),
        )
        missing.append(words % {"count": len(left), "items": get_text_list(named, _("and"))})
    return missing


def activities_late(user: "AnyUser", now: datetime) -> ActivityListingQuerySet:
    """Return the activities that a person may know of, whose day is over."""
    found: ActivityListingQuerySet = ActivityListing.objects.visible_to(user).unarchived()
    return found.late(organisation_day(now))


def able_owner(owner: User, unit: BusinessUnit, *, is_restricted: bool, now: datetime) -> User | None:
    """Return who owns an activity in a person's place where that person has left, or None: nobody is there.

    The manager, else a CISO of the unit; what is restricted goes to a CISO, since being the owner opens it.
    """
    if owner.is_active:
        return owner
    if owner.manager is not None and owner.manager.is_active and not is_restricted:
        return owner.manager
    return next(iter(officers_in(unit.pk, now)), None)


def series_of(person: User) -> Any:
    """Return the series whose next occurrences a person owns."""
    return ActivitySeries.objects.running().filter(owner=person).order_by("pk")


def series_held(*, person: User, reader: User, now: datetime) -> Held:
    """Return a preview of the recurring activities that a person owns, by the latest activity of each."""
    latest = Activity.objects.filter(series__in=series_of(person)).order_by("series", "-occurrence_on")
    return held_of(Activity.objects.filter(pk__in=latest.distinct("series")).order_by("pk"), reader=reader)


def latest_of(series: ActivitySeries) -> Activity | None:
    """Return the latest planned activity of a series. One query."""
    found: Activity | None = series.activities.order_by("-occurrence_on").first()
    return found


def series_latest(user: "AnyUser") -> ActivityQuerySet:
    """Return the latest activity of each series that has a next occurrence, of those that a person may know of."""
    found: ActivityQuerySet = Activity.objects.visible_to(user)
    return found.filter(series__next_on__isnull=False, occurrence_on=F("series__last_on"))


def occurrences_ahead(series: ActivitySeries, count: int) -> list[date]:
    """Return the days by the rule that come after the latest planned occurrence; none of a series that has ended."""
    if series.next_on is None:
        return []
    return recurrence_of(series).occurrences(series.last_on, count)


def starters_taken(user: "AnyUser") -> dict[str, Activity | None]:
    """Return what was taken over of the starter plan, by key, with the first activity that it became; None where a person may not know of that. Two queries."""
    taken: dict[str, Activity | None] = dict.fromkeys(
        ActivitySeries.objects.exclude(starter="").values_list("starter", flat=True)
    )
    seen = Activity.objects.visible_to(user).filter(series__starter__in=taken).select_related("series")
    for activity in seen.order_by("series", "occurrence_on").distinct("series"):
        taken[activity.series.starter] = activity
    return taken


def owners_to_offer(user: User, now: datetime) -> list[User]:
    """Return who is offered as owner of what is taken over: the person, and who works with records, by name."""
    holders = holders_anywhere("records.view", on=organisation_day(now)).order_by("full_name", "pk")
    return [user, *(person for person in holders[:MOST_OFFERED] if person.pk != user.pk)]


def may_be_signed_off(now: datetime) -> bool:
    """Tell whether there is more than one who may sign off: else what that person owns could never be."""
    return len(holders_anywhere(SIGN_OFF, on=organisation_day(now))[:2]) > 1
