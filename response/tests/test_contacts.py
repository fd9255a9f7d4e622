"""Whom a plan calls: written, confirmed in time, taken off; and what the database refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from foundation import clock
from foundation.accounts.models import User
from foundation.deadlines.models import Deadline
from foundation.notifications.models import Notice
from foundation.testing.cast import Cast
from foundation.trail.models import Entry
from policies.models import Document
from policies.tests.factories import step
from response.models import Contact
from response.services import (
    CONFIRMATION,
    LEFT,
    ContactRefused,
    StaleContact,
    contact_change,
    contact_confirm,
    contact_remove,
)
from response.tasks import follow_plans
from response.tests.factories import NOW, contact_make, plan_make

pytestmark = pytest.mark.django_db


def dates(plan: Document) -> list[tuple[date, int]]:
    return list(
        Deadline.objects.open()
        .filter(record_id=plan.pk, kind=CONFIRMATION)
        .values_list("due_on", "assignee_id")
    )


def test_the_owner_has_one_date_that_of_the_first_which_is_due(cast: Cast) -> None:
    plan = plan_make(cast)
    contact_make(cast, plan=plan)
    contact_make(cast, plan=plan, role="Forensics", cadence_months=1)
    assert dates(plan) == [(date(2026, 12, 24), cast.analyst.pk)]


def test_confirming_sets_the_next_day_and_is_told(cast: Cast) -> None:
    contact = contact_make(cast)
    later = NOW + timedelta(days=80)
    confirmed = contact_confirm(
        contact=contact, actor=cast.ciso, now=later, revision=1, comment="She answered"
    )
    assert (confirmed.confirmed_on, confirmed.confirmed_by) == (later.date(), cast.ciso)
    assert dates(contact.plan) == [(date(2027, 5, 12), cast.analyst.pk)]
    entry = Entry.objects.get(action="response.contact.confirmed")
    assert (entry.record_id, entry.comment) == (contact.plan_id, "She answered")
    assert entry.after == {
        "role": "Commander",
        "contact": "Celia Moreau",
        "phone": "+351 555 0100",
        "email": "",
    }
    proof = contact.events.order_by("-pgh_id")[0]  # type: ignore[attr-defined]
    assert (proof.revision, proof.confirmed_by, proof.confirmed_on) == (2, cast.ciso, later.date())


def test_a_change_is_told_with_before_and_after_and_confirms(cast: Cast) -> None:
    contact = contact_make(cast)
    changed = contact_change(
        contact=contact, values={"phone": "+351 555 0199"}, actor=cast.ciso, now=NOW, revision=1
    )
    assert changed.confirmed_by == cast.ciso
    entry = Entry.objects.get(action="response.contact.changed")
    assert (entry.before["phone"], entry.after["phone"]) == ("+351 555 0100", "+351 555 0199")


def test_who_was_slower_is_told(cast: Cast) -> None:
    contact = contact_make(cast)
    change: dict[str, Any] = {"contact": contact, "actor": cast.ciso, "now": NOW, "revision": 1}
    contact_change(values={"phone": "1"}, **change)
    with pytest.raises(StaleContact):
        contact_change(values={"phone": "2"}, **change)
    with pytest.raises(StaleContact):
        contact_confirm(**change)


def test_what_was_taken_off_has_no_date_and_is_not_changed(cast: Cast) -> None:
    contact = contact_make(cast)
    contact_remove(contact=contact, actor=cast.analyst, now=NOW)
    assert dates(contact.plan) == []
    with pytest.raises(ContactRefused):
        contact_confirm(contact=contact, actor=cast.analyst, now=NOW, revision=2)


def test_the_sheet_of_a_retired_plan_stays_as_it_is(cast: Cast) -> None:
    contact = contact_make(cast)
    step(contact.plan, "retire", cast.ciso, comment="Replaced")
    follow_plans()
    assert dates(contact.plan) == []
    with pytest.raises(ContactRefused, match="retired"):
        contact_make(cast, plan=contact.plan)


def test_the_date_follows_another_owner(cast: Cast) -> None:
    contact = contact_make(cast)
    Document.objects.filter(pk=contact.plan_id).update(owner=cast.ciso)
    follow_plans()
    assert [assignee for _due, assignee in dates(contact.plan)] == [cast.ciso.pk]


def test_who_left_is_to_be_replaced_and_the_owner_is_told_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    contact = contact_make(cast, person=cast.personnel)
    contact_make(cast, plan=contact.plan, role="Forensics")
    User.objects.filter(pk=cast.personnel.pk).update(is_active=False)
    follow_plans()
    follow_plans()
    assert dates(contact.plan) == [(NOW.date(), cast.analyst.pk)]
    notice = Notice.objects.get(kind=LEFT)
    assert notice.recipient == cast.analyst
    assert "Pavel Dimitrov" in notice.payload["sentence"]
    assert Entry.objects.get(action="response.contact.left").record_id == contact.plan_id
    change: dict[str, Any] = {"contact": contact, "actor": cast.analyst, "now": NOW, "revision": 1}
    with pytest.raises(ContactRefused, match="has left"):
        contact_confirm(**change)
    with pytest.raises(ContactRefused, match="has left"):
        contact_change(values={"phone": "1"}, **change)
    contact_change(values={"person": cast.ciso}, **change)
    assert dates(contact.plan) == [(date(2027, 2, 24), cast.analyst.pk)]


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"outside": "Another"}, "contact_is_somebody"),
        ({"person": None}, "contact_is_somebody"),
        ({"phone": ""}, "contact_can_be_reached"),
        ({"cadence_months": 0}, "contact_cadence_in_range"),
        ({"confirmed_by": None}, "contact_confirmed_by_somebody"),
    ],
)
def test_what_the_database_refuses(cast: Cast, values: dict[str, Any], constraint: str) -> None:
    contact = contact_make(cast)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(**values)


def test_nothing_is_deleted(cast: Cast) -> None:
    contact = contact_make(cast)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM response_contact WHERE id = %s", [contact.pk])
