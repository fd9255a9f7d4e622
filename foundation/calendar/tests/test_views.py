"""The calendar shows the dates that a person may know of, bounded on every day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audits.tests.factories import NOW, audit_make, programme_make
from foundation.actions.services import action_create
from foundation.calendar.spans import EARLIEST, LATEST
from foundation.deadlines.services import deadline_close, deadline_set
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant
from foundation.registry import DutyEntry, NavigationEntry, RecordKind, registry
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db

START = date(2027, 1, 18)
VIEWS = ("month", "week", "day", "list")


def page_of(client: Client, **query: Any) -> str:
    response = client.get("/calendar/", query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("view", VIEWS)
def test_it_shows_what_is_due_in_each_view(client: Client, cast: Cast, view: str) -> None:
    audit = audit_make(cast, title="Gateway review", starts_on=START)
    client.force_login(cast.unit_lead)
    with assert_queries(f"calendar-{view}"):
        page = page_of(client, view=view, day="2027-01-18")
    assert "Gateway review" in page
    assert "Fieldwork starts" in page
    assert audit.get_absolute_url() in page
    assert "Gateway review" not in page_of(client, view=view, day="2027-06-01")


@pytest.mark.parametrize("view", VIEWS)
def test_restricted_dates_are_for_those_who_may_know_of_them(client: Client, cast: Cast, view: str) -> None:
    audit = audit_make(
        cast, title="Quiet matter", starts_on=START, confidentiality=Confidentiality.RESTRICTED
    )
    query = {"view": view, "day": START}
    for person in (cast.unit_lead, cast.administrator, cast.executive, cast.outsider, cast.personnel):
        client.force_login(person)
        page = page_of(client, **query)
        assert "Quiet matter" not in page
        assert audit.reference not in page
        assert "0 dates" in page
    Participant.objects.create(record=audit, user=cast.personnel, role="audits.auditee")
    for person in (cast.ciso, cast.analyst, cast.auditor, cast.personnel):
        client.force_login(person)
        assert "Quiet matter" in page_of(client, **query)


def test_dates_of_another_unit_stay_hidden(client: Client, cast: Cast) -> None:
    audit_make(cast, title="Retail matter", unit=cast.units.retail, starts_on=START)
    client.force_login(cast.unit_lead)
    assert "Retail matter" not in page_of(client, day=START)
    client.force_login(cast.ciso)
    assert "Retail matter" in page_of(client, day=START)


def test_a_busy_day_shows_its_first_dates_and_leads_to_all(client: Client, cast: Cast) -> None:
    for number in range(5):
        audit_make(cast, title=f"Review {number}", starts_on=START)
    client.force_login(cast.ciso)
    page = page_of(client, day=START)
    assert [f"Review {number}</span>" in page for number in range(5)] == [True, True, True, False, False]
    assert "2 more" in page
    assert "/calendar/?view=day&amp;day=2027-01-18" in page
    day = page_of(client, view="day", day=START)
    assert all(f"Review {number}" in day for number in range(5))
    assert "5 dates" in day


def test_a_long_list_has_pages(client: Client, cast: Cast) -> None:
    audit = audit_make(cast, starts_on=START)
    for number in range(105):
        deadline_set(
            record=audit,
            kind="audits.start",
            key=f"part {number}",
            assignee=cast.auditor,
            due_on=date(2028, 2, 29),
            now=timezone.now(),
        )
    client.force_login(cast.ciso)
    page = page_of(client, view="list", day="2028-02-01")
    assert "105 dates" in page
    assert page.count("data-entry=") == 80
    assert page_of(client, view="list", day="2028-02-01", page=2).count("data-entry=") == 25


def test_filters_by_kind_unit_and_person(client: Client, cast: Cast) -> None:
    audit = audit_make(cast, title="Payments review", starts_on=START)
    audit_make(cast, title="Retail review", unit=cast.units.retail, starts_on=START)
    action_create(
        source=audit,
        title="Rotate the keys",
        owner=cast.personnel,
        due_on=START,
        actor=cast.analyst,
        now=timezone.now(),
    )
    client.force_login(cast.ciso)

    def found(**query: Any) -> set[str]:
        page = page_of(client, day=START, **query)
        return {title for title in ("Payments review", "Retail review", "Rotate the keys") if title in page}

    assert found() == {"Payments review", "Retail review", "Rotate the keys"}
    assert found(kind="action") == {"Rotate the keys"}
    assert found(duty="8") == {"Payments review", "Retail review", "Rotate the keys"}
    assert found(duty="8", kind="action", unit=cast.units.payments.pk) == {"Rotate the keys"}
    assert found(unit=cast.units.payments.pk) == {"Payments review", "Rotate the keys"}
    assert found(unit=cast.units.cards.pk) == set()
    assert found(person="dimitrov") == {"Rotate the keys"}
    assert found(person="odile", unit=cast.units.retail.pk) == {"Retail review"}
    assert found(mine="on") == set()
    client.force_login(cast.auditor)
    assert found(mine="on") == {"Payments review", "Retail review"}


def test_all_dates_of_one_duty_are_asked_for(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An action belongs to the duty of what it follows from; a programme stands for the record of another app."""
    duties = registry._items[DutyEntry]
    monkeypatch.setitem(duties, "90", DutyEntry(key="90", number=90, label="90. Trail", areas=("trail",)))
    other = replace(registry.get(RecordKind, "programme"), duty="trail")
    monkeypatch.setitem(registry._items[RecordKind], other.key, other)
    audit = audit_make(cast, title="Payments review", starts_on=START)
    sources = {"Rotate the keys": audit, "Ask for a budget": programme_make(cast)}
    for title, source in sources.items():
        action_create(
            source=source,
            title=title,
            owner=cast.personnel,
            due_on=START,
            actor=cast.ciso,
            now=timezone.now(),
        )
    client.force_login(cast.ciso)

    def found(**query: Any) -> set[str]:
        page = page_of(client, day=START, **query)
        return {title for title in ("Payments review", *sources) if title in page}

    assert found(duty="8") == {"Payments review", "Rotate the keys"}
    assert found(duty="90") == {"Ask for a budget"}
    assert found(duty="90", kind="audit") == set()
    assert found(duty="5") == set()
    shown = page_of(client, day=START, duty="8")
    assert '<option value="8" selected>8. Audits</option>' in shown
    assert shown.index(">8. Audits<") < shown.index(">13. Advice") < shown.index(">90. Trail<"), "by number"
    assert "duty=8" in shown.partition('aria-label="')[2], "links keep it"


