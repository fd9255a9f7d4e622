"""Many audits at once: with the checks of one, each on its own."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import Audit
from audits.tests.factories import NOW, audit_make
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import apply_transition
from foundation.records.services import record_update
from foundation.registry import DateMover, registry
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

ASSIGN, MOVE = reverse("audits:audits-assign"), reverse("audits:audits-move")
SignIn = Callable[..., Client]


def rows(*audits: Audit) -> list[str]:
    return [f"{audit.pk}:{Audit.objects.get(pk=audit.pk).version}" for audit in audits]


def fresh(audit: Audit) -> Audit:
    return Audit.objects.get(pk=audit.pk)


def test_the_list_offers_it_to_those_who_may(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    page = sign_in(cast.analyst).get("/audits/?q=a").text
    assert f'name="row" value="{audit.pk}:{audit.version}"' in page
    assert ASSIGN in page
    assert ASSIGN not in sign_in(cast.auditor).get("/audits/").text


def test_audits_are_assigned_together(cast: Cast, sign_in: SignIn) -> None:
    one, two = audit_make(cast, title="One"), audit_make(cast, title="Two")
    browser = sign_in(cast.analyst)
    form = browser.get(ASSIGN, {"row": [one.pk, two.pk], "filters": "q=o&page=2"})
    assert "2 selected" in form.text
    data = {"row": rows(one, two), "owner": cast.ciso.pk, "filters": "q=o"}
    response = browser.post(ASSIGN, data)
    assert response["Location"] == "/audits/?q=o"
    assert {fresh(one).owner_id, fresh(two).owner_id} == {cast.ciso.pk}
    assert fresh(one).lead_auditor_id == one.lead_auditor_id, "an empty field leaves them"
    assert Entry.objects.filter(action="audits.audit.changed", actor_id=cast.analyst.pk).count() == 2


def test_all_that_fit_the_filters_are_meant(cast: Cast, sign_in: SignIn) -> None:
    for number in range(30):
        audit_make(cast, title=f"Wanted {number}")
    audit_make(cast, title="Other")
    browser = sign_in(cast.analyst)
    assert 'name="all"' in browser.get("/audits/?q=wanted").text
    form = browser.get(ASSIGN, {"all": "1", "filters": "q=wanted"})
    assert len(form.context["chosen"]) == 30


def test_dates_move_together_and_their_deadlines_follow(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    before = set(Deadline.objects.filter(record=audit).values_list("due_on", flat=True))
    sign_in(cast.analyst).post(MOVE, {"row": rows(audit), "days": "7"})
    week = timedelta(days=7)
    assert fresh(audit).starts_on == audit.starts_on + week
    assert set(Deadline.objects.filter(record=audit).values_list("due_on", flat=True)) == {
        day + week for day in before
    }


def test_list_and_calendar_move_by_the_same_checks(cast: Cast, sign_in: SignIn) -> None:
    late = audit_make(cast, title="Late", starts_on=date(2099, 11, 1))  # its follow-up ends in 2100
    good = audit_make(cast, title="Good")
    browser = sign_in(cast.analyst)
    form = browser.get(MOVE, {"row": [late.pk, good.pk]})
    assert "All dates of the audit move with its start." in form.text
    told = browser.post(MOVE, {"row": rows(late, good), "days": "400"})
    assert "Use a date between 2000 and 2100." in told.text
    assert "1 is changed." in told.text
    assert fresh(late).starts_on == late.starts_on
    start = Deadline.objects.get(record=late, kind="audits.start")
    to = (late.starts_on + timedelta(days=400)).isoformat()
    move = reverse("calendar:date-move", args=[start.pk])
    same = browser.post(move, {"to": to, "version": str(fresh(late).version)})
    assert "Use a date between 2000 and 2100." in same.text


def test_a_list_moves_through_what_the_calendar_asks(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    audit = audit_make(cast)
    mover = DateMover(
        key="audits.start",
        refusal=lambda **_given: None,
        move=lambda **given: asked.append((given["record"].reference, given["to"])),
    )
    monkeypatch.setitem(registry._items[DateMover], mover.key, mover)
    sign_in(cast.analyst).post(MOVE, {"row": rows(audit), "days": "3"})
    assert asked == [(audit.reference, audit.starts_on + timedelta(days=3))]


def test_a_form_that_is_sent_twice_moves_once(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    browser, data = sign_in(cast.analyst), {"row": rows(audit), "days": "7"}
    browser.post(MOVE, data)
    again = browser.post(MOVE, data)
    assert "Anders Falk changed Fieldwork starts:" in again.text
    assert fresh(audit).starts_on == audit.starts_on + timedelta(days=7)


def test_what_stands_against_one_leaves_the_others_alone(cast: Cast, sign_in: SignIn) -> None:
    good, closed = audit_make(cast, title="Good"), audit_make(cast, title="Closed")
    apply_transition(record=closed, name="cancel", actor=cast.ciso, now=NOW, comment="No need")
    browser = sign_in(cast.analyst)
    form = browser.get(MOVE, {"row": [good.pk, closed.pk]})
    assert "Reopen it first." in form.text
    response = browser.post(MOVE, {"row": rows(good, closed), "days": "-7"})
    assert "1 is changed." in response.text
    assert closed.reference in response.text
    assert fresh(good).starts_on == good.starts_on - timedelta(days=7)
    assert fresh(closed).starts_on == closed.starts_on


def test_the_checks_are_those_of_one(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast, unit=cast.units.retail)
    cast.auditor.unit = cast.units.retail
    cast.auditor.save()
    other = audit_make(cast, unit=cast.units.payments)
    data = {"row": rows(audit, other), "lead_auditor": cast.auditor.pk}
    response = sign_in(cast.analyst).post(ASSIGN, data)
    assert "nobody audits their own unit" in response.text
    assert "1 is changed." in response.text
    far = sign_in(cast.analyst).post(MOVE, {"row": rows(other), "days": "730"})
    assert far.status_code == 302
    for days in ("0", "731", "x", ""):
        assert sign_in(cast.analyst).post(MOVE, {"row": rows(other), "days": days}).status_code == 422
    assert sign_in(cast.analyst).post(ASSIGN, {"row": rows(other)}).status_code == 422


def test_what_one_may_not_see_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    secret = audit_make(cast, confidentiality="restricted", owner=cast.ciso)
    browser = sign_in(cast.analyst)
    response: Any = browser.get(ASSIGN, {"row": [secret.pk]})
    assert (response.status_code, response["Location"]) == (302, "/audits/")
    browser.post(MOVE, {"row": rows(secret), "days": "7"})
    assert fresh(secret).starts_on == secret.starts_on


def picked(page: str) -> list[str]:
    """Return what a list's boxes send."""
    return re.findall(r'name="row" value="([^"]+)"', page)


