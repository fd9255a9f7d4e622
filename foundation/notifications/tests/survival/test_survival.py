"""No reminder is lost, and none comes twice but for a kill or an unclear answer of the mail server."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from threading import Event

import pytest
from django.utils import timezone

from audits.tests.factories import audit_make
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.accounts.tests.factories import UserFactory
from foundation.deadlines.services import deadline_set
from foundation.notifications.choices import MailState, ParkReason
from foundation.notifications.models import Mail
from foundation.notifications.services import NoticeDraft, notices_write
from foundation.notifications.tests.factories import RecordFactory
from foundation.notifications.tests.sink import DROP, HANG, TAKE_AND_DROP, Phase, Reaction
from foundation.notifications.tests.survival.harness import (
    LEASE_SECONDS,
    PATIENCE_SECONDS,
    Installation,
    eventually,
)

pytestmark = pytest.mark.survival


def people(count: int) -> list[User]:
    return UserFactory.create_batch(count)


def tell(recipients: list[User]) -> None:
    """Write a notice for each."""
    now = timezone.now()
    drafts = [
        NoticeDraft(
            recipient_id=user.pk,
            kind="survival.notice",
            dedupe_key=f"survival:{user.pk}:{now.isoformat()}",
            payload={"title": f"Matter of {user.full_name}"},
        )
        for user in recipients
    ]
    assert notices_write(notices=drafts, now=now) == len(recipients)


def expect_mail_to(portal: Installation, recipients: list[User]) -> None:
    """Wait until each has got a mail and nothing is left to send."""
    wanted = {user.email for user in recipients}
    eventually(lambda: wanted <= set(portal.sink.recipients), f"mails to {len(wanted)} people")
    unsent = Mail.objects.filter(state__in=[MailState.QUEUED, MailState.SENDING])
    eventually(lambda: not unsent.exists(), "nothing is left to send")


def duplicates(portal: Installation) -> int:
    copies = portal.sink.copies()  # once: mails still come in
    return sum(copies.values()) - len(copies)


def at_the_second(recipients: list[User], happens: Callable[[], None]) -> Reaction:
    """Let something happen while a worker is busy: when it hands over the mail to the second of them."""

    def react(phase: Phase, recipient: str) -> str | None:
        if phase == "rcpt" and recipient == recipients[1].email:
            happens()
        return None

    return react


def noon_in(days: int) -> float:
    """Return how far the clock is to be set ahead, in seconds, for noon of the organisation's day in so many days."""
    now = timezone.now()
    day = timezone.localdate(now, organisation_zone()) + timedelta(days=days)
    return (datetime.combine(day, time(12), tzinfo=organisation_zone()) - now).total_seconds()


def day_in(days: int) -> date:
    return timezone.localdate(timezone.now(), organisation_zone()) + timedelta(days=days)


def test_those_concerned_by_an_audit_are_reminded_as_the_days_pass(portal: Installation) -> None:
    cast = portal.cast
    audit = audit_make(cast, now=timezone.now(), starts_on=day_in(60), auditees=[cast.unit_lead])

    portal.run(clock_offset=noon_in(53))
    expect_mail_to(portal, [cast.auditor, cast.unit_lead])
    for person in (cast.auditor, cast.unit_lead):
        (mail,) = [mail for mail in portal.sink.mails if mail.recipient == person.email]
        assert audit.title in mail.text
        assert "Fieldwork starts" in mail.text
        assert "in 7 days" in mail.text
        assert f"https://portal.example.com{audit.get_absolute_url()}" in mail.text
        assert mail.message["Auto-Submitted"] == "auto-generated"

    portal.sink.mails.clear()
    portal.run(clock_offset=noon_in(59))
    expect_mail_to(portal, [cast.auditor, cast.unit_lead])
    assert all("tomorrow" in mail.text for mail in portal.sink.mails if mail.recipient == cast.auditor.email)
    assert duplicates(portal) == 0
    assert len(set(portal.sink.recipients)) == len(portal.sink.mails), "one mail a person"


