"""`./portal manage import_audits`"""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from audits.models import Audit
from audits.tests.tables import table
from foundation.accounts.models import RoleGrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    def write(*rows) -> str:
        path = tmp_path / "plan.csv"
        path.write_bytes(table(*rows))
        return str(path)

    return write


def run(*args, **options) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_audits", *args, stdout=out, stderr=err, **options)
    except SystemExit as left:
        return int(left.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_it_imports_in_the_name_of_the_ciso(cast, file):
    code, out, _err = run(file({}))
    assert (code, out.strip()) == (0, "1 audits planned, 0 changed, 0 unchanged.")
    assert Audit.objects.get().created_by == cast.ciso


def test_it_imports_in_the_name_of_a_person(cast, file):
    run(file({}), "--actor", "ANDERS.FALK@example.com")
    assert Audit.objects.get().created_by == cast.analyst


def test_a_dry_run_writes_nothing(cast, file):
    code, out, _err = run(file({}), "--dry-run")
    assert code == 0
    assert "2  create" in out
    assert "1 rows: 1 to plan" in out
    assert not Audit.objects.exists()


def test_json_of_an_import(cast, file):
    _code, out, _err = run(file({}), "--json")
    report = json.loads(out)
    assert report["imported"] is True
    assert report["created"] == ["AUD-0001"]


def test_json_of_a_dry_run(cast, file):
    _code, out, _err = run(file({}, {"Title": "Second"}), "--dry-run", "--json")
    report = json.loads(out)
    assert (report["dry_run"], report["imported"], report["rows"], report["create"]) == (True, False, 2, 2)
    assert report["plan"][1] == {"row": 3, "action": "create", "reference": None, "title": "Second"}


@pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["import", "dry run"])
def test_problems_are_told_and_nothing_is_imported(cast, file, dry):
    code, out, err = run(file({}, {"Title": "Second", "Start": "2027-02-30", "Unit": "Moon"}), *dry)
    assert (code, out) == (1, "")
    assert "Row 3, Business unit: There is no unit “Moon”." in err
    assert "Row 3, Start: There is no such day" in err
    assert "1 of 2 rows can't be imported" in err
    assert not Audit.objects.exists()


def test_problems_in_json(cast, file):
    code, out, _err = run(file({"Start": "2027-02-30"}), "--json")
    report = json.loads(out)
    assert code == 1
    assert report["problems"] == [
        {
            "row": 2,
            "column": "Start",
            "message": "There is no such day as “2027-02-30”.",
            "value": "2027-02-30",
        }
    ]


def test_a_file_that_can_not_be_read_is_refused(cast, tmp_path):
    path = tmp_path / "plan.csv"
    path.write_bytes(b"Title,Type\na,b\n")
    code, _out, err = run(str(path))
    assert code == 1
    assert "are missing" in err
    code, out, _err = run(str(path), "--json")
    assert code == 1
    assert "are missing" in json.loads(out)["error"]


@pytest.mark.parametrize("args", [("nowhere.csv",), ("/",)])
def test_a_file_that_is_not_there(cast, args):
    with pytest.raises(CommandError) as error:
        run(*args)
    assert error.value.returncode == 2


def test_an_actor_who_is_not_there(cast, file):
    with pytest.raises(CommandError, match="Nobody with the address") as error:
        run(file({}), "--actor", "x@example.com")
    assert error.value.returncode == 2


def test_without_a_ciso_an_actor_is_asked_for(cast, file):
    RoleGrant.objects.filter(role="ciso").delete()
    with pytest.raises(CommandError, match="--actor"):
        run(file({}))


def test_what_the_actor_may_not_do_is_refused(cast, file):
    code, _out, err = run(file({}), "--actor", cast.auditor.email)
    assert code == 1
    assert "You may not plan audits of Payments." in err
