"""PostgreSQL itself keeps the trail append-only."""

from datetime import UTC, datetime

import pytest
from django.conf import settings as project_settings
from django.core.checks import run_checks
from django.db import DatabaseError, connection, connections, transaction

from foundation.trail.grants import TRAIL_TABLES
from foundation.trail.models import Entry, Waiting
from foundation.trail.services import seal_entries

BOTH = ["default", "owner"]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHANGES = {
    "update": "UPDATE {table} SET {column} = {column}",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table}",
}
COLUMN = {"trail_entry": "comment", "trail_seal": "chain_digest", "trail_checkpoint": "chain_digest"}


def test_the_tests_run_as_the_role_that_runs_the_portal():
    databases = project_settings.DATABASES
    assert databases["default"]["USER"] != databases["owner"]["USER"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", TRAIL_TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_the_portals_role_is_refused(write, table, change):
    write()
    seal_entries(now=NOW)
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(CHANGES[change].format(table=table, column=COLUMN[table]))


@pytest.mark.django_db(transaction=True, databases=BOTH)
@pytest.mark.parametrize("table", TRAIL_TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_the_owner_is_refused_by_triggers_even_with_pgtriggers_switch(write, table, change):
    write()
    seal_entries(now=NOW)
    statement = CHANGES[change].format(table=table, column=COLUMN[table])
    with (
        pytest.raises(DatabaseError, match="is append-only"),
        transaction.atomic("owner"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute(f"SET LOCAL pgtrigger.ignore = '{{{table}_keep_rows,{table}_keep_table}}'")
        cursor.execute(statement)


@pytest.mark.django_db
def test_a_writer_cannot_choose_the_instant(write):
    entry = Entry.objects.create(action="tests.thing.done", at=datetime(2001, 1, 1, tzinfo=UTC))
    honest = write()
    entry.refresh_from_db()
    assert entry.at == honest.at
    assert entry.at.year > 2001


@pytest.mark.django_db
def test_each_entry_waits_for_its_seal():
    Entry.objects.bulk_create(Entry(action=f"tests.thing.{number}") for number in range(3))
    assert list(Waiting.objects.order_by("pk").values_list("pk", flat=True)) == list(
        Entry.objects.order_by("pk").values_list("pk", flat=True)
    )


def test_check_warns_when_one_role_serves_both_purposes(monkeypatch):
    def warnings() -> list[str]:
        messages = run_checks(tags=["security"], include_deployment_checks=True)
        return [str(message.id) for message in messages if str(message.id).startswith("trail.")]

    monkeypatch.setitem(project_settings.DATABASES["owner"], "USER", "ciso_owner")
    assert warnings() == []
    monkeypatch.setitem(
        project_settings.DATABASES["owner"], "USER", project_settings.DATABASES["default"]["USER"]
    )
    assert warnings() == ["trail.W001"]
