"""Two people at one form of a person or a unit: the second is told, and shown both versions."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from foundation import clock
from foundation.accounts.models import BusinessUnit, Organisation, User
from foundation.accounts.services import organisation_change, unit_change, unit_move, user_change
from foundation.accounts.tests.test_second_factor import type_password
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]


def filled(browser: Client, path: str, **changes: Any) -> dict[str, Any]:
    """Open a form, and return what the browser would send of it."""
    form = browser.get(path).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in {**shown, **changes}.items()}


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
    unit_change(unit=cast.units.cards, name="Cards", code="CARD", country="PT", actor=cast.ciso)
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
