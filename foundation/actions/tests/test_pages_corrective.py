"""The pages of corrective actions: agreeing, judging, changing, and where they are shown elsewhere."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.tests.factories import NOW, TODAY, audit_make
from foundation import clock
from foundation.actions.choices import ActionState
from foundation.actions.models import Action
from foundation.actions.selectors import (
    DateMoves,
    actions_shown,
    date_moves,
    late_actions_of_duty,
    open_actions_of,
)
from foundation.actions.services import action_change, action_create
from foundation.actions.tests.factories import DUE, corrective_make, step, task_make
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.ui.counts import count_each

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """Let the clock stand at NOW."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return TODAY


def page_of(browser: Client, action: Action, name: str = "") -> Any:
    args = [action.reference, name] if name else [action.reference]
    return browser.get(reverse("actions:action-step" if name else "actions:action-detail", args=args))


def send(browser: Client, url: str, **data: Any) -> Any:
    return browser.post(url, data)


# Agreeing


def test_a_corrective_action_is_agreed_on_with_who_verifies_it(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("actions:action-create", args=[audit_make(cast).reference])
    browser = sign_in(cast.analyst)
    shown = browser.get(url).text
    assert 'name="nature"' in shown
    verifiers = shown[shown.index('name="verifier"') :].partition("</select>")[0]
    assert cast.auditor.full_name in verifiers
    assert cast.unit_lead.full_name not in verifiers
    given = {
        "title": "Fix it",
        "owner": cast.personnel.pk,
        "due_on": "2027-03-01",
        "nature": "corrective",
        "verifier": cast.auditor.pk,
        "effectiveness_days": "45",
    }
    assert send(browser, url, **given).status_code == 302
    action = Action.objects.get()
    assert (action.nature, action.verifier, action.effectiveness_days) == ("corrective", cast.auditor, 45)
    refused = send(browser, url, **{**given, "verifier": cast.personnel.pk})
    assert "verifier" in refused.context["form"].errors
    own = send(browser, url, **{**given, "owner": cast.auditor.pk})
    assert "owns the action" in own.text
    assert Action.objects.count() == 1


def test_what_goes_with_a_corrective_action_alone_is_no_matter_of_a_task(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("actions:action-create", args=[audit_make(cast).reference])
    given = {"title": "Do it", "owner": cast.personnel.pk, "due_on": "2027-03-01", "nature": "task"}
    answer = send(sign_in(cast.analyst), url, **given, effectiveness_days="9000", verifier="x")
    assert answer.status_code == 302
    action = Action.objects.get()
    assert (action.nature, action.verifier, action.effectiveness_days) == ("task", None, 90)
    answer = send(sign_in(cast.analyst), url, **{**given, "nature": "corrective"}, effectiveness_days="9000")
    assert "Use a number of days between 1 and 730." in answer.text


# Judging


def test_an_owner_can_not_verify_an_own_action(cast: Cast, sign_in: SignIn) -> None:
    action = step(corrective_make(cast, owner=cast.analyst, actor=cast.ciso), "report_done", cast.ciso)
    browser = sign_in(cast.analyst)
    for name in ("verify", "send_back"):
        shown = page_of(browser, action, name)
        assert "You own this action, so somebody else must judge it." in shown.text
        assert "<textarea" not in shown.text
        url = reverse("actions:action-step", args=[action.reference, name])
        assert send(browser, url, comment="Mine").status_code == 422
    assert Action.objects.get(pk=action.pk).state == ActionState.TO_VERIFY
    who_reported = sign_in(cast.ciso)
    assert "You reported this action done" in page_of(who_reported, action, "verify").text
    url = reverse("actions:action-step", args=[action.reference, "verify"])
    assert send(sign_in(cast.auditor), url, comment="Looked.").status_code == 302
    assert send(sign_in(cast.unit_lead), url, comment="Looked.").status_code == 403


def test_a_step_of_the_other_nature_is_refused_with_a_reason(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.personnel)
    for action, name in ((corrective_make(cast), "complete"), (task_make(cast), "report_done")):
        shown = page_of(browser, action, name)
        assert f"This step is not one that {action.reference} takes." in shown.text
        url = reverse("actions:action-step", args=[action.reference, name])
        assert send(browser, url, comment="Done").status_code == 422
        assert Action.objects.get(pk=action.pk).state == ActionState.OPEN


def test_the_page_tells_the_whole_way(cast: Cast, sign_in: SignIn) -> None:
    action = step(corrective_make(cast), "report_done", cast.personnel, comment="Closed twelve.")
    action = step(action, "verify", cast.auditor, comment="Compared both lists.")
    browser = sign_in(cast.analyst)
    with assert_queries("action-detail-corrective"):
        shown = page_of(browser, action).text
    for words in ("Closed twelve.", "Compared both lists.", "Effect to be checked on", "Verifier"):
        assert words in shown
    action = step(action, "not_effective", cast.auditor, comment="Nine new ones.")
    shown = page_of(browser, action).text
    for words in ("Why it is open again", "Nine new ones.", "Found not effective", "1 time"):
        assert words in shown
    assert "Closed twelve." not in shown
    history = browser.get(reverse("actions:action-tab", args=[action.reference, "history"])).text
    for words in ("reported the action done", "verified the action", "found the action not effective"):
        assert words in history


# Changing


def test_a_form_asks_for_what_can_be_changed_now(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    fields = {
        ActionState.OPEN: {
            "title",
            "owner",
            "due_on",
            "description",
            "nature",
            "verifier",
            "effectiveness_days",
            "version",
        },
        ActionState.TO_VERIFY: {"verifier", "effectiveness_days", "verification_due_on", "version"},
        ActionState.VERIFIED: {"verifier", "effectiveness_due_on", "version"},
    }
    for state, wanted in fields.items():
        action = corrective_make(cast, state=state)
        url = reverse("actions:action-edit", args=[action.reference])
        assert set(browser.get(url).context["form"].fields) == wanted
    given = {"version": action.version, "verifier": cast.ciso.pk, "effectiveness_due_on": "2027-05-01"}
    assert send(browser, url, **given).status_code == 302
    action = Action.objects.get(pk=action.pk)
    assert (action.verifier, action.effectiveness_due_on) == (cast.ciso, date(2027, 5, 1))


def test_what_was_typed_stays_when_it_was_reported_done_meanwhile(cast: Cast, sign_in: SignIn) -> None:
    action = step(corrective_make(cast), "report_done", cast.personnel)
    url = reverse("actions:action-edit", args=[action.reference])
    given = {
        "version": action.version,
        "title": "Typed for an hour",
        "owner": cast.personnel.pk,
        "due_on": DUE.isoformat(),
        "nature": "corrective",
        "verifier": cast.auditor.pk,
        "effectiveness_days": "90",
    }
    answer = send(sign_in(cast.analyst), url, **given)
    assert answer.status_code == 422
    assert "Since it was reported done" in answer.text
    assert "Typed for an hour" in answer.text


# Elsewhere


def test_a_source_tells_how_far_its_actions_are(cast: Cast) -> None:
    audit, other = audit_make(cast), audit_make(cast)
    corrective_make(cast, source=audit, state=ActionState.TO_VERIFY)
    corrective_make(cast, source=audit, state=ActionState.VERIFIED)
    corrective_make(cast, source=audit, state=ActionState.EFFECTIVE)
    task_make(cast, source=audit)
    assert (open_actions_of(audit), open_actions_of(other)) == (1, 0)
    shown = {str(line.badge): (line.due_on, line.is_settled) for line in actions_shown(audit, cast.ciso)}
    assert shown == {
        "Open": (DUE, False),
        "To be verified": (TODAY + timedelta(days=14), False),
        "Verified": (TODAY + timedelta(days=90), False),
        "Effective": (DUE, True),
    }


def test_late_actions_stay_with_the_duty_of_what_they_follow_from(cast: Cast) -> None:
    audit = audit_make(cast)
    action = corrective_make(cast, source=audit, state=ActionState.TO_VERIFY)
    action_create(source=action, title="Tell them", owner=cast.outsider, due_on=DUE, actor=cast.ciso, now=NOW)
    corrective_make(cast, source=audit, state=ActionState.EFFECTIVE)
    secret = audit_make(cast, confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso)
    task_make(cast, source=secret, owner=cast.ciso, actor=cast.ciso)

    def late(person: Any, day: date) -> int:
        now = datetime.combine(day, NOW.timetz(), UTC)
        return count_each([late_actions_of_duty("audits", person, now)])[0]

    assert late(cast.ciso, TODAY + timedelta(days=14)) == 0
    assert late(cast.analyst, TODAY + timedelta(days=15)) == 1, "its verification is late"
    after = DUE + timedelta(days=1)
    assert late(cast.analyst, after) == 2, "and what follows from it, as well"
    assert late(cast.ciso, after) == 3
    assert late(cast.outsider, after) == 1, "the own one"
    assert count_each([late_actions_of_duty("trail", cast.ciso, NOW + timedelta(days=900))]) == [0]


def test_the_audits_show_how_many_actions_are_late(cast: Cast, sign_in: SignIn, today: date) -> None:
    url = reverse("audits:audit-list")
    browser = sign_in(cast.analyst)
    assert "that follow" not in browser.get(url).text
    audit = audit_make(cast)
    for days in (1, 2, 0):
        task_make(cast, source=audit, title=f"Late {days}", due_on=today - timedelta(days=days))
    page = browser.get(url)
    assert "2 actions that follow from audits are late" in page.text
    link = f"{reverse('actions:action-list')}?late=on&amp;duty=audits"
    assert f'href="{link}"' in page.text
    groups = page.context["navigation"]
    badge = next(link.badge for group in groups for link in group.links if link.url == url)
    assert badge == 2
    listed = browser.get(link.replace("&amp;", "&")).text
    assert ">Late 1</a>" in listed
    assert ">Late 0</a>" not in listed


def test_my_desk_shows_what_i_do_and_what_i_verify(cast: Cast, sign_in: SignIn, today: date) -> None:
    action = corrective_make(cast, state=ActionState.TO_VERIFY)
    task_make(cast, title="Mine to do", owner=cast.auditor, due_on=today + timedelta(days=3))
    page = sign_in(cast.auditor).get("/").text
    assert f"{action.reference} · Action to be verified" in page
    assert "Mine to do" in page
    assert "1 action of mine" in page
    assert "1 of others to verify or check" in page
    page = sign_in(cast.personnel).get("/").text
    assert "1 action of mine" in page
    assert "to verify or check" not in page


def test_how_often_the_day_moved_is_said_with_the_first(cast: Cast, sign_in: SignIn, today: date) -> None:
    action = corrective_make(cast)
    browser = sign_in(cast.analyst)
    assert "Date moved" not in page_of(browser, action).text
    for days in (10, 20):
        action = action_change(
            action=action,
            changes={"due_on": DUE + timedelta(days=days)},
            actor=cast.auditor,
            version=action.version,
            now=NOW,
        )
    moved = Action.objects.with_agreed_days().get(pk=action.pk)
    assert date_moves(moved) == DateMoves(first=DUE, times=2)
    page = page_of(browser, action).text
    assert "2 times; first agreed:" in page
    assert f'datetime="{DUE.isoformat()}"' in page
