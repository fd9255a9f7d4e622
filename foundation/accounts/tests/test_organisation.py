"""Setting the organisation up, once, and changing its settings."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from foundation.accounts.access import access_of
from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, Organisation, RoleGrant, SetupCode, User
from foundation.accounts.organisation import absolute_url, current_organisation, organisation_zone
from foundation.accounts.services import (
    AlreadySetUp,
    SetupCodeRefused,
    organisation_change,
    organisation_set_up,
    setup_code_check,
    setup_code_issue,
)
from foundation.accounts.services.organisation import FirstPerson
from foundation.accounts.services.setup_code import MAX_FAILURES, VALID_FOR
from foundation.accounts.tests.factories import PASSWORD
from foundation.accounts.validators import validate_base_url
from foundation.registry import OrganisationChanged, Registry
from foundation.testing.cast import Cast
from foundation.testing.races import together
from foundation.trail.models import Entry

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)


def issue() -> str:
    code = setup_code_issue(now=NOW)
    assert code
    return code


def set_up(code: str, email: str = "mara.lind@example.com") -> User:
    return organisation_set_up(
        code=code,
        name="Osprey Insurance",
        time_zone="Europe/Helsinki",
        currency="EUR",
        base_url="https://portal.example.org",
        first_person=FirstPerson(full_name="Mara Lind", email=email, password=PASSWORD),
        now=NOW,
    )


@pytest.mark.django_db
def test_set_up_makes_all_that_is_needed() -> None:
    person = set_up(issue())
    organisation = current_organisation()
    assert organisation is not None
    assert (organisation.name, organisation.time_zone) == ("Osprey Insurance", "Europe/Helsinki")
    unit = BusinessUnit.objects.get()
    assert (unit.name, unit.path) == ("Osprey Insurance", f"{unit.pk}/")
    assert set(access_of(person, NOW).roles) == {Role.CISO, Role.ADMINISTRATOR}
    assert access_of(person, NOW).scope("records.view").everywhere
    assert person.check_password(PASSWORD)
    assert not SetupCode.objects.exists()
    assert list(Entry.objects.order_by("id").values_list("action", "actor_name")) == [
        ("accounts.unit.created", ""),
        ("accounts.user.created", ""),
        ("accounts.organisation.set_up", "Mara Lind"),
        ("accounts.grant.given", "Mara Lind"),
        ("accounts.grant.given", "Mara Lind"),
    ]


@pytest.mark.django_db
def test_it_happens_once() -> None:
    code = issue()
    set_up(code)
    with pytest.raises(AlreadySetUp):
        set_up(code, "second@example.com")
    assert setup_code_issue(now=NOW) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_browsers_one_wins() -> None:
    code = issue()
    outcomes = together(
        lambda: set_up(code, "one@example.com"),
        lambda: set_up(code, "two@example.com"),
    )
    winners = [outcome for outcome in outcomes if isinstance(outcome, User)]
    losers = [outcome for outcome in outcomes if not isinstance(outcome, User)]
    assert len(winners) == 1
    assert isinstance(losers[0], AlreadySetUp | SetupCodeRefused)
    assert list(User.objects.values_list("email", flat=True)) == [winners[0].email]
    assert (Organisation.objects.count(), BusinessUnit.objects.count(), RoleGrant.objects.count()) == (
        1,
        1,
        2,
    )


@pytest.mark.django_db
def test_the_code_is_read_as_people_write_it() -> None:
    code = issue()
    setup_code_check(code=f" {code.lower().replace('-', ' ')} ", now=NOW)


@pytest.mark.django_db
def test_a_wrong_code_changes_nothing_but_is_counted() -> None:
    issue()
    with pytest.raises(SetupCodeRefused, match="not the code"):
        set_up("AAAA-BBBB-CCCC-DDDD")
    assert not User.objects.exists()
    assert SetupCode.objects.get().failures == 1


@pytest.mark.django_db
def test_a_code_is_not_kept_in_clear() -> None:
    code = issue()
    assert code not in str(SetupCode.objects.values().get())
    assert code.replace("-", "") not in str(SetupCode.objects.values().get())


@pytest.mark.django_db
def test_guessing_ends() -> None:
    code = issue()
    for _guess in range(MAX_FAILURES):
        with pytest.raises(SetupCodeRefused):
            setup_code_check(code="WRONG", now=NOW)
    with pytest.raises(SetupCodeRefused, match="too often"):
        setup_code_check(code=code, now=NOW)
    setup_code_check(code=issue(), now=NOW)


@pytest.mark.django_db
def test_a_code_expires_and_a_new_one_replaces_it() -> None:
    old = issue()
    setup_code_check(code=old, now=NOW + VALID_FOR - timedelta(seconds=1))
    with pytest.raises(SetupCodeRefused, match="expired"):
        setup_code_check(code=old, now=NOW + VALID_FOR)
    new = issue()
    with pytest.raises(SetupCodeRefused):
        setup_code_check(code=old, now=NOW)
    setup_code_check(code=new, now=NOW)


@pytest.mark.django_db
def test_without_a_code_the_terminal_is_named() -> None:
    with pytest.raises(SetupCodeRefused, match="manage setup_code"):
        setup_code_check(code="K7PM-2QXA-9DHT-V4RC", now=NOW)


@pytest.mark.django_db
def test_the_command_prints_a_code_that_works() -> None:
    output = StringIO()
    call_command("setup_code", stdout=output)
    code = output.getvalue().strip().rsplit(" ", 1)[1]
    setup_code_check(code=code, now=datetime.now(UTC))


def test_the_command_says_when_none_is_needed(cast: Cast) -> None:
    output = StringIO()
    call_command("setup_code", stdout=output)
    assert "no code is needed" in output.getvalue()


def test_a_change_is_seen_and_kept(cast: Cast) -> None:
    organisation_change(
        changes={"time_zone": "Pacific/Auckland", "currency": "EUR", "reminder_hour": 6},
        actor=cast.ciso,
        now=NOW,
    )
    assert str(organisation_zone()) == "Pacific/Auckland"
    entry = Entry.objects.latest("id")
    assert entry.before == {"time_zone": "Europe/Lisbon", "reminder_hour": 7}
    assert entry.after == {"time_zone": "Pacific/Auckland", "reminder_hour": 6}


def test_a_change_of_nothing_writes_nothing(cast: Cast) -> None:
    organisation_change(changes={"name": cast.organisation.name}, actor=cast.ciso, now=NOW)
    assert not Entry.objects.exists()


def test_apps_react_in_the_same_transaction(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def react(*, before: Organisation, after: Organisation, now: datetime) -> None:
        seen.append((before.time_zone, after.time_zone, str(organisation_zone()), now))
        raise RuntimeError("The reaction fails.")

    own = Registry()
    own.register(OrganisationChanged(key="test", react=react))
    monkeypatch.setattr("foundation.accounts.services.organisation.registry", own)
    with pytest.raises(RuntimeError):
        organisation_change(changes={"time_zone": "Asia/Tokyo"}, actor=cast.ciso, now=NOW)
    assert seen == [("Europe/Lisbon", "Asia/Tokyo", "Asia/Tokyo", NOW)]
    assert str(organisation_zone()) == "Europe/Lisbon"
    assert not Entry.objects.exists()


def test_links_come_from_the_base_url(cast: Cast, settings: Any) -> None:
    settings.BASE_URL = "https://environment.example.org/"
    assert absolute_url("/audits/") == "https://portal.example.com/audits/"
    organisation_change(changes={"base_url": ""}, actor=cast.ciso, now=NOW)
    assert absolute_url("/audits/") == "https://environment.example.org/audits/"
    settings.BASE_URL = ""
    assert absolute_url("/audits/") == "/audits/"


@pytest.mark.parametrize(
    "value",
    ["https://portal.example.com", "http://portal:8000", "https://10.0.0.7/", "http://[::1]:8000"],
)
def test_base_urls_that_are_fine(value: str) -> None:
    validate_base_url(value)


@pytest.mark.parametrize(
    "value",
    [
        "portal.example.com",
        "ftp://portal.example.com",
        "javascript://portal.example.com",
        "https://",
        "https://user@portal.example.com",
        "https://portal.example.com/path",
        "https://portal.example.com?x=1",
        "https://portal.example.com#x",
        "https://portal.example.com:port",
        "https://portal.example.com\n",
        "https://[portal",
    ],
)
def test_base_urls_that_are_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        validate_base_url(value)
