"""Many programmes at once: given to another owner with the checks of one, each on its own."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import Programme
from audits.tests.factories import NOW, programme_make
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.approvals.models import ApprovalRequest
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.records.services import record_update
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

ASSIGN, LIST = reverse("audits:programmes-assign"), reverse("audits:programme-list")
SignIn = Callable[..., Client]


def fresh(programme: Programme) -> Programme:
    return Programme.objects.get(pk=programme.pk)


def rows(*programmes: Programme) -> list[str]:
    return [f"{programme.pk}:{fresh(programme).version}" for programme in programmes]


def test_the_list_offers_it_to_those_who_may(cast: Cast, sign_in: SignIn) -> None:
    programme = programme_make(cast)
    page = sign_in(cast.analyst).get(LIST).text
    assert f'name="row" value="{programme.pk}:{programme.version}"' in page
    assert ASSIGN in page
    for person in (cast.auditor, cast.unit_lead):
        page = sign_in(person).get(LIST).text
        assert programme.reference in page
        assert ASSIGN not in page


def test_programmes_are_assigned_together(cast: Cast, sign_in: SignIn) -> None:
    one, two = programme_make(cast), programme_make(cast, year=2028)
    browser = sign_in(cast.analyst)
    form = browser.get(ASSIGN, {"row": rows(one, two), "filters": "year=2028"})
    assert "2 selected" in form.text
    data = {"row": rows(one, two), "owner": cast.auditor.pk, "filters": "year=2028"}
    assert browser.post(ASSIGN, data)["Location"] == f"{LIST}?year=2028"
    assert {fresh(one).owner_id, fresh(two).owner_id} == {cast.auditor.pk}
    assert fresh(one).drafted_by_id == cast.analyst.pk, "whoever changed it can't approve it"
    assert Entry.objects.filter(action="audits.programme.changed", actor_id=cast.analyst.pk).count() == 2


def test_all_that_fit_the_filters_are_meant(cast: Cast, sign_in: SignIn) -> None:
    for year in (2027, 2028, 2028):
        programme_make(cast, year=year)
    form = sign_in(cast.analyst).get(ASSIGN, {"all": "1", "filters": "year=2028"})
    assert len(form.context["chosen"]) == 2


def test_what_is_approved_or_waits_for_it_stays_as_it_is(cast: Cast, sign_in: SignIn) -> None:
    good, waiting = programme_make(cast), programme_make(cast, year=2028)
    browser = sign_in(cast.analyst)
    shown = [*rows(good), *rows(waiting)]
    apply_transition(record=waiting, name="submit", actor=cast.analyst, now=NOW)
    assert "It waits for approval" in browser.get(ASSIGN, {"row": shown}).text
    told = browser.post(ASSIGN, {"row": rows(good, waiting), "owner": cast.auditor.pk})
    assert "1 is changed." in told.text
    assert "It waits for approval: withdraw the request first." in told.text
    assert (fresh(good).owner_id, fresh(waiting).owner_id) == (cast.auditor.pk, waiting.owner_id)
    assert ApprovalRequest.objects.get(record=waiting).state == "open"


def test_what_somebody_changed_meanwhile_stays_and_is_told(cast: Cast, sign_in: SignIn) -> None:
    programme = programme_make(cast)
    data = {"row": rows(programme), "owner": cast.auditor.pk}
    record_update(
        record=fresh(programme), changes={"title": "Another"}, actor=cast.ciso, version=programme.version
    )
    told = sign_in(cast.analyst).post(ASSIGN, data)
    assert f"{cast.ciso.full_name} changed Title:" in told.text
    assert fresh(programme).owner_id == programme.owner_id


def test_neither_hidden_ones_nor_those_of_other_units_are_changed(cast: Cast, sign_in: SignIn) -> None:
    hidden = programme_make(cast, owner=cast.ciso, confidentiality=Confidentiality.RESTRICTED)
    elsewhere = programme_make(cast, unit=cast.units.retail, owner=cast.outsider)
    RoleGrantFactory.create(user=cast.outsider, role="security", unit=cast.units.payments)
    browser = sign_in(cast.outsider)
    told = browser.post(ASSIGN, {"row": rows(hidden, elsewhere), "owner": cast.auditor.pk})
    assert hidden.reference not in told.text
    assert f">{elsewhere.reference}<" in told.text, "told why it stays"
    assert (fresh(hidden).owner_id, fresh(elsewhere).owner_id) == (cast.ciso.pk, cast.outsider.pk)
