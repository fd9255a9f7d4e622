"""When a digest goes out: at an hour of the person's own day, whatever the clocks do."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from foundation.accounts.tests.factories import OrganisationFactory, UserFactory
from foundation.notifications.choices import Rhythm
from foundation.notifications.digests import Rhythms, last_digest_at, zone_of
from foundation.notifications.models import MailPreference, MailSettings
from foundation.notifications.tests.factories import NOW


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "hour", "expected"),
    [
        # An ordinary day: before and from the hour on.
        ("2026-11-23 06:59:59", "Europe/Lisbon", 7, "2026-11-22 07:00"),
        ("2026-11-23 07:00:00", "Europe/Lisbon", 7, "2026-11-23 07:00"),
        ("2026-11-23 07:00:30", "Europe/Lisbon", 7, "2026-11-23 07:00"),
        ("2026-11-23 23:59:00", "Europe/Lisbon", 7, "2026-11-23 07:00"),
        # Clocks go forward on 29 March 2026 at 01:00 UTC: Berlin has no hour 2; the digest comes when the clock jumps.
        ("2026-03-29 00:59:00", "Europe/Berlin", 2, "2026-03-28 01:00"),
        ("2026-03-29 01:00:00", "Europe/Berlin", 2, "2026-03-29 01:00"),
        ("2026-03-29 05:00:00", "Europe/Berlin", 7, "2026-03-29 05:00"),
        # Clocks go back on 25 October 2026 at 01:00 UTC: Berlin has hour 2 twice; the digest comes at the first.
        ("2026-10-25 00:00:00", "Europe/Berlin", 2, "2026-10-25 00:00"),
        ("2026-10-25 01:30:00", "Europe/Berlin", 2, "2026-10-25 00:00"),
        ("2026-10-25 05:59:00", "Europe/Berlin", 7, "2026-10-24 05:00"),
        ("2026-10-25 06:00:00", "Europe/Berlin", 7, "2026-10-25 06:00"),
        # As far east and west as clocks go.
        ("2026-11-23 10:00:00", "Pacific/Kiritimati", 0, "2026-11-23 10:00"),
        ("2026-11-23 09:59:00", "Pacific/Kiritimati", 0, "2026-11-22 10:00"),
        ("2026-11-24 10:59:00", "Pacific/Pago_Pago", 23, "2026-11-24 10:00"),
        ("2026-11-24 09:59:00", "Pacific/Pago_Pago", 23, "2026-11-23 10:00"),
        # 29 February, and midnight at New Year.
        ("2028-02-29 07:00:00", "UTC", 7, "2028-02-29 07:00"),
        ("2027-01-01 00:00:00", "UTC", 0, "2027-01-01 00:00"),
        # A day that Samoa left out in 2011: 30 December.
        ("2011-12-30 16:00:00", "Pacific/Apia", 7, "2011-12-29 17:00"),
    ],
)
def test_last_digest(now: str, zone: str, hour: int, expected: str) -> None:
    assert last_digest_at(now=utc(now), zone=ZoneInfo(zone), hour=hour) == utc(expected)


@pytest.mark.django_db
def test_a_zone_that_is_missing_or_gone_is_the_organisations() -> None:
    OrganisationFactory.create(time_zone="Asia/Tokyo")
    assert zone_of("").key == "Asia/Tokyo"
    assert zone_of("Nowhere/Atlantis").key == "Asia/Tokyo"
    assert zone_of("../etc/passwd").key == "Asia/Tokyo"
    assert zone_of("Europe/Berlin").key == "Europe/Berlin"


@pytest.mark.django_db
def test_each_kind_of_each_person_has_its_rhythm() -> None:
    OrganisationFactory.create(time_zone="Europe/Lisbon")
    at_once = UserFactory.create()
    daily = UserFactory.create()
    eastern = UserFactory.create(time_zone="Asia/Tokyo")
    MailSettings.objects.create(user=eastern, digest_hour=18)
    for user in (daily, eastern):
        MailPreference.objects.create(user=user, kind="probe.reminder", rhythm=Rhythm.DAILY)
        MailPreference.objects.create(user=user, kind="probe.escalation", rhythm=Rhythm.DAILY)
        MailPreference.objects.create(user=user, kind="probe.other", rhythm=Rhythm.IMMEDIATE)

    rhythms = Rhythms.of([at_once.pk, daily.pk, eastern.pk], now=NOW)

    assert rhythms.due_until(at_once.pk, "probe.reminder") == NOW
    assert rhythms.due_until(daily.pk, "probe.reminder") == utc("2026-11-23 07:00")
    assert rhythms.due_until(eastern.pk, "probe.reminder") == utc("2026-11-23 09:00")
    assert rhythms.due_until(daily.pk, "probe.other") == NOW
    assert rhythms.due_until(daily.pk, "probe.escalation") == NOW, "an escalation never waits"
