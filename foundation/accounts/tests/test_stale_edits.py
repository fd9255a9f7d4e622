"""Two at one form of a person, a unit, a role or the organisation: the second is told, and shown both versions."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, Organisation, RoleGrant, User
from foundation.accounts.services import (
    grant_end,
    grant_give,
    organisation_change,
    unit_change,
    unit_move,
    user_change,
)
from foundation.accounts.tests.test_second_factor import type_password
from foundation.testing.cast import Cast
from foundation.testing.forms import filled, send
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]


def change_person(cast: Cast, **changes: Any) -> None:
    """Let the CISO's administrator colleague be faster."""
    user_change(user=cast.personnel, changes=changes, actor=cast.ciso, now=clock.now())


@pytest.fixture
def browser(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.administrator)


def test_the_second_who_edits_a_person_is_shown_both_versions(cast: Cast, browser: Client) -> None:
    path = f"/people/{cast.personnel.pk}/edit/"
    data = filled(browser, path, job_title="Head of Card Operations", unit=cast.units.payments.pk)
    change_person(cast, job_title="Card <Clerk> II", manager=cast.unit_lead)
    answer = browser.post(path, data)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Pavel Dimitrov was changed while you wrote" in page
    assert "Celia Moreau saved another version" in page
    for words in ("Head of Card Operations", "Card &lt;Clerk&gt; II", "Ulrike Sommer", "Payments", "Cards"):
        assert words in page
    differing = [row.label for row in answer.context["conflict"].different_rows]
    assert sorted(differing) == ["Business unit", "Job title", "Manager"]
    cast.personnel.refresh_from_db()
    assert cast.personnel.job_title == "Card <Clerk> II", "nothing was saved over it"
    again = {**data, "version": answer.context["form"]["version"].value()}
    assert browser.post(path, again).status_code == 302
    cast.personnel.refresh_from_db()
    assert cast.personnel.job_title == "Head of Card Operations"
    entry = Entry.objects.latest("id")
    assert entry.before["job_title"] == "Card <Clerk> II"


def test_who_signs_in_meanwhile_makes_nothing_stale(cast: Cast, browser: Client) -> None:
    path = f"/people/{cast.personnel.pk}/edit/"
    data = filled(browser, path, job_title="Clerk")
    type_password(cast.personnel)
    assert browser.post(path, data).status_code == 302


@pytest.mark.parametrize("version", [None, "", "x", "\x00"])
def test_a_form_without_its_version_counts_as_stale(cast: Cast, browser: Client, version: str | None) -> None:
    path = f"/people/{cast.personnel.pk}/edit/"
    data = filled(browser, path, job_title="Clerk", version=version)
    assert browser.post(path, data).status_code in (409, 422)
    cast.personnel.refresh_from_db()
    assert cast.personnel.job_title != "Clerk"


def test_a_namesake_s_change_is_put_on_nobody(cast: Cast, browser: Client) -> None:
    path = f"/people/{cast.personnel.pk}/edit/"
    data = filled(browser, path, job_title="Clerk")
    change_person(cast, job_title="Clerk II")
    User.objects.filter(pk=cast.outsider.pk).update(full_name=cast.personnel.full_name)
    user_change(user=cast.outsider, changes={"job_title": "Guest"}, actor=cast.analyst, now=clock.now())
    page = browser.post(path, data).content.decode()
    assert "Another version was saved" in page
    assert "Anders Falk" not in page.partition('id="conflict"')[2].partition("</section>")[0]


def test_the_second_who_edits_a_unit_is_shown_both_versions(cast: Cast, browser: Client) -> None:
    path = f"/units/{cast.units.cards.pk}/edit/"
    data = filled(browser, path, name="Card Services")
    unit_change(
        unit=cast.units.cards, name="Cards", code="CARD", country="PT", actor=cast.ciso, now=clock.now()
    )
    answer = browser.post(path, data)
    assert answer.status_code == 409
    assert "Celia Moreau saved another version" in answer.content.decode()
    assert [row.label for row in answer.context["conflict"].different_rows] == ["Name", "Code", "Country"]
    unit = BusinessUnit.objects.get(pk=cast.units.cards.pk)
    assert (unit.name, unit.code) == ("Cards", "CARD")
    again = {**data, "version": answer.context["form"]["version"].value()}
    assert browser.post(path, again).status_code == 302
    unit.refresh_from_db()
    assert (unit.name, unit.code) == ("Card Services", "CRD")


