"""Moving a date on the calendar: the same checks as on the record's own form, and a way back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.models import Audit
from audits.tests.factories import audit_make, programme_make
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.calendar.views.moves import MOVED
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_set
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

START = date(2027, 1, 18)
DIALOG = {"HX-Request": "true", "HX-Target": "ask-content"}


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_make(cast, starts_on=START)


def url_of(record: Record, kind: str = "audits.start") -> str:
    deadline = Deadline.objects.get(record_id=record.pk, kind=kind)
    return reverse("calendar:date-move", args=[deadline.pk])


def move(client: Client, record: Record, to: Any, kind: str = "audits.start", **data: Any) -> Any:
    version = Record.objects.get(pk=record.pk).version
    return client.post(url_of(record, kind), {"to": to, "version": version, **data})


def dates_of(audit: Audit) -> list[date]:
    """Return the dates as the deadlines have them, which must be those of the audit."""
    audit.refresh_from_db()
    due = dict(Deadline.objects.filter(record_id=audit.pk).values_list("kind", "due_on"))
    dates = [
        audit.preparation_on,
        audit.starts_on,
        audit.fieldwork_ends_on,
        audit.report_due_on,
        audit.follow_up_on,
    ]
    kinds = ("preparation", "start", "fieldwork_end", "report", "follow_up")
    assert [due[f"audits.{kind}"] for kind in kinds] == dates
    return dates


def test_the_start_takes_all_dates_along(client: Client, cast: Cast, audit: Audit) -> None:
    client.force_login(cast.analyst)
    before = dates_of(audit)
    page = client.get(url_of(audit), {"to": "2027-01-20"}).content.decode()
    assert 'value="2027-01-20"' in page
    assert "All dates of the audit move with its start." in page
    response = move(client, audit, "2027-01-20")
    assert (response.status_code, response.url) == (302, "/calendar/?day=2027-01-18")
    assert dates_of(audit) == [day + timedelta(days=2) for day in before]
    entry = Entry.objects.filter(record_id=audit.pk).latest("pk")
    assert (entry.action, entry.actor_name) == ("audits.audit.changed", "Anders Falk")
    assert entry.after["starts_on"] == "2027-01-20"


@pytest.mark.parametrize(
    ("kind", "position"),
    [("preparation", 0), ("fieldwork_end", 2), ("report", 3), ("follow_up", 4)],
)
def test_any_other_date_moves_alone(
    client: Client, cast: Cast, audit: Audit, kind: str, position: int
) -> None:
    client.force_login(cast.analyst)
    expected = dates_of(audit)
    expected[position] += timedelta(days=1)
    assert move(client, audit, expected[position], f"audits.{kind}").status_code == 302
    assert dates_of(audit) == expected


@pytest.mark.parametrize(
    "case",
    [
        ("start", "2101-01-01", "between 2000 and 2100"),
        ("start", "2100-12-01", "between 2000 and 2100"),
        ("start", "2000-01-10", "between 2000 and 2100"),
        ("start", "9999-12-31", "between 1970 and 2999"),
        ("start", "0001-01-01", "between 1970 and 2999"),
        ("start", "soon", "valid date"),
        ("start", "", "required"),
        ("preparation", "2027-01-19", "after the start"),
        ("fieldwork_end", "2027-01-17", "before the start"),
        ("fieldwork_end", "2027-02-28", "not before"),
        ("report", "2027-01-19", "not before"),
        ("report", "2027-12-01", "not before"),
        ("follow_up", "2027-01-25", "not before"),
        ("follow_up", "2029-06-01", "two years"),
    ],
)
def test_a_day_that_the_audit_can_t_have_is_refused_with_the_reason(
    client: Client, cast: Cast, audit: Audit, case: tuple[str, str, str]
) -> None:
    kind, to, why = case
    client.force_login(cast.analyst)
    before = dates_of(audit)
    response = move(client, audit, to, f"audits.{kind}")
    assert response.status_code == 422
    assert why in response.content.decode()
    assert dates_of(audit) == before


def test_the_due_date_of_an_action(client: Client, cast: Cast, audit: Audit) -> None:
    action = action_create(
        source=audit,
        title="Rotate the keys",
        owner=cast.personnel,
        due_on=START,
        actor=cast.analyst,
        now=timezone.now(),
    )
    client.force_login(cast.analyst)
    assert move(client, action, "2027-02-01", "actions.due").status_code == 302
    assert Action.objects.get(pk=action.pk).due_on == date(2027, 2, 1)
    assert Deadline.objects.get(record_id=action.pk).due_on == date(2027, 2, 1)
    client.force_login(cast.personnel)  # who sees to it does not decide until when
    assert client.get(url_of(action, "actions.due")).status_code == 403
    assert move(client, action, "2027-03-01", "actions.due").status_code == 403


def test_who_may_not_is_told_why(client: Client, cast: Cast, audit: Audit) -> None:
    client.force_login(cast.unit_lead)
    response = client.get(url_of(audit))
    assert response.status_code == 403
    dialog = client.get(url_of(audit), headers=DIALOG)
    assert dialog.status_code == 200
    assert "This needs the right" in dialog.content.decode()
    assert 'name="to"' not in dialog.content.decode()
    assert move(client, audit, "2027-01-20").status_code == 403
    assert client.post(url_of(audit), {"to": "2027-01-20"}, headers=DIALOG).status_code == 403
    assert dates_of(audit)[1] == START


def test_strangers_find_nothing(client: Client, cast: Cast) -> None:
    quiet = audit_make(cast, starts_on=START, confidentiality=Confidentiality.RESTRICTED)
    retail = audit_make(cast, starts_on=START, unit=cast.units.retail)
    client.force_login(cast.unit_lead)
    for record in (quiet, retail):
        assert client.get(url_of(record)).status_code == 404
        assert move(client, record, "2027-01-20").status_code == 404
    assert client.get(reverse("calendar:date-move", args=[10**15])).status_code == 404


def test_a_date_that_follows_from_something_else_says_so(client: Client, cast: Cast) -> None:
    programme = programme_make(cast)
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=timezone.now())
    deadline = Deadline.objects.get(record_id=programme.pk)
    url = reverse("calendar:date-move", args=[deadline.pk])
    client.force_login(cast.ciso)
    assert "follows from something else" in client.get(url, headers=DIALOG).content.decode()
    response = client.post(url, {"to": "2027-01-20", "version": 1})
    assert response.status_code == 422
    assert "follows from something else" in response.content.decode()
    assert Deadline.objects.get(pk=deadline.pk).due_on == deadline.due_on


def test_an_instant_is_not_moved_by_days(client: Client, cast: Cast, audit: Audit) -> None:
    deadline_set(
        record=audit, kind="audits.start", assignee=cast.auditor, due_at=timezone.now(), now=timezone.now()
    )
    client.force_login(cast.analyst)
    assert move(client, audit, "2027-01-20").status_code == 422


def test_a_date_that_was_closed_meanwhile_says_so(client: Client, cast: Cast, audit: Audit) -> None:
    url = url_of(audit)
    apply_transition(
        record=audit, name="cancel", actor=cast.analyst, now=timezone.now(), comment="No longer needed"
    )
    client.force_login(cast.analyst)
    assert "Called off on" in client.get(url).text
    told = client.post(url, {"to": "2027-02-01", "version": str(audit.version)})
    assert told.status_code == 422
    assert "can&#x27;t be moved any more" in told.text


def test_who_was_slower_is_told_and_may_send_it_again(client: Client, cast: Cast, audit: Audit) -> None:
    client.force_login(cast.analyst)
    old = Record.objects.get(pk=audit.pk).version
    move(client, audit, "2027-01-20")
    response = client.post(url_of(audit), {"to": "2027-01-25", "version": old})
    page = response.content.decode()
    assert response.status_code == 422
    assert "changed by someone else" in page
    assert 'value="2027-01-25"' in page
    assert f'name="version" value="{old + 1}"' in page
    assert dates_of(audit)[1] == date(2027, 1, 20)
    assert move(client, audit, "2027-01-25").status_code == 302
    assert client.post(url_of(audit), {"to": "2027-01-26", "version": "x"}).status_code == 422


def test_it_can_be_taken_back(client: Client, cast: Cast, audit: Audit) -> None:
    client.force_login(cast.analyst)
    before = dates_of(audit)
    move(client, audit, "2027-01-20")
    page = client.get("/calendar/?day=2027-01-18").content.decode()
    assert f"Fieldwork starts of {audit.reference} moved to Wednesday 20 January 2027" in page
    assert "Undo" in page
    assert MOVED not in client.session
    version = Record.objects.get(pk=audit.pk).version
    assert f'name="version" value="{version}"' in page
    assert 'name="to" value="2027-01-18"' in page
    assert move(client, audit, "2027-01-18", undo="1").status_code == 302
    assert dates_of(audit) == before
    page = client.get("/calendar/").content.decode()
    assert "moved to Monday 18 January 2027" in page
    assert "Undo" not in page


def test_the_same_day_is_no_move(client: Client, cast: Cast, audit: Audit) -> None:
    client.force_login(cast.analyst)
    assert move(client, audit, START).status_code == 302
    assert MOVED not in client.session


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/calendar/?view=week&day=2027-01-18", "/calendar/?view=week&day=2027-01-18"),
        ("https://evil.example/calendar/", "/calendar/?day=2027-01-18"),
        ("//evil.example/calendar/", "/calendar/?day=2027-01-18"),
        ("/admin/", "/calendar/?day=2027-01-18"),
    ],
)
def test_it_leads_back_to_the_calendar_alone(
    client: Client, cast: Cast, audit: Audit, asked: str, led: str
) -> None:
    client.force_login(cast.analyst)
    version = Record.objects.get(pk=audit.pk).version
    response = client.post(
        url_of(audit), {"to": "2027-01-19", "version": version}, query_params={"next": asked}
    )
    assert response.headers["Location"] == led
