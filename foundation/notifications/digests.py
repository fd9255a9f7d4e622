"""When people are told: at once, or with the daily digest at an hour of their own day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models.functions import Coalesce

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.notifications.choices import Rhythm
from foundation.notifications.models import MailPreference, MailSettings
from foundation.registry import NoticeKind, registry

USUAL_DIGEST_HOUR: int = MailSettings._meta.get_field("digest_hour").get_default()


def zone_of(user_zone: str) -> ZoneInfo:
    """Return a person's time zone: the organisation's when they have none, or one that no longer exists."""
    try:
        return ZoneInfo(user_zone) if user_zone else organisation_zone()
    except (ZoneInfoNotFoundError, ValueError):
        return organisation_zone()


def last_digest_at(*, now: datetime, zone: ZoneInfo, hour: int) -> datetime:
    """Return the latest instant up to now (UTC) at which it was this hour in the zone.

    What became due before it goes out, so a digest whose hour passed while nothing ran goes out at the next run.
    An hour that a clock change leaves out is taken at the instant of the change; of one that comes twice, the first.
    """
    return _last_digest_at(now.replace(second=0, microsecond=0), zone, hour)


@lru_cache(maxsize=4096)
def _last_digest_at(now: datetime, zone: ZoneInfo, hour: int) -> datetime:
    today = now.astimezone(zone).date()
    for days_back in range(3):
        local = datetime.combine(today - timedelta(days=days_back), time(hour), tzinfo=zone)
        instant = local.astimezone(UTC)
        if instant <= now:
            return instant
    raise AssertionError("Every zone has each hour within three days.")


def usual_rhythm(kind: str) -> Rhythm:
    """Return when a kind of notice comes by mail to who chose nothing: at once, or never where it is a quiet one."""
    known = registry.find(NoticeKind, kind)
    return Rhythm.NEVER if known is not None and known.is_quiet else Rhythm.IMMEDIATE


@dataclass(frozen=True)
class Rhythms:
    """How some people want to be told of what."""

    now: datetime
    digests_at: dict[int, datetime]
    daily: frozenset[tuple[int, str]]
    never: frozenset[tuple[int, str]] = frozenset()
    chosen: frozenset[tuple[int, str]] = frozenset()  # whatever they chose

    @classmethod
    def of(cls, user_ids: Collection[int], *, now: datetime) -> Self:
        """Read the preferences of these people: two queries."""
        people = User.objects.filter(pk__in=user_ids).values_list(
            "pk", "time_zone", Coalesce("mail_settings__digest_hour", USUAL_DIGEST_HOUR)
        )
        chosen: dict[str, set[tuple[int, str]]] = {rhythm: set() for rhythm in Rhythm.values}
        kept = MailPreference.objects.filter(user_id__in=user_ids)
        for pk, kind, rhythm in kept.values_list("user_id", "kind", "rhythm"):
            chosen[rhythm].add((pk, kind))
        return cls(
            now=now,
            digests_at={
                pk: last_digest_at(now=now, zone=zone_of(zone), hour=hour) for pk, zone, hour in people
            },
            daily=frozenset(chosen[Rhythm.DAILY]),
            never=frozenset(chosen[Rhythm.NEVER]),
            chosen=frozenset().union(*chosen.values()),
        )

    def are_unwanted(self, user_id: int, kind: str) -> bool:
        """Tell whether a person wants no mails of a kind. What may not be silenced is wanted, whatever was once chosen."""
        pair = (user_id, kind)
        if pair not in self.never and (pair in self.chosen or usual_rhythm(kind) != Rhythm.NEVER):
            return False
        known = registry.find(NoticeKind, kind)
        return known is not None and known.may_be_silenced

    def due_until(self, user_id: int, kind: str) -> datetime:
        """Return the instant up to which notices of a kind are to be told now to a person.

        That is now, or the last digest's hour; kinds that can't wait, such as escalations, are never digested.
        """
        if (user_id, kind) not in self.daily:
            return self.now
        known = registry.find(NoticeKind, kind)
        if known is not None and not known.may_be_digested:
            return self.now
        return self.digests_at.get(user_id, self.now)