def test_the_second_who_moves_a_unit_is_told(cast: Cast, browser: Client) -> None:
    path = f"/units/{cast.units.cards.pk}/move/"
    data = filled(browser, path, parent=cast.units.root.pk)
    unit_move(unit=cast.units.cards, parent=cast.units.retail, actor=cast.ciso)
    answer = browser.post(path, data)
    assert answer.status_code == 409
    assert "Celia Moreau saved another version" in answer.content.decode()
    assert BusinessUnit.objects.get(pk=cast.units.cards.pk).parent == cast.units.retail


def test_a_unit_that_is_moved_meanwhile_is_renamed_all_the_same(cast: Cast, browser: Client) -> None:
    path = f"/units/{cast.units.cards.pk}/edit/"
    data = filled(browser, path, name="Card Services")
    unit_move(unit=cast.units.cards, parent=cast.units.retail, actor=cast.ciso)
    assert browser.post(path, data).status_code == 302


def test_the_second_who_changes_the_organisation_is_shown_both_versions(cast: Cast, browser: Client) -> None:
    path = "/organisation/"
    data = filled(browser, path, currency="CHF")
    organisation_change(changes={"reminder_hour": 6, "currency": "USD"}, actor=cast.ciso, now=clock.now())
    answer = browser.post(path, data)
    assert answer.status_code == 409
    rows = {row.label: (row.mine, row.theirs) for row in answer.context["conflict"].different_rows}
    assert rows["Reminders fall due at"][1] == "06:00"
    assert "CHF" in rows["Currency"][0]
    assert "USD" in rows["Currency"][1]
    assert Organisation.objects.get().currency == "USD", "nothing was saved over it"
    again = {**data, "version": answer.context["form"]["version"].value()}
    assert browser.post(path, again).status_code == 302
    assert Organisation.objects.get().currency == "CHF"


def test_who_changes_the_own_profile_is_told_what_an_administrator_saved(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.personnel)
    data = filled(browser, "/profile/", full_name="Pavel Dimitrov-Ruiz", time_zone="Asia/Tokyo")
    change_person(cast, time_zone="America/Lima", job_title="Clerk II")
    answer = browser.post("/profile/", data)
    assert answer.status_code == 409
    assert "Celia Moreau saved another version" in answer.text
    rows = {row.label: (row.mine, row.theirs) for row in answer.context["conflict"].different_rows}
    assert rows["Time zone"] == ("Asia/Tokyo", "America/Lima")
    person = User.objects.get(pk=cast.personnel.pk)
    assert (person.full_name, person.time_zone) == ("Pavel Dimitrov", "America/Lima")
    again = {**data, "version": answer.context["form"]["version"].value()}
    assert browser.post("/profile/", again).status_code == 302
    person.refresh_from_db()
    assert (person.full_name, person.time_zone) == ("Pavel Dimitrov-Ruiz", "Asia/Tokyo")


def test_what_the_profile_does_not_show_makes_it_not_stale(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.personnel)
    data = filled(browser, "/profile/", full_name="Pavel Dimitrov-Ruiz")
    change_person(cast, job_title="Clerk II")
    assert browser.post("/profile/", data).status_code == 302


def redate(grant: RoleGrant, cast: Cast, ends_on: date | None) -> None:
    """Let the CISO give a role other dates."""
    grant_give(
        user=grant.user,
        role=Role(grant.role),
        unit=grant.unit,
        ends_on=ends_on,
        actor=cast.ciso,
        now=clock.now(),
    )


def test_the_second_who_changes_the_dates_of_a_role_is_shown_both(cast: Cast, browser: Client) -> None:
    grant = cast.auditor.grants.get()
    path = f"/roles/{grant.pk}/edit/"
    data = filled(browser, path, ends_on="2199-01-31")
    redate(grant, cast, date(2100, 6, 1))
    answer = browser.post(path, data)
    assert answer.status_code == 409
    assert "Celia Moreau saved another version" in answer.text
    (row,) = answer.context["conflict"].different_rows
    assert (row.label, row.mine, row.theirs) == ("Until", "31 Jan 2199", "1 Jun 2100")
    assert RoleGrant.objects.get(pk=grant.pk).ends_on == date(2100, 6, 1)
    again = {**data, "version": answer.context["form"]["version"].value()}
    assert browser.post(path, again).status_code == 302
    assert RoleGrant.objects.get(pk=grant.pk).ends_on == date(2199, 1, 31)