def test_each_duty_of_a_kind_of_record_has_its_place_in_the_side_bar() -> None:
    known = {entry.key for entry in registry.all(NavigationEntry)}
    assert {kind.duty for kind in registry.all(RecordKind) if kind.duty} <= known
    assert registry.get(RecordKind, "audit").duty


def test_filters_stay_in_all_links(client: Client, cast: Cast) -> None:
    client.force_login(cast.ciso)
    page = page_of(client, day=START, kind="audit", person="Odile")
    assert "/calendar/?day=2027-02-01&amp;kind=audit&amp;person=Odile" in page
    assert "/calendar/?view=week&amp;day=2027-01-18&amp;kind=audit&amp;person=Odile" in page


@pytest.mark.parametrize("view", VIEWS)
def test_what_was_done_stays_and_says_so(client: Client, cast: Cast, view: str) -> None:
    done = audit_make(cast, title="Done matter", starts_on=START)
    audit_make(cast, title="Open matter", starts_on=START)
    deadline_close(record=done, kind="audits.start", now=datetime(2027, 1, 17, 10, tzinfo=UTC))
    client.force_login(cast.ciso)
    page = page_of(client, view=view, day=START)
    assert "Done on 17 Jan 2027" in page
    assert page.index("Open matter") < page.index("Done matter")
    assert "is-done" in page
    assert "Done on" not in page_of(client, view=view, day=START, state="open")
    only = page_of(client, view=view, day=START, state="done")
    assert "Done matter" in only
    assert "Open matter" not in only
    late = page_of(client, view=view, day=START, state="nonsense")
    assert "Filter “State” was left out" in late


def test_what_is_done_takes_no_place_from_what_is_open(client: Client, cast: Cast) -> None:
    for number in range(4):
        audit = audit_make(cast, title=f"Done {number}", starts_on=START)
        deadline_close(record=audit, kind="audits.start", now=NOW)
    audit_make(cast, title="Still to do", starts_on=START)
    client.force_login(cast.ciso)
    page = page_of(client, view="month", day=START)
    assert "Still to do" in page
    assert "2 more" in page


