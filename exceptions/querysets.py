"""Which exceptions, as they stand on a day: a day ends them whether or not anybody has written that down."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db.models import F, Q

from exceptions.choices import GIVEN_UP, OPEN, ExceptionState
from foundation.records.querysets import ListingQuerySet, RecordQuerySet, known_value
from policies.choices import DocumentState

if TYPE_CHECKING:
    from exceptions.models import PolicyException
    from foundation.accounts.access import AnyUser
    from foundation.records.models import Record


def _replaced(on: date) -> Q:
    return Q(replaced_on__lte=on)


def standing(state: str, on: date) -> Q:
    """Return the condition under which an exception stands in a state on a day; `PolicyException.state_on()` is the same of one."""
    granted, replaced = Q(state=ExceptionState.GRANTED), _replaced(on)
    past = Q(expires_on__lt=on)
    if state == ExceptionState.GRANTED:
        return granted & ~past & (Q(replaced_on__isnull=True) | Q(replaced_on__gt=on))
    if state == ExceptionState.RENEWED:
        return Q(state=state) | (granted & replaced)
    if state == ExceptionState.EXPIRED:
        return Q(state=state) | (granted & past & (Q(replaced_on__isnull=True) | Q(replaced_on__gt=on)))
    return Q(state=state)


class StandingOnDays:
    """What exceptions and their narrow copies have in common as querysets: where they stand on a day."""

    filter: Any

    def standing_in(self, *states: str, on: date) -> Self:
        """Keep those that stand in one of some states on a day."""
        found = Q()
        for state in states:
            found |= standing(state, on)
        kept: Self = self.filter(found)
        return kept

    def unsettled(self, on: date) -> Self:
        """Keep those that hold, or of which something may still come."""
        return self.standing_in(*OPEN, on=on)

    def in_force(self, on: date) -> Self:
        """Keep those that hold on a day."""
        kept: Self = self.standing_in(ExceptionState.GRANTED, on=on).filter(starts_on__lte=on)
        return kept

    def ending(self, on: date, days: int) -> Self:
        """Keep those in force that end within so many days."""
        kept: Self = self.in_force(on).filter(expires_on__lte=on + timedelta(days=days))
        return kept


class ExceptionQuerySet(RecordQuerySet, StandingOnDays):
    """Exceptions to policies."""

    def to_end(self, on: date) -> Self:
        """Keep those that the day has ended, and that are still written as granted."""
        return self.filter(Q(expires_on__lt=on) | _replaced(on), state=ExceptionState.GRANTED)

    def renewing(self, exception: Record) -> Self:
        """Keep those that renew an exception, and were not given up."""
        return self.filter(renews_id=exception.pk).exclude(state__in=GIVEN_UP).order_by("pk")

    def kin_of(self, exception: PolicyException) -> Self:
        """Keep what an exception renews, and its renewals that were not given up."""
        renewals = Q(renews_id=exception.pk) & ~Q(state__in=GIVEN_UP)
        return self.filter(renewals | Q(pk=exception.renews_id)).order_by("pk")

    def overtaken(self) -> Self:
        """Keep those whose document says something else by now that people acknowledge anew, or holds no more."""
        retired = Q(document__state=DocumentState.RETIRED)
        return self.filter(retired | Q(document__current__major__gt=F("version_in_force__major")))


class ExceptionListingQuerySet(ListingQuerySet, StandingOnDays):
    """Exceptions as lists show them: the same adjectives, on the narrow copies."""

    def unsettled(self, on: date) -> Self:
        """Keep those that hold, or of which something may still come; by an index of these alone."""
        return super().unsettled(on).filter(state__in=OPEN)

    def overtaken(self) -> Self:
        """Keep those whose document says something else by now that people acknowledge anew, or holds no more."""
        return self.filter(is_overtaken=True)

    def of_person(self, user: AnyUser) -> Self:
        """Keep what a person owns or asked for."""
        return self.filter(Q(owner_id=user.pk) | Q(asked_by_id=user.pk))

    def with_documents_for(self, user: AnyUser) -> Self:
        """Name the document of each (`document_reference`), where the person may know of it, and tell whether few may (`document_kept`)."""
        return self.annotate(
            document_reference=known_value(user, "document__", "reference"),
            document_kept=F("document__confidentiality"),
        )
