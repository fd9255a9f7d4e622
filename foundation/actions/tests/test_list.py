"""The list of actions, and what is done to many of them at once."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import Audit
from audits.tests.factories import NOW, TODAY, audit_make
from foundation import clock
from foundation.accounts.organisation import organisation_day
from foundation.actions.filters import ActionFilters
from foundation.actions.models import Action, ActionListing
from foundation.actions.services import action_create
from foundation.actions.tests.factories import corrective_make
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.records.querysets import visibility_grounds
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry
from foundation.ui.pagination import read_page

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LIST = reverse("actions:action-list")
ASSIGN, MOVE = reverse("actions:actions-assign"), reverse("actions:actions-move")
DUE = date(2027, 3, 1)


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_make(cast)


def make(cast: Cast, source: Audit, title: str, **more: Any) -> Action:
    given = {"source": source, "title": title, "owner": cast.analyst, "due_on": DUE, "actor": cast.ciso}
    return action_create(**{**given, "now": NOW, **more})


def fresh(action: Action) -> Action:
    return Action.objects.get(pk=action.pk)


def rows(*actions: Action) -> list[str]:
    return [f"{action.pk}:{fresh(action).version}" for action in actions]


def test_it_lists_what_the_reader_may_know_of(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    for number in range(30):
        make(cast, audit, f"Action {number}")
    secret = audit_make(cast, confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso, title="Quiet")
    hidden = make(cast, secret, "Hidden matter", owner=cast.ciso)
    browser = sign_in(cast.analyst)
    browser.get("/")
    with assert_queries("action-list"):
        page = browser.get(LIST).text
    assert audit.reference in page
    assert "Hidden matter" not in page
    for person in (cast.ciso, cast.auditor):
        assert hidden.reference in sign_in(person).get(LIST, {"q": "Hidden"}).text
    assert "No actions yet" in sign_in(cast.outsider).get(LIST).text


def test_an_owner_sees_the_action_and_not_what_it_follows_from(cast: Cast, sign_in: SignIn) -> None:
    source = audit_make(cast, unit=cast.units.retail, title="Not for all")
    make(cast, source, "Mine to do", owner=cast.outsider)
    page = sign_in(cast.outsider).get(LIST).text
    assert "Mine to do" in page
    assert f"/audits/{source.reference}/" not in page


def test_it_opens_with_the_earliest_due(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    make(cast, audit, "Distant", due_on=DUE + timedelta(days=400))
    make(cast, audit, "Near")
    page = sign_in(cast.ciso).get(LIST).text
    assert page.index(">Near</a>") < page.index(">Distant</a>")


def test_what_is_late_goes_by_the_clock_of_the_portal(
    cast: Cast, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(cast, audit, "Patch")
    for day, is_late in ((DUE, False), (DUE + timedelta(days=1), True)):
        noon = datetime.combine(day, time(12), UTC)
        with monkeypatch.context() as patched:
            patched.setattr(clock, "now", lambda noon=noon: noon)
            rows = ActionFilters({"late": "on"}, ActionListing.objects.all()).qs
        assert [row.title for row in rows] == ["Patch"] * is_late


def test_a_page_read_ground_by_ground_holds_what_the_reader_may_know_of(cast: Cast) -> None:
    units = (cast.units.retail, cast.units.payments, cast.units.cards)
    for number in range(9):
        source = audit_make(
            cast,
            unit=units[number % 3],
            owner=cast.analyst if number % 2 else cast.ciso,
            auditees=[cast.personnel, cast.unit_lead] if number % 4 == 0 else [],
            confidentiality=Confidentiality.RESTRICTED if number in (1, 5, 6) else Confidentiality.INTERNAL,
        )
        due_on = DUE + timedelta(days=number % 4)
        make(cast, source, f"Action {number % 3}", owner=cast.analyst, due_on=due_on)
    for person in cast.people().values():
        grounds = visibility_grounds(person)
        seen = ActionListing.objects.visible_to(person).unarchived().select_related("owner", "unit")
        for order in (("due_on", "pk"), ("-due_on", "-pk"), ("title", "pk"), ("-pk",)):
            rows = seen.order_by(*order)
            if not rows.exists():
                continue
            for number in (1, -1):
                plain, by_grounds = (
                    read_page(rows, number, size=3, counted=6, grounds=given).rows for given in ((), grounds)
                )
                assert [row.pk for row in by_grounds] == [row.pk for row in plain], (person, order, number)


def test_each_filter_keeps_what_fits(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    today = organisation_day(clock.now())
    make(cast, audit, "Patch", due_on=today - timedelta(days=1))
    done = make(cast, audit, "Rotate", due_on=today - timedelta(days=1))
    apply_transition(record=done, name="complete", actor=cast.ciso, now=NOW, comment="Done so")
    other = audit_make(cast, unit=cast.units.retail)
    make(cast, other, "Of retail", owner=cast.ciso, due_on=today + timedelta(days=400))
    browser = sign_in(cast.ciso)

    def found(**query: str) -> list[str]:
        page = browser.get(LIST, query)
        assert page.status_code == 200
        return [title for title in ("Patch", "Rotate", "Of retail") if f">{title}</a>" in page.text]

    assert found() == ["Patch", "Of retail"]
    assert found(state="all") == ["Patch", "Rotate", "Of retail"]
    assert found(late="on") == ["Patch"]
    assert found(state="done") == ["Rotate"]
    assert found(mine="on") == ["Of retail"]
    assert found(unit=str(cast.units.retail.pk)) == ["Of retail"]
    assert found(source=other.reference.lower()) == ["Of retail"]
    assert found(owner=cast.analyst.full_name.partition(" ")[0]) == ["Patch"]
    assert found(q="retail") == ["Of retail"]
    assert found(due_from=(today + timedelta(days=300)).isoformat()) == ["Of retail"]
    assert found(due_until=today.isoformat(), state="all") == ["Patch", "Rotate"]


def test_corrective_actions_are_found_by_what_they_wait_for(
    cast: Cast, audit: Audit, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for state in ("open", "to_verify", "verified", "effective"):
        due_on = DUE if state == "open" else TODAY
        corrective_make(cast, source=audit, state=state, title=f"Is {state}", due_on=due_on)
    other = make(cast, audit_make(cast, unit=cast.units.retail), "A task")
    make(cast, other, "Over another")
    browser = sign_in(cast.ciso)
    titles = ("Is open", "Is to_verify", "Is verified", "Is effective", "A task", "Over another")

    def found(**query: str) -> set[str]:
        page = browser.get(LIST, query)
        assert not page.context["notices"], query
        return {title for title in titles if f">{title}</a>" in page.text}

    unsettled = {"Is open", "Is to_verify", "Is verified", "A task", "Over another"}
    assert found() == unsettled
    assert found(state="judged") == {"Is to_verify", "Is verified"}
    assert found(state="effective") == {"Is effective"}
    assert found(nature="corrective") == {"Is open", "Is to_verify", "Is verified"}
    assert found(nature="task") == {"A task", "Over another"}
    assert found(verifier="Odile") == {"Is open", "Is to_verify", "Is verified"}
    assert found(kind="audit") == unsettled - {"Over another"}
    assert found(kind="action") == {"Over another"}
    assert found(duty="audits") == unsettled
    assert found(due_until=(TODAY + timedelta(days=14)).isoformat()) == {"Is to_verify"}
    assert found(due="next_month") == {"Is to_verify"}
    assert found(due="week") == set()
    assert found(late="on") == set(), "what was due today was reported done"
    browser = sign_in(cast.auditor)
    assert found(to_judge="on") == {"Is to_verify", "Is verified"}
    told = b"".join(browser.get(LIST, {"export": "csv", "nature": "corrective"})).decode()
    (row,) = [
        row
        for row in csv.DictReader(told.removeprefix("\ufeff").splitlines())
        if row["Title"] == "Is to_verify"
    ]
    assert (row["Nature"], row["State"]) == ("Corrective action", "To be verified")
    assert (row["Verifier"], row["Next due"]) == (
        cast.auditor.full_name,
        (TODAY + timedelta(days=14)).isoformat(),
    )


def test_a_kind_of_source_is_told_to_those_who_may_know_of_it(cast: Cast, sign_in: SignIn) -> None:
    make(cast, audit_make(cast, unit=cast.units.retail), "Mine to do", owner=cast.outsider)
    for query in ({"kind": "audit"}, {"duty": "audits"}):
        assert "Mine to do" not in sign_in(cast.outsider).get(LIST, query).text
        assert "Mine to do" in sign_in(cast.analyst).get(LIST, query).text


def test_they_are_sorted_by_what_they_follow_from(cast: Cast, sign_in: SignIn) -> None:
    first, second = audit_make(cast), audit_make(cast)
    for title, source in (("One", first), ("Two", second), ("Three", first)):
        make(cast, source, title)
    page = sign_in(cast.ciso).get(LIST, {"sort": "source"}).text
    assert page.index(">One</a>") < page.index(">Three</a>") < page.index(">Two</a>")


def test_numbers_lead_to_what_is_in_which_state(
    cast: Cast, audit: Audit, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for state in ("open", "to_verify", "to_verify", "verified", "effective"):
        corrective_make(cast, source=audit, state=state, due_on=date(2020, 1, 1))
    secret = audit_make(cast, confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso)
    make(cast, secret, "Quiet", owner=cast.ciso)

    def tallies(person: Any) -> list[tuple[str, str]]:
        page = sign_in(person).get(LIST, {"q": "nothing like it"}).text
        return re.findall(r'class="tally[^"]*" href="[^"]*\?([^"]*)"><strong>([^<]*)<', page)

    keys = ("state=open", "state=to_verify", "state=verified", "late=on")
    assert tallies(cast.analyst) == list(zip(keys, ("1", "2", "1", "1"), strict=True))
    assert tallies(cast.ciso) == list(zip(keys, ("2", "2", "1", "1"), strict=True))
    assert tallies(cast.outsider) == [(key, "0") for key in keys]


def test_it_opens_with_what_is_not_settled_and_says_so(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    done, _still_open = make(cast, audit, "Rotate"), make(cast, audit, "Patch")
    apply_transition(record=done, name="complete", actor=cast.ciso, now=NOW, comment="Done so")
    browser = sign_in(cast.ciso)
    page = browser.get(LIST)
    assert ">Patch</a>" in page.text
    assert ">Rotate</a>" not in page.text
    (chip,) = page.context["active_chips"]
    assert (str(chip.label), chip.url) == ("State: Not settled", f"{LIST}?state=all")
    assert [str(one.label) for one in page.context["quick_chips"] if one.is_current] == ["Not settled"]
    assert '<option value="unsettled" selected>Not settled</option>' in page.text
    with assert_queries("action-list-all"):
        page = browser.get(chip.url)
    assert ">Rotate</a>" in page.text
    assert page.context["active_chips"] == []
    assert [str(one.label) for one in page.context["quick_chips"] if one.is_current] == ["All"]
    told = b"".join(browser.get(LIST, {"export": "csv"})).decode()
    assert ("Patch" in told, "Rotate" in told) == (True, False), "a file holds what the list shows"
    told = b"".join(browser.get(LIST, {"export": "csv", "state": "all"})).decode()
    assert "Rotate" in told


def test_what_is_done_alone_is_not_taken_for_nothing(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    done = make(cast, audit, "Rotate")
    apply_transition(record=done, name="complete", actor=cast.ciso, now=NOW, comment="Done so")
    page = sign_in(cast.ciso).get(LIST)
    assert "Nothing fits these filters" in page.text
    assert f'href="{LIST}?state=all"' in page.text
    assert "No actions yet" in sign_in(cast.outsider).get(LIST).text


def test_it_is_taken_away_as_a_file_and_that_is_written_down(
    cast: Cast, audit: Audit, sign_in: SignIn
) -> None:
    make(cast, audit, "=HYPERLINK(1)")
    browser = sign_in(cast.ciso)
    told = b"".join(browser.get(LIST, {"export": "csv"})).decode()
    assert "'=HYPERLINK(1)" in told
    assert audit.reference in told
    assert Entry.objects.filter(action="actions.list.exported").count() == 1


def test_many_are_assigned_with_the_checks_of_one(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    one, two, done = (make(cast, audit, title) for title in ("One", "Two", "Three"))
    apply_transition(record=done, name="complete", actor=cast.ciso, now=NOW, comment="Done so")
    browser = sign_in(cast.analyst)
    assert ASSIGN in browser.get(LIST).text
    assert "Only an open action can be changed." in browser.get(ASSIGN, {"row": [one.pk, done.pk]}).text
    answer = browser.post(ASSIGN, {"row": rows(one, two, done), "owner": cast.auditor.pk})
    assert "2 are changed." in answer.text
    assert {fresh(one).owner_id, fresh(two).owner_id} == {cast.auditor.pk}
    assert fresh(done).owner_id == cast.analyst.pk
    assert Deadline.objects.get(record=one).assignee_id == cast.auditor.pk
    assert browser.post(ASSIGN, {"row": rows(one)}).status_code == 422
    assert ASSIGN not in sign_in(cast.unit_lead).get(LIST).text


def test_many_corrective_ones_are_assigned_with_the_checks_of_one(
    cast: Cast, audit: Audit, sign_in: SignIn
) -> None:
    free, verified_by_her, reported = (
        corrective_make(cast, source=audit, title="Free", verifier=cast.ciso),
        corrective_make(cast, source=audit, title="Hers"),
        corrective_make(cast, source=audit, title="Reported", state="to_verify"),
    )
    browser = sign_in(cast.analyst)
    shown = browser.get(ASSIGN, {"row": [free.pk, reported.pk]}).text
    assert "It was reported done, so its owner stays until it is open again." in shown
    chosen = rows(free, verified_by_her, reported)
    answer = browser.post(ASSIGN, {"row": chosen, "owner": cast.auditor.pk}).text
    assert "verifies the action, so it needs another owner or another verifier" in answer
    assert fresh(free).owner == cast.auditor
    assert {fresh(verified_by_her).owner, fresh(reported).owner} == {cast.personnel}


def test_what_each_waits_for_is_moved(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    actions = {
        state: corrective_make(cast, source=audit, state=state)
        for state in ("open", "to_verify", "verified", "effective")
    }
    before = {state: action.next_due_on for state, action in actions.items()}
    browser = sign_in(cast.analyst)
    answer = browser.post(MOVE, {"row": rows(*actions.values()), "days": "7"})
    assert "3 are changed." in answer.text
    for state, action in actions.items():
        days = 0 if state == "effective" else 7
        assert fresh(action).next_due_on == before[state] + timedelta(days=days), state
    assert fresh(actions["verified"]).due_on == DUE
    due = Deadline.objects.open().get(record=actions["to_verify"])
    assert due.due_on == before["to_verify"] + timedelta(days=7)


def test_many_are_moved_as_the_calendar_moves_one(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    one, two = make(cast, audit, "One"), make(cast, audit, "Two", due_on=date(2999, 12, 30))
    browser = sign_in(cast.analyst)
    answer = browser.post(MOVE, {"row": rows(one, two), "days": "14"})
    assert "Use a date between 1970 and 2999." in answer.text
    assert fresh(one).due_on == DUE + timedelta(days=14)
    assert Deadline.objects.get(record=one).due_on == DUE + timedelta(days=14)
    assert fresh(two).due_on == date(2999, 12, 30)
    again = browser.post(MOVE, {"row": [f"{one.pk}:{one.version}"], "days": "14"})
    assert "Anders Falk changed Due on:" in again.text
