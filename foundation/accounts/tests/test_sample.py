"""The sample organisation's people, and how it is loaded."""

import stat
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from foundation.accounts import sample
from foundation.accounts.access import access_of
from foundation.accounts.choices import Role
from foundation.accounts.management.commands import load_sample
from foundation.accounts.models import BusinessUnit, Organisation, RoleGrant, User
from foundation.accounts.organisation import forget_organisation
from foundation.accounts.sample import OrganisationExists, sample_load
from foundation.accounts.sample_people import PEOPLE, UNITS
from foundation.accounts.selectors import stand_in_of
from foundation.accounts.tests.factories import OrganisationFactory
from foundation.registry import registry

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people_alone(monkeypatch):
    """Load no more than the people, and keep no organisation of another test."""
    monkeypatch.setattr(registry, "sample_sets", list)
    forget_organisation()
    yield
    forget_organisation()


@pytest.fixture
def sign_in_file(tmp_path, monkeypatch):
    path = tmp_path / "var" / "sample-sign-in.txt"
    monkeypatch.setattr(load_sample, "SIGN_IN_FILE", path)
    monkeypatch.setattr(sample.sign_in_keep, "__kwdefaults__", {"path": path})
    return path


def test_six_units_make_one_tree():
    sample_load(now=NOW)
    root = BusinessUnit.objects.get(parent=None)
    assert BusinessUnit.objects.filter(path__startswith=root.path).count() == len(UNITS) == 6
    assert BusinessUnit.objects.values("country").distinct().count() >= 4


def test_forty_people_play_all_seven_roles():
    sample_load(now=NOW)
    assert User.objects.count() == len({person.name for person in PEOPLE}) == 40
    assert not User.objects.exclude(email__endswith="@example.com").exists()
    roles = Counter(RoleGrant.objects.values_list("role", flat=True))
    assert set(roles) == set(Role.values)
    assert sum(roles.values()) == 40


def test_every_line_of_managers_ends_with_the_one_who_has_none():
    sample_load(now=NOW)
    chief = User.objects.get(manager=None)
    for person in User.objects.all():
        line = [person]
        while line[-1].manager:
            line.append(line[-1].manager)
            assert len(line) < 10
        assert line[-1] == chief


def test_leads_and_personnel_have_rights_in_their_own_unit_only():
    sample_load(now=NOW)
    lead = User.objects.get(full_name="Lena Brandtner")
    units = {unit.code: unit.pk for unit in BusinessUnit.objects.all()}
    access = access_of(lead, NOW)
    assert access.has("records.view", units["CRD"])
    assert not access.has("records.view", units["RET"])


def test_the_password_signs_in_and_is_another_each_time():
    sign_in = sample_load(now=NOW, password="a-fixed-one-for-once")
    email, role = sign_in.accounts[0]
    assert role == "CISO"
    assert authenticate(email=email, password="a-fixed-one-for-once") == User.objects.get(email=email)
    assert "a-fixed-one-for-once" in str(sign_in)


def test_a_second_organisation_is_refused_and_nothing_is_added():
    OrganisationFactory.create()
    with pytest.raises(OrganisationExists, match="Halden"):
        sample_load(now=NOW)
    assert not User.objects.exists()


def test_the_command_prints_and_keeps_how_to_sign_in(sign_in_file, capsys):
    call_command("load_sample", base_url="https://portal.example.com")
    printed = capsys.readouterr().out
    assert "leonor.vasconcelos@example.com" in printed
    assert sign_in_file.read_text() == printed
    assert stat.S_IMODE(sign_in_file.stat().st_mode) == 0o600
    assert Organisation.objects.get().base_url == "https://portal.example.com"


def test_the_command_prints_it_again_when_the_sample_is_there(sign_in_file, capsys):
    call_command("load_sample")
    password = capsys.readouterr().out.splitlines()[-1]
    call_command("load_sample")
    printed = capsys.readouterr().out
    assert "set up here already" in printed
    assert password in printed
    assert User.objects.count() == 40


def test_the_command_fails_on_another_organisation(sign_in_file):
    OrganisationFactory.create()
    sign_in_file.parent.mkdir()
    sign_in_file.write_text("of another database")
    with pytest.raises(CommandError, match="set up here already"):
        call_command("load_sample")


def test_the_ciso_is_stood_in_for():
    sample_load(now=NOW)
    ciso = User.objects.get(email="leonor.vasconcelos@example.com")
    stand_in = stand_in_of(ciso, NOW.date())
    assert stand_in
    assert stand_in.email == "yusuf.adeyinka@example.com"