def test_dates_bring_no_role_back_that_was_ended_meanwhile(cast: Cast, browser: Client) -> None:
    grant = cast.auditor.grants.get()
    path = f"/roles/{grant.pk}/edit/"
    data = filled(browser, path, ends_on="2199-01-31")
    grant_end(grant=grant, actor=cast.ciso, now=clock.now())
    answer = browser.post(path, data)
    assert answer.status_code == 404
    assert "This role was ended" in answer.text
    assert not RoleGrant.objects.filter(user=cast.auditor).exists()


def test_who_gives_a_role_that_someone_gave_meanwhile_is_told_its_dates(cast: Cast, browser: Client) -> None:
    path = f"/people/{cast.outsider.pk}/roles/new/"
    data = filled(browser, path, role="auditor", ends_on="2199-01-31")
    redate(RoleGrant(user=cast.outsider, role=Role.AUDITOR), cast, date(2100, 6, 1))
    answer = browser.post(path, data)
    assert answer.status_code == 422
    assert "for the whole organisation until 1 June 2100 already" in answer.text
    assert RoleGrant.objects.get(user=cast.outsider).ends_on == date(2100, 6, 1)
    redate(RoleGrant.objects.get(user=cast.outsider), cast, date(2199, 1, 31))
    assert browser.post(path, data).status_code == 302, "a second click gives the same once"


def test_a_stand_in_that_is_ended_already_is_told(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.ciso)
    path = f"/people/{cast.ciso.pk}/stand-in/"
    send(browser, path, stand_in=cast.analyst.pk, starts_on="2199-01-01", ends_on="2199-01-05")
    end = f"/stand-ins/{cast.ciso.delegations.get().pk}/end/"
    assert browser.post(end).status_code == 302
    told = browser.post(end)
    assert (told.status_code, "This stand-in was ended" in told.text) == (404, True)


def admin_page(table: str, row: Any) -> str:
    return reverse(f"admin:accounts_{table}_change", args=[row.pk])


def test_the_admin_site_tells_the_second_both_versions_of_a_person(cast: Cast, browser: Client) -> None:
    path = admin_page("user", cast.personnel)
    data = filled(browser, path, job_title="Head of Card Operations")
    change_person(cast, job_title="Clerk II")
    answer = browser.post(path, data)
    text = answer.text
    assert "Pavel Dimitrov was changed by Celia Moreau while you wrote." in text
    assert "Job title: yours is “Head of Card Operations”, now it is “Clerk II”." in text
    assert 'value="Head of Card Operations"' in text
    assert User.objects.get(pk=cast.personnel.pk).job_title == "Clerk II"
    version = answer.context["adminform"].form["version"].value()
    assert browser.post(path, {**data, "version": version}).status_code == 302
    assert User.objects.get(pk=cast.personnel.pk).job_title == "Head of Card Operations"


def test_the_admin_site_tells_the_second_both_places_of_a_unit(cast: Cast, browser: Client) -> None:
    path = admin_page("businessunit", cast.units.cards)
    data = filled(browser, path, name="Card Services")
    unit_move(unit=cast.units.cards, parent=cast.units.retail, actor=cast.ciso)
    answer = browser.post(path, data)
    assert "Part of: yours is “Payments”, now it is “Retail Banking”." in answer.text
    unit = BusinessUnit.objects.get(pk=cast.units.cards.pk)
    assert (unit.name, unit.parent) == ("Cards", cast.units.retail)


def test_the_admin_site_tells_the_second_both_dates_of_a_role(cast: Cast, browser: Client) -> None:
    grant = cast.auditor.grants.get()
    path = admin_page("rolegrant", grant)
    data = filled(browser, path, ends_on="2199-01-31")
    redate(grant, cast, date(2100, 6, 1))
    answer = browser.post(path, data)
    assert "Until: yours is “31 Jan 2199”, now it is “1 Jun 2100”." in answer.text
    assert RoleGrant.objects.get(pk=grant.pk).ends_on == date(2100, 6, 1)