def test_after_three_days_without_beat_one_digest_comes(portal: Installation) -> None:
    portal.stop_programs()
    owner = people(1)[0]
    now = timezone.now()
    for days in (1, 2, 3, 4):
        deadline_set(
            record=RecordFactory.create(owner=owner, unit=portal.cast.units.cards),
            kind="audits.report",
            assignee=owner,
            now=now,
            due_on=day_in(days),
        )
    portal.run(clock_offset=noon_in(5))
    expect_mail_to(portal, [owner])
    (digest,) = [mail for mail in portal.sink.mails if mail.recipient == owner.email]
    assert digest.message["Subject"] == "4 reminders, all late"
    assert duplicates(portal) == 0


def test_a_worker_killed_between_sending_and_recording_costs_one_copy_at_most(portal: Installation) -> None:
    portal.run()
    recipients = people(40)

    def kill_at_the_twentieth(phase: Phase, recipient: str) -> str | None:
        if phase == "data" and len(portal.sink.mails) == 19 and portal.workers:
            portal.workers.pop().kill()
            return TAKE_AND_DROP  # taken, and nobody is there to hear of it
        return None

    portal.sink.react = kill_at_the_twentieth
    tell(recipients)
    eventually(lambda: not portal.workers, "the worker is killed")
    portal.run(clock_offset=LEASE_SECONDS)  # when the dead worker's lease has ended
    expect_mail_to(portal, recipients)
    assert duplicates(portal) <= 1


def test_two_beats_and_two_workers_send_each_mail_once(portal: Installation) -> None:
    portal.run(workers=2, beats=2)
    recipients = people(60)
    for start in range(0, 60, 20):
        tell(recipients[start : start + 20])
    expect_mail_to(portal, recipients)
    assert duplicates(portal) == 0


def test_a_broker_that_is_flushed_restarted_and_away_delays_only(portal: Installation) -> None:
    portal.run()

    def restart() -> None:
        portal.stop_broker()
        portal.start_broker()

    for happens in (portal.flush_broker, restart, portal.stop_broker):
        recipients = people(5)
        portal.sink.react = at_the_second(recipients, happens)
        tell(recipients)
        expect_mail_to(portal, recipients)

    recipients = people(5)
    tell(recipients)
    portal.start_broker()
    expect_mail_to(portal, recipients)
    assert duplicates(portal) == 0
    assert all(program.is_running for program in (*portal.workers, *portal.beats))


def test_a_database_that_crashes_amid_a_batch_costs_nothing(portal: Installation) -> None:
    portal.run()
    recipients = people(30)
    crashed = Event()

    def crash_at_the_tenth(phase: Phase, recipient: str) -> str | None:
        if phase == "data" and len(portal.sink.mails) == 9 and not crashed.is_set():
            portal.crash_database()
            crashed.set()
        return None

    portal.sink.react = crash_at_the_tenth
    tell(recipients)
    assert crashed.wait(PATIENCE_SECONDS), "the tenth mail, at which the database crashes"
    portal.start_database()
    expect_mail_to(portal, recipients)
    assert duplicates(portal) == 0
    assert all(program.is_running for program in (*portal.workers, *portal.beats))


def test_a_mail_server_that_defers_refuses_hangs_and_drops(portal: Installation) -> None:
    portal.run()
    recipients = people(24)
    deferred, refused, hung, dropped, taken, spam = (user.email for user in recipients[:6])
    left: dict[tuple[Phase, str], list[str]] = {
        ("rcpt", deferred): ["451 4.7.1 Come back later"],
        ("rcpt", refused): ["550 5.1.1 Nobody here of that name"] * 9,
        ("rcpt", hung): [HANG],
        ("data", dropped): [DROP],
        ("data", taken): [TAKE_AND_DROP],
        ("data", spam): ["554 5.7.1 Not this"] * 9,
    }

    def react(phase: Phase, recipient: str) -> str | None:
        answers = left.get((phase, recipient))
        return answers.pop() if answers else None

    portal.sink.react = react
    tell(recipients)
    expect_mail_to(portal, [user for user in recipients if user.email not in {refused, spam}])

    assert duplicates(portal) <= 2, "two answers were unclear"
    assert portal.sink.recipients.count(taken) == 2
    parked = dict(Mail.objects.filter(state=MailState.PARKED).values_list("address", "park_reason"))
    assert parked == {refused: ParkReason.ADDRESS_REFUSED, spam: ParkReason.CONTENT_REFUSED}
    assert not left["rcpt", hung]