def test_what_was_called_off_is_for_who_asks(client: Client, cast: Cast) -> None:
    audit = audit_make(cast, title="Cancelled matter", starts_on=START)
    apply_transition(record=audit, name="cancel", actor=cast.ciso, now=NOW, comment="No need")
    client.force_login(cast.ciso)
    for state in ("", "open", "done"):
        assert "Cancelled matter" not in page_of(client, day=START, state=state)
    page = page_of(client, day=START, state="dropped")
    assert "Cancelled matter" in page
    assert "Called off on" in page
    assert "calendar-move" not in page


@pytest.mark.parametrize(("step", "state"), [("complete", "done"), ("cancel", "dropped")])
def test_an_action_is_done_or_called_off(client: Client, cast: Cast, step: str, state: str) -> None:
    action = action_create(
        source=audit_make(cast), title="Rotate keys", owner=cast.analyst, due_on=START, actor=cast.ciso, now=NOW,
    )  # fmt: skip
    apply_transition(record=action, name=step, actor=cast.ciso, now=NOW, comment="Enough said")
    client.force_login(cast.ciso)
    for other in ("open", "done", "dropped"):
        assert ("Rotate keys" in page_of(client, day=START, state=other)) == (other == state)
    apply_transition(record=action, name="reopen", actor=cast.ciso, now=NOW, comment="After all")
    assert "Rotate keys" in page_of(client, day=START, state="open")


def test_late_dates_say_so_in_words(client: Client, cast: Cast) -> None:
    day = timezone.localdate() - timedelta(days=3)
    audit_make(cast, title="Late one", starts_on=day, now=timezone.now())
    client.force_login(cast.ciso)
    for view in ("month", "week", "day", "list"):
        page = page_of(client, view=view, day=day)
        assert 'aria-label="Late"' in page or "days late" in page


def test_an_instant_stands_on_its_day_in_the_reader_s_zone(client: Client, cast: Cast) -> None:
    audit = audit_make(cast, title="Gateway review", starts_on=date(2028, 1, 10))
    instant = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)
    deadline_set(
        record=audit, kind="audits.report", key="x", assignee=cast.auditor, due_at=instant, now=timezone.now()
    )
    cast.ciso.time_zone = "Asia/Tokyo"
    cast.ciso.save()
    client.force_login(cast.ciso)
    page = page_of(client, view="day", day="2027-03-02")
    assert "08:30" in page
    assert "Gateway review" not in page_of(client, view="day", day="2027-03-01")
    cast.analyst.time_zone = "America/New_York"
    cast.analyst.save()
    client.force_login(cast.analyst)
    assert "18:30" in page_of(client, view="day", day="2027-03-01")


@pytest.mark.parametrize(
    "query",
    [
        {"view": "year"},
        {"day": "2027-02-30"},
        {"day": "0001-01-01"},
        {"day": "9999-12-31"},
        {"day": "\u202ex\x00"},
        {"kind": "nonsense"},
        {"duty": "nonsense"},
        {"unit": "0' or 1=1"},
        {"person": "x\x00y"},
        {"person": "%" * 500},
        {"view": "list", "page": "99"},
        {"view": "list", "page": "-"},
    ],
)
def test_what_stands_wrong_in_the_address_is_told_and_breaks_nothing(
    client: Client, cast: Cast, query: dict[str, str]
) -> None:
    client.force_login(cast.ciso)
    page = page_of(client, **query)
    assert 'role="alert"' in page


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("day", [EARLIEST, LATEST])
def test_the_calendar_has_ends(client: Client, cast: Cast, view: str, day: date) -> None:
    client.force_login(cast.ciso)
    page = page_of(client, view=view, day=day)
    assert 'role="alert"' not in page


def test_htmx_gets_the_results_alone(client: Client, cast: Cast) -> None:
    client.force_login(cast.ciso)
    response = client.get("/calendar/", headers={"HX-Request": "true", "HX-Target": "results"})
    page = response.content.decode()
    assert "<html" not in page
    assert 'id="results"' in page


def test_it_refuses_to_be_posted_to(client: Client, cast: Cast) -> None:
    client.force_login(cast.ciso)
    assert client.post("/calendar/").status_code == 405
