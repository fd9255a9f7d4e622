"""The list of people, the page of one, and the forms that change accounts."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from foundation.accounts.choices import Role
from foundation.accounts.models import RoleGrant, User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.accounts.versions import PERSON_FIELDS, version_of
from foundation.notifications.models import Mail, Notice
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]
URL = "/people/"


def names(client: Client, query: str = "") -> set[str]:
    response = client.get(URL + query)
    assert response.status_code == 200
    return {row.full_name for row in response.context["page"].rows}


def values(person: User, **changes: object) -> dict[str, object]:
    data: dict[str, object] = {
        "full_name": person.full_name,
        "email": person.email,
        "job_title": person.job_title,
        "unit": person.unit_id or "",
        "manager": person.manager_id or "",
        "time_zone": "organisation",
        "language": "en",
        "version": version_of(person, PERSON_FIELDS),
    }
    return {**data, **changes}


@pytest.fixture
def unit_administrator(cast: Cast) -> User:
    """Return who administers payments alone."""
    person = UserFactory.create(full_name="Petra Local", unit=cast.units.payments)
    RoleGrantFactory.create(user=person, role=Role.ADMINISTRATOR, unit=cast.units.payments)
    return person


def test_it_works(cast: Cast, sign_in: SignIn) -> None:
    RoleGrantFactory.create_batch(30)
    browser = sign_in(cast.administrator)
    browser.get(URL)  # the names of units are kept for a minute
    with assert_queries("person-list"):
        response = browser.get(URL)
    html = response.content.decode()
    for text in ("Ada Nyberg", "ada.nyberg@example.com", "Administrator", "Not signed in yet", "New person"):
        assert text in html


def test_who_leads_a_unit_sees_its_people_alone(cast: Cast, sign_in: SignIn) -> None:
    assert names(sign_in(cast.unit_lead)) == {"Ulrike Sommer", "Pavel Dimitrov"}
    assert "New person" not in sign_in(cast.unit_lead).get(URL).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=ada+nyb", {"Ada Nyberg"}),
        ("?q=clerk", {"Pavel Dimitrov"}),
        ("?role=ciso", {"Celia Moreau"}),
        ("?role=none", {"Oskar Lindqvist"}),
        ("?state=closed", {"Gone Already"}),
        ("?unit={payments}", {"Ulrike Sommer", "Pavel Dimitrov"}),
    ],
)
def test_filters(cast: Cast, sign_in: SignIn, query: str, found: set[str]) -> None:
    UserFactory.create(full_name="Gone Already", is_active=False)
    found = {*found} if "role=none" not in query else {*found, "Gone Already"}
    assert names(sign_in(cast.administrator), query.format(payments=cast.units.payments.pk)) == found


@pytest.mark.parametrize(
    "query", ["?unit=x", "?unit=999999999999999999999", "?role=king", "?state=%00", "?sort=pw"]
)
def test_bad_filters_are_told(cast: Cast, sign_in: SignIn, query: str) -> None:
    response = sign_in(cast.administrator).get(URL + query)
    assert response.status_code == 200
    assert response.context["notices"]


def test_a_file_holds_whom_the_reader_sees_and_the_trail_keeps_it(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.unit_lead).get(f"{URL}?export=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert {row[0] for row in rows[1:]} == {"Ulrike Sommer", "Pavel Dimitrov"}
    assert "Unit lead (Payments and all below it)" in text
    assert Entry.objects.latest("id").action == "accounts.people.exported"


def test_the_page_of_a_person(cast: Cast, sign_in: SignIn) -> None:
    RoleGrantFactory.create(user=cast.personnel, role=Role.AUDITOR, ends_on="2020-01-01")
    browser = sign_in(cast.administrator)
    with assert_queries("person-detail"):
        response = browser.get(f"/people/{cast.personnel.pk}/")
    html = response.content.decode()
    for text in (
        "Pavel Dimitrov",
        "Cards and all below it",
        "Personnel",
        "Over",
        "Give a role",
        "What the trail",
    ):
        assert text in html


def test_one_sees_the_own_page_and_no_steps_there(cast: Cast, sign_in: SignIn) -> None:
    html = sign_in(cast.personnel).get(f"/people/{cast.personnel.pk}/").content.decode()
    assert "Give a role" not in html
    assert "/edit/" not in html


def test_people_of_other_units_are_not_found(cast: Cast, sign_in: SignIn) -> None:
    for path in ("", "edit/", "deactivate/", "roles/new/"):
        assert sign_in(cast.unit_lead).get(f"/people/{cast.ciso.pk}/{path}").status_code == 404


def test_an_account_is_created(cast: Cast, sign_in: SignIn) -> None:
    person = UserFactory.build(full_name="Nils Ek", email="Nils.Ek@example.com", unit=cast.units.cards)
    response = sign_in(cast.administrator).post(f"{URL}new/", values(person, manager=cast.unit_lead.pk))
    created = User.objects.get(email="nils.ek@example.com")
    assert response.url == f"/people/{created.pk}/"  # type: ignore[attr-defined]
    assert (created.unit, created.manager, created.has_usable_password()) == (
        cast.units.cards,
        cast.unit_lead,
        False,
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "celia.moreau@EXAMPLE.com"),
        ("email", "nobody"),
        ("full_name", ""),
        ("full_name", "x" * 201),
        ("full_name", "a\x00b"),
        ("unit", "999999"),
        ("manager", "'; drop table"),
        ("time_zone", "Mars/Olympus"),
        ("language", "xx"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(
    cast: Cast, sign_in: SignIn, field: str, value: str
) -> None:
    data = values(UserFactory.build(full_name="Nils Ek", job_title="Clerk"), **{field: value})
    response = sign_in(cast.administrator).post(f"{URL}new/", data)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "Clerk" in response.content.decode()
    assert User.objects.count() == 8


def test_a_change_is_told_to_the_person_at_both_addresses(
    cast: Cast, sign_in: SignIn, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "foundation.notifications.email_backend.OutboxBackend"
    data = values(cast.personnel, email="pavel@example.org", job_title="Team Lead")
    sign_in(cast.administrator).post(f"/people/{cast.personnel.pk}/edit/", data)
    cast.personnel.refresh_from_db()
    assert (cast.personnel.email, cast.personnel.job_title) == ("pavel@example.org", "Team Lead")
    notice = Notice.objects.get(recipient=cast.personnel)
    assert notice.kind == "accounts.account"
    assert "e-mail address" in notice.payload["sentence"]
    assert "job title" in notice.payload["sentence"]
    mail = Mail.objects.get()
    assert mail.address == "pavel.dimitrov@example.com"
    assert "pavel@example.org" in mail.text


def test_nobody_reports_to_oneself_over_others(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.administrator).post(
        f"/people/{cast.ciso.pk}/edit/", values(cast.ciso, manager=cast.analyst.pk)
    )
    assert response.status_code == 422
    assert "reports to" in str(response.context["form"].errors["manager"])


def test_who_administers_a_unit_manages_its_people_alone(
    cast: Cast, sign_in: SignIn, unit_administrator: User
) -> None:
    browser = sign_in(unit_administrator)
    cards = cast.units.cards
    made = browser.post(f"{URL}new/", values(UserFactory.build(full_name="Nils Ek"), unit=cards.pk))
    assert made.status_code == 302
    for unit in ("", cast.units.retail.pk):  # nobody of no unit, and nobody elsewhere
        response = browser.post(f"{URL}new/", values(UserFactory.build(), unit=unit))
        assert response.status_code == 422
    assert browser.get(f"/people/{cast.personnel.pk}/edit/").status_code == 200
    assert browser.get(f"/people/{cast.ciso.pk}/edit/").status_code == 404
    moved = browser.post(
        f"/people/{cast.personnel.pk}/edit/", values(cast.personnel, unit=cast.units.retail.pk)
    )
    assert moved.status_code == 422


def test_who_administers_a_unit_does_not_touch_who_may_more(
    cast: Cast, sign_in: SignIn, unit_administrator: User
) -> None:
    RoleGrantFactory.create(user=cast.personnel, role=Role.SECURITY)
    browser = sign_in(unit_administrator)
    for path in ("edit/", "deactivate/", "roles/new/"):
        response = browser.get(f"/people/{cast.personnel.pk}/{path}")
        assert response.status_code == 403
        page = response.content.decode()
        assert "beyond the units" in page
        assert "/rights/people.manage/?unit=organisation" in page
    grant = RoleGrant.objects.get(user=cast.personnel, role=Role.SECURITY)
    assert browser.post(f"/roles/{grant.pk}/end/").status_code == 403


def test_an_account_is_closed_and_opened(cast: Cast, sign_in: SignIn) -> None:
    theirs, browser = sign_in(cast.personnel), sign_in(cast.administrator)
    assert theirs.get("/profile/").status_code == 200
    browser.post(f"/people/{cast.personnel.pk}/deactivate/", {"comment": "Left"})
    assert theirs.get("/profile/").status_code == 302
    assert not User.objects.get(pk=cast.personnel.pk).is_active
    browser.post(f"/people/{cast.personnel.pk}/reactivate/", {})
    assert User.objects.get(pk=cast.personnel.pk).is_active
    assert Notice.objects.get(recipient=cast.personnel).payload["title"] == "Your account is open again"


@pytest.mark.parametrize("part", ["ciso", "administrator"])
def test_the_last_one_is_not_closed(cast: Cast, sign_in: SignIn, part: str) -> None:
    actor = (
        cast.administrator
        if part == "ciso"
        else RoleGrantFactory.create(role=Role.ADMINISTRATOR, ends_on="2100-01-01").user
    )
    person: User = getattr(cast, part)
    data = {"successor": cast.analyst.pk}
    response = sign_in(actor).post(f"/people/{person.pk}/deactivate/", data)
    assert response.status_code == 422
    assert "the only one" in response.content.decode()
    assert User.objects.get(pk=person.pk).is_active


def test_the_filter_offers_the_units_of_this_reader_whoever_looked_before(
    cast: Cast, sign_in: SignIn, unit_administrator: User
) -> None:
    everywhere, local = sign_in(cast.administrator), sign_in(unit_administrator)
    for _time in range(2):
        assert f"{cast.units.retail.name}</option>" in everywhere.get(URL).content.decode()
        mine = local.get(URL).content.decode()
        assert f"{cast.units.payments.name}</option>" in mine
        assert f"{cast.units.retail.name}</option>" not in mine
