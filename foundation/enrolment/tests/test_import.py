"""Importing people: what each row would do, all or nothing, in the importer's bounds, and once."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import OneTimeLink, RoleGrant, User
from foundation.accounts.tests.factories import BusinessUnitFactory, RoleGrantFactory, UserFactory
from foundation.enrolment.services import PEOPLE_IMPORT
from foundation.enrolment.tests.tables import table
from foundation.records.imports.preview import RowAction, RowsRefused
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.testing.races import together
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]
URL = "/people/import/"


def bring(actor: User, *rows: dict[str, str], invite: bool = False):
    return PEOPLE_IMPORT.run(
        content=table(*rows), file_name="people.csv", actor=actor, now=clock.now(), invite=invite
    )


def complaints(actor: User, *rows: dict[str, str]) -> list[str]:
    """Return what is wrong with a file, having made sure that it is imported by no means."""
    preview = PEOPLE_IMPORT.preview(content=table(*rows), actor=actor, now=clock.now())
    before = User.objects.count()
    with pytest.raises(RowsRefused):
        bring(actor, *rows)
    assert User.objects.count() == before
    return [f"{problem.row} {problem.column}: {problem.message}" for problem in preview.problems]


def test_people_come_with_unit_manager_and_role(cast: Cast) -> None:
    outcome = bring(
        cast.administrator,
        {"Job title": "Clerk", "Unit": "crd", "Manager": "Boss.New@example.com"},
        {
            "E-mail address": "boss.new@example.com",
            "Full name": "Boss New",
            "Manager": "Ulrike Sommer",
            "Role": "Unit lead",
            "Role for": "Payments",
        },
        {
            "E-mail address": "aud@example.com",
            "Full name": "Aud Itor",
            "Role": "auditor",
            "Role for": "Everywhere",
        },
    )
    assert len(outcome.created) == 3
    nils, boss = (User.objects.get(email=email) for email in ("nils.ek@example.com", "boss.new@example.com"))
    assert (nils.job_title, nils.unit, nils.manager) == ("Clerk", cast.units.cards, boss)
    assert boss.manager == cast.unit_lead
    assert not nils.has_usable_password()
    grants = RoleGrant.objects.filter(user__email__in=outcome.created).order_by("role")
    assert [(grant.role, grant.unit) for grant in grants] == [
        (Role.AUDITOR, None),
        (Role.UNIT_LEAD, cast.units.payments),
    ]
    entry = Entry.objects.get(action="enrolment.import.done")
    assert (entry.subject, entry.after["created"]) == ("people.csv", 3)
    assert not mail.outbox


def test_the_same_file_twice_does_nothing_the_second_time(cast: Cast) -> None:
    row = {"Unit": "CRD", "Role": "Personnel", "Role for": "CRD", "Manager": "Ulrike Sommer"}
    bring(cast.administrator, row)
    entries = Entry.objects.count()
    assert bring(cast.administrator, row).unchanged == 1
    assert Entry.objects.count() == entries + 1  # the import's own


def test_known_people_are_changed_and_an_empty_cell_changes_nothing(cast: Cast) -> None:
    row = {
        "E-mail address": "Pavel.Dimitrov@example.com",
        "Full name": "Pavel Dimitrov",
        "Job title": "",
        "Manager": "ulrike.sommer@example.com",
    }
    assert bring(cast.administrator, row).updated == ("pavel.dimitrov@example.com",)
    cast.personnel.refresh_from_db()
    assert (cast.personnel.job_title, cast.personnel.manager) == ("Card Operations Clerk", cast.unit_lead)


def test_new_people_are_invited_when_asked(cast: Cast) -> None:
    outcome = bring(
        cast.administrator, {}, {"E-mail address": cast.ciso.email, "Full name": "Celia Moreau"}, invite=True
    )
    assert outcome.invited == 1
    assert [message.to for message in mail.outbox] == [["nils.ek@example.com"]]
    assert OneTimeLink.objects.get().user.email == "nils.ek@example.com"


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"E-mail address": "nils"}, "is not an e-mail address"),
        ({"E-mail address": ""}, "must be filled in"),
        ({"Full name": "x" * 201}, "201 characters"),
        ({"Full name": "a\x07b"}, "control characters"),
        ({"Unit": "Paymets"}, "did you mean “Payments”"),
        ({"Unit": "OLD"}, "is archived"),
        ({"Manager": "Nobody"}, "Nobody called"),
        ({"Manager": "nils.ek@example.com"}, "Nobody reports to themselves"),
        ({"Role": "King", "Role for": "everywhere"}, "is not known"),
        ({"Role": "CISO"}, "Say where the role holds"),
        ({"Role for": "everywhere"}, "Say which role"),
        ({"E-mail address": "gone@example.com"}, "is closed"),
        (
            {"E-mail address": "ada.nyberg@example.com", "Role": "CISO", "Role for": "all"},
            "Nobody gives roles",
        ),
    ],
)
def test_what_is_wrong_is_told(cast: Cast, row: dict[str, str], complaint: str) -> None:
    UserFactory.create(email="gone@example.com", is_active=False)
    BusinessUnitFactory.create(code="OLD", parent=cast.units.root)
    type(cast.units.root).objects.filter(code="OLD").update(archived_at=clock.now())
    (told,) = complaints(cast.administrator, row)
    assert complaint in told


def test_one_bad_row_keeps_all_out(cast: Cast) -> None:
    told = complaints(cast.administrator, {}, {"E-mail address": "NILS.EK@example.com"})
    assert told == ["3 E-mail address: Row 2 is about the same person."]


def test_a_circle_of_new_managers_is_told(cast: Cast) -> None:
    told = complaints(
        cast.administrator,
        {"Manager": "b@example.com"},
        {"E-mail address": "b@example.com", "Manager": "nils.ek@example.com"},
    )
    assert any("in a circle" in one for one in told)


def test_a_circle_with_known_people_is_told(cast: Cast) -> None:
    row = {"E-mail address": cast.ciso.email, "Full name": cast.ciso.full_name, "Manager": cast.analyst.email}
    with pytest.raises(RowsRefused) as refused:
        bring(cast.administrator, row)
    assert "reports to" in refused.value.preview.problems[0].message


def test_who_administers_a_unit_brings_in_its_people_alone(cast: Cast) -> None:
    local = UserFactory.create(unit=cast.units.payments)
    RoleGrantFactory.create(user=local, role=Role.ADMINISTRATOR, unit=cast.units.payments)
    bring(local, {"Unit": "CRD", "Role": "Personnel", "Role for": "CRD"})
    for row, complaint in (
        ({"E-mail address": "a@example.com"}, "to which of your units"),
        ({"E-mail address": "a@example.com", "Unit": "RET"}, "do not manage the people of Retail Banking"),
        (
            {"E-mail address": "a@example.com", "Unit": "CRD", "Role": "CISO", "Role for": "all"},
            "do not manage the whole organisation",
        ),
        ({"E-mail address": cast.ciso.email}, "This needs the right"),
    ):
        assert any(complaint in one for one in complaints(local, row))


def test_no_query_for_each_row(cast: Cast) -> None:
    content = table(*({"E-mail address": f"p{number}@example.com"} for number in range(60)))
    with assert_queries("preview"):
        preview = PEOPLE_IMPORT.preview(content=content, actor=cast.administrator, now=clock.now())
    assert preview.counts[RowAction.CREATE] == 60


@pytest.mark.django_db(transaction=True)
def test_the_same_file_at_once_comes_once(committed_cast: Cast) -> None:
    actor = committed_cast.administrator
    outcomes = together(lambda: bring(actor, {}), lambda: bring(actor, {}))
    assert sorted(outcome.unchanged for outcome in outcomes) == [0, 1]


def upload(browser: Client, content: bytes, name: str = "people.csv"):
    return browser.post(URL, {"file": SimpleUploadedFile(name, content)})


def test_the_pages_from_the_list_to_the_result(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.administrator)
    assert f'href="{URL}"' in browser.get("/people/").content.decode()
    assert "Role for" in browser.get(URL).content.decode()
    preview = upload(browser, table({}, {"E-mail address": cast.ciso.email, "Full name": "Celia M."})).url
    page = browser.get(preview).content.decode()
    for text in ("Nils Ek", "Changes: Full name", "Import, and invite 1 person", "Import without inviting"):
        assert text in page
    assert User.objects.filter(email="nils.ek@example.com").count() == 0
    done = browser.post(f"{preview}confirm/", {"invite": "on"}, follow=True)
    assert "Imported: 1 new, 1 changed, 0 unchanged. Invitations sent: 1." in done.content.decode()
    browser.post(f"{preview}confirm/", {"invite": "on"})
    assert len(mail.outbox) == 1


def test_a_file_of_someone_else_is_not_found(cast: Cast, sign_in: SignIn) -> None:
    preview = upload(sign_in(cast.administrator), table({})).url
    other = RoleGrantFactory.create(role=Role.ADMINISTRATOR).user
    assert sign_in(other).get(preview).status_code == 404
    assert sign_in(other).post(f"{preview}confirm/").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"Name;Mail\n",
        b"E-mail address,Full name,Shoe size\na@example.com,A,44\n",
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_table_of_people_is_told(cast: Cast, sign_in: SignIn, content: bytes) -> None:
    response = upload(sign_in(cast.administrator), content)
    assert response.status_code == 422
    assert response.context["form"].errors["file"]


def run(*args: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_people", *args, stdout=out, stderr=err)
    except SystemExit as left:
        return int(left.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(table({}))
    code, out, _err = run(str(file), "--dry-run")
    assert (code, User.objects.filter(email="nils.ek@example.com").exists()) == (0, False)
    assert "1 rows: 1 to create" in out
    code, out, _err = run(str(file), "--json", "--invite")
    report = json.loads(out)
    assert (report["created"], report["invited"]) == (["nils.ek@example.com"], 1)
    assert Entry.objects.get(action="enrolment.import.done").actor_name == "Ada Nyberg"
    file.write_bytes(table({"Unit": "nowhere"}))
    code, out, err = run(str(file))
    assert code == 1
    assert "Row 2, Business unit: There is no unit “nowhere”" in err
    with pytest.raises(CommandError, match="Nobody with the address"):
        run(str(file), "--actor", "nobody@example.com")