def test_what_changed_since_the_list_was_shown_is_told_before_and_after(cast: Cast, sign_in: SignIn) -> None:
    one, two = audit_make(cast, title="One"), audit_make(cast, title="Two")
    browser = sign_in(cast.analyst)
    shown = picked(browser.get("/audits/").text)
    record_update(record=one, changes={"title": "One <b>"}, actor=cast.ciso, version=one.version)
    form = browser.get(MOVE, {"row": shown})
    assert "1 of them was changed since you selected it" in form.text
    assert "Celia Moreau changed Title: One → One &lt;b&gt;." in form.text
    sent = picked(form.text)
    record_update(record=fresh(two), changes={"title": "Too"}, actor=cast.ciso, version=two.version)
    told = browser.post(MOVE, {"row": sent, "days": "7"})
    assert "1 is changed." in told.text
    assert "Celia Moreau changed Title: Two → Too." in told.text
    assert fresh(one).starts_on == one.starts_on + timedelta(days=7), "as its form said it is"
    assert fresh(two).starts_on == two.starts_on, "nothing of it"
    assert Deadline.objects.get(record=two, kind="audits.start").due_on == two.starts_on


def test_a_step_and_a_note_since_then_are_told_by_what_they_changed(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    browser = sign_in(cast.analyst)
    shown = picked(browser.get("/audits/").text)
    apply_transition(record=audit, name="cancel", actor=cast.ciso, now=NOW, comment="No need")
    form = browser.get(ASSIGN, {"row": shown})
    assert "Celia Moreau changed State: Planned → Cancelled" in form.text
    assert "Reopen it first." in form.text
    assert "1 of them" not in browser.get(ASSIGN, {"row": rows(audit)}).text


@pytest.mark.parametrize("row", ["", "x", "-1", "9" * 40, "1:x", "1:" + "9" * 30, "²"])
def test_nonsense_selects_nothing(cast: Cast, sign_in: SignIn, row: str) -> None:
    assert sign_in(cast.analyst).get(ASSIGN, {"row": [row]}).status_code == 302
    assert sign_in(cast.analyst).post(MOVE, {"row": [row], "days": "1", "filters": row}).status_code == 302
