"""The CISO's weekly mail carries the trail's checkpoint out of the house."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from foundation.accounts.choices import Role
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.notifications.models import Mail, Notice
from foundation.notifications.services import mails_compose
from foundation.operations.services import checkpoint_notices_write
from foundation.operations.tasks import mail_checkpoint
from foundation.trail.selectors import latest_checkpoint
from foundation.trail.services import entry_write, seal_entries

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.TRAIL_CHECKPOINT_DIR = tmp_path


@pytest.fixture
def sealed(cast):
    """Write an entry and seal it."""
    entry_write(action="tests.thing.done", actor=cast.ciso)
    seal_entries(now=MONDAY)


def test_every_ciso_of_the_organisation_is_told_the_checkpoint(cast, sealed):
    RoleGrantFactory.create(user=cast.unit_lead, role=Role.CISO, unit=cast.units.payments)
    RoleGrantFactory.create(user=cast.executive, role=Role.CISO, ends_on=MONDAY.date() - timedelta(days=1))
    RoleGrantFactory.create(user=cast.analyst, role=Role.CISO, ends_on=MONDAY.date())
    assert checkpoint_notices_write(now=MONDAY) == 2
    assert set(Notice.objects.values_list("recipient_id", flat=True)) == {cast.ciso.pk, cast.analyst.pk}
    checkpoint = latest_checkpoint()
    assert checkpoint
    sentence = Notice.objects.first().payload["sentence"]
    assert f"--expect {checkpoint.position}:{checkpoint.chain_digest}" in sentence
    assert checkpoint.key_fingerprint[:16] in sentence
    assert "23 November 2026, 06:00" in sentence


def test_what_the_mail_says_can_be_verified(cast, sealed):
    checkpoint_notices_write(now=MONDAY)
    mails_compose(now=MONDAY)
    text = Mail.objects.get(recipient=cast.ciso).text
    expected = " ".join(text.split()).partition("--expect ")[2].split()[0]
    call_command("verify_trail", "--expect", expected)
    assert mail.outbox == []


def test_once_a_week_whenever_it_runs(cast, sealed):
    told = [checkpoint_notices_write(now=MONDAY + timedelta(hours=hours)) for hours in range(0, 15 * 24, 7)]
    assert sum(told) == 3
    weeks = Notice.objects.order_by("pk").values_list("dedupe_key", flat=True)
    assert [key.split(":")[1] for key in weeks] == ["2026-W48", "2026-W49", "2026-W50"]


def test_the_week_is_that_of_the_organisation(cast, sealed):
    cast.organisation.time_zone = "Pacific/Kiritimati"
    cast.organisation.save()
    checkpoint_notices_write(now=datetime(2026, 11, 29, 12, tzinfo=UTC))
    assert "2026-W49" in Notice.objects.get().dedupe_key


def test_an_empty_trail_is_no_news(cast):
    assert checkpoint_notices_write(now=MONDAY) == 0


def test_a_silent_sealing_is_told(cast):
    entry = entry_write(action="tests.thing.done", actor=None)
    assert checkpoint_notices_write(now=entry.at + timedelta(hours=2)) == 1
    sentence = Notice.objects.get().payload["sentence"]
    assert "No entry of the trail is sealed yet." in sentence
    assert "longer than they should" in sentence


def test_the_task_writes_the_notices(cast, sealed):
    assert mail_checkpoint.apply().get() == 1
