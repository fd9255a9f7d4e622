"""The narrow rows that the list of actions reads: kept by the database, seen by the same rule as the actions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits.tests.factories import NOW, audit_make
from foundation.actions.models import Action, ActionListing
from foundation.actions.services import action_change, action_create
from foundation.actions.tests.factories import corrective_make, step
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
DUE = date(2027, 3, 1)
FIELDS = (
    "reference",
    "title",
    "state",
    "confidentiality",
    "unit_id",
    "owner_id",
    "source_id",
    "nature",
    "verifier_id",
    "done_at",
)


def make(cast: Cast, title: str = "Rotate the keys", **more: object) -> Action:
    given = {
        "source": audit_make(cast),
        "title": title,
        "owner": cast.analyst,
        "due_on": DUE,
        "actor": cast.ciso,
    }
    return action_create(**{**given, "now": NOW, **more})


def assert_listed(action: Action) -> None:
    row = ActionListing.objects.get(pk=action.pk)
    action = Action.objects.get(pk=action.pk)
    for name in FIELDS:
        assert getattr(row, name) == getattr(action, name), name
    assert row.due_on == action.next_due_on
    assert row.is_settled == action.is_settled
    assert row.from_kind == action.source.kind
    assert row.root_kind == "audit"
    assert row.is_archived == (action.archived_at is not None)
    assert row.get_absolute_url() == action.get_absolute_url()


def test_it_follows_the_action_and_its_record(cast: Cast) -> None:
    action = make(cast)
    assert_listed(action)
    changes = {"title": "Rotate all keys", "owner": cast.auditor, "due_on": DUE + timedelta(days=9)}
    action = action_change(action=action, changes=changes, actor=cast.ciso, now=NOW, version=action.version)
    assert_listed(action)
    apply_transition(record=action, name="complete", actor=cast.ciso, now=NOW, comment="Done so")
    assert_listed(action)
    assert ActionListing.objects.get(pk=action.pk).done_at is not None
    apply_transition(record=action, name="reopen", actor=cast.ciso, now=NOW, comment="After all")
    assert_listed(action)
    Record.objects.filter(pk=action.pk).update(
        unit=cast.units.retail, confidentiality=Confidentiality.RESTRICTED, archived_at=NOW
    )
    assert_listed(action)


def test_it_follows_a_corrective_action_from_state_to_state(cast: Cast) -> None:
    action = corrective_make(cast)
    further = make(cast, source=action)
    assert_listed(action)
    assert_listed(further)
    step(further, "complete", cast.ciso)
    for name, actor in (
        ("report_done", cast.personnel),
        ("verify", cast.auditor),
        ("not_effective", cast.auditor),
        ("report_done", cast.personnel),
        ("verify", cast.auditor),
        ("confirm_effective", cast.auditor),
    ):
        step(action, name, actor)
        assert_listed(action)


def test_the_text_filter_finds_titles_and_references_in_any_case(cast: Cast) -> None:
    action = make(cast, "ÜBERPRÜFUNG der Schlüssel")
    make(cast, "Other")
    for text in ("überprüfung", "SCHLÜSSEL", action.reference.lower(), "  der  "):
        assert [row.pk for row in ActionListing.objects.containing(text)] == [action.pk], text
    assert not ActionListing.objects.containing("100%_x")


@pytest.mark.parametrize("confidentiality", Confidentiality.values)
def test_rows_are_visible_to_exactly_those_who_see_the_action(cast: Cast, confidentiality: str) -> None:
    for unit in (cast.units.root, cast.units.payments, cast.units.cards, cast.units.retail):
        make(cast, source=audit_make(cast, unit=unit, confidentiality=confidentiality))
    make(cast, source=audit_make(cast, auditees=[cast.outsider], confidentiality=confidentiality))
    named = make(cast, source=audit_make(cast, confidentiality=confidentiality), owner=cast.executive)
    Participant.objects.create(record=named, user=cast.personnel, role="actions.concerned")

    def seen() -> dict[str, set[int]]:
        return {
            name: {row.pk for row in ActionListing.objects.visible_to(person)}
            for name, person in cast.people().items()
        }

    def expected() -> dict[str, set[int]]:
        return {
            name: {row.pk for row in Action.objects.visible_to(person)}
            for name, person in cast.people().items()
        }

    assert seen() == expected()
    assert len({frozenset(keys) for keys in seen().values()}) > 2
    Record.objects.filter(pk=named.pk).update(owner=cast.outsider, unit=cast.units.retail)
    assert seen() == expected()
    assert named.pk in seen()["outsider"]


@pytest.mark.parametrize("name", ["actions:action-list", "audits:audit-list"])
def test_what_is_looked_up_of_a_list_is_of_the_rows_that_are_shown(
    client: Client, cast: Cast, name: str
) -> None:
    make(cast)
    client.force_login(cast.ciso)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse(name)).status_code == 200
    keys = [query["sql"] for query in asked.captured_queries if query["sql"].endswith("LIMIT 1001")]
    assert len(keys) == 1
    assert " JOIN " not in keys[0]
