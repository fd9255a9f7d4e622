"""The pages of actions."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audits.tests.factories import NOW, audit_make
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(cast: Cast) -> Action:
    """Agree on an action that follows from an audit."""
    return action_create(
        source=audit_make(cast),
        title="Close unused accounts",
        owner=cast.personnel,
        due_on=date(2027, 3, 1),
        actor=cast.analyst,
        now=NOW,
    )


def test_agreeing_makes_one_action_however_often_it_is_sent(client: Client, cast: Cast) -> None:
    audit = audit_make(cast)
    client.force_login(cast.analyst)
    url = reverse("actions:action-create", args=[audit.reference])
    shown = client.get(url).content.decode()
    key = re.search(r'name="submission" value="([^"]+)"', shown)
    assert key
    data = {
        "submission": key[1],
        "title": "Close them",
        "owner": cast.personnel.pk,
        "due_on": "2027-03-01",
        "description": "",
        "nature": "task",
    }
    first, second = client.post(url, data), client.post(url, data)
    assert first.headers["Location"] == second.headers["Location"] == "/actions/ACT-0001/"
    assert Action.objects.count() == 1


@pytest.mark.parametrize("rest", ["", "edit/", "step/complete/"])
def test_every_page_leads_back_to_the_tracker(client: Client, cast: Cast, action: Action, rest: str) -> None:
    client.force_login(cast.ciso)
    page = client.get(f"{action.get_absolute_url()}{rest}").content.decode()
    crumbs = page[page.index('class="crumbs"') :].partition("</nav>")[0]
    assert f'href="{reverse("actions:action-list")}"' in crumbs
    assert (f'href="{action.get_absolute_url()}"' in crumbs) is bool(rest)


def test_bad_input_is_told_beside_the_field_and_kept(client: Client, cast: Cast) -> None:
    client.force_login(cast.analyst)
    url = reverse("actions:action-create", args=[audit_make(cast).reference])
    answer = client.post(url, {"title": "Keep me", "owner": "999999", "due_on": "2027-02-30"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Keep me" in page
    assert page.count("invalid-feedback") >= 2
    assert not Action.objects.exists()


@pytest.mark.parametrize("day", ["0001-01-01", "1960-01-01", "3500-01-01"])
def test_a_due_date_that_can_not_be_meant_is_told_beside_the_field(
    client: Client, cast: Cast, action: Action, day: str
) -> None:
    client.force_login(cast.analyst)
    data = {"version": 1, "title": "Keep me", "owner": cast.personnel.pk, "due_on": day, "nature": "task"}
    for url in (
        reverse("actions:action-create", args=["AUD-0001"]),
        reverse("actions:action-edit", args=[action.reference]),
    ):
        answer = client.post(url, data)
        assert answer.status_code == 422
        assert answer.context["form"].errors == {"due_on": ["Use a date between 1970 and 2999."]}
        assert "Keep me" in answer.content.decode()
    assert Action.objects.get().title == "Close unused accounts"


def test_who_agreed_and_sees_only_the_source_is_led_there(client: Client, cast: Cast) -> None:
    audit = audit_make(cast, confidentiality=Confidentiality.RESTRICTED)
    client.force_login(cast.analyst)
    url = reverse("actions:action-create", args=[audit.reference])
    data = {
        "submission": str(uuid4()),
        "title": "Close them",
        "owner": cast.personnel.pk,
        "due_on": "2027-03-01",
        "nature": "task",
    }
    assert client.post(url, data).headers["Location"] == "/actions/ACT-0001/"
    Participant.objects.filter(record__reference="ACT-0001").delete()
    answer = client.post(url, data, follow=True)
    assert answer.redirect_chain == [(audit.get_absolute_url(), 302)]
    assert "ACT-0001 is agreed on" in answer.content.decode()


def test_a_stale_edit_shows_both_versions(client: Client, cast: Cast, action: Action) -> None:
    client.force_login(cast.analyst)
    url = reverse("actions:action-edit", args=[action.reference])
    data = {
        "version": 1,
        "title": "Mine",
        "owner": cast.personnel.pk,
        "due_on": "2027-03-01",
        "description": "",
        "nature": "task",
    }
    assert client.post(url, {**data, "title": "Theirs"}).status_code == 302
    answer = client.post(url, data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mine" in page
    assert "Theirs" in page


def test_the_page_says_what_it_follows_from_to_those_who_may_know(
    client: Client, cast: Cast, action: Action
) -> None:
    client.force_login(cast.analyst)
    with assert_queries("action-detail"):
        page = client.get(action.get_absolute_url()).content.decode()
    assert "AUD-0001" in page
    client.force_login(cast.personnel)
    page = client.get(action.get_absolute_url()).content.decode()
    assert "Close unused accounts" in page
    assert "AUD-0001" not in page


def test_the_owner_marks_it_as_done(client: Client, cast: Cast, action: Action) -> None:
    client.force_login(cast.personnel)
    url = reverse("actions:action-step", args=[action.reference, "complete"])
    assert client.post(url, {"comment": ""}).status_code == 422
    assert client.post(url, {"comment": "Closed 12."}).status_code == 302
    action.refresh_from_db()
    assert action.state == "done"
    assert client.get(reverse("actions:action-edit", args=[action.reference])).status_code == 403


def test_what_is_done_meanwhile_loses_nothing_that_was_typed(
    client: Client, cast: Cast, action: Action
) -> None:
    url = reverse("actions:action-step", args=[action.reference, "complete"])
    client.force_login(cast.personnel)
    client.post(url, {"comment": "Closed 12."})
    action.refresh_from_db()
    client.force_login(cast.analyst)
    data = {
        "version": action.version,
        "title": "Typed for an hour",
        "owner": cast.personnel.pk,
        "due_on": "2027-03-01",
        "nature": "task",
    }
    answer = client.post(reverse("actions:action-edit", args=[action.reference]), data)
    assert answer.status_code == 422
    assert "Only an open action can be changed." in answer.content.decode()
    assert "Typed for an hour" in answer.content.decode()
