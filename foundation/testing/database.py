"""The test database: made by its owner, used with the rights of the portal alone.

Tests of transactions (`transactional_db`, `live_server`) commit, so the database is put back after each: the owner,
who alone may, empties what was written to in one transaction that switches the tables' own triggers off (the trail refuses
to lose rows), and writes back the rows that migrations had made. Django's `flush` could do neither.
"""

import os
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from psycopg2 import sql

from foundation.operations.launch.testdatabase import TEMPLATE

KEPT_SCHEMA = "made_by_migrations"
NOT_EMPTIED = "django_migrations"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
    django_db_keepdb: bool,
    django_db_createdb: bool,
) -> Iterator[None]:
    """Let the owner make and migrate the test database, and point the runtime role's alias to it."""
    keep = django_db_keepdb and not django_db_createdb
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        owner = connections["owner"]
        real_name = owner.settings_dict["NAME"]
        if (template := os.environ.get(TEMPLATE)) and not keep:
            _copy_template(owner, template)
        else:
            owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=keep)
            keep_what_migrations_made()
        connections["default"].creation.set_as_test_mirror(owner.settings_dict)
        owner.close()
        patch.setattr(TransactionTestCase, "_fixture_teardown", _put_back)
        yield
        _end_other_sessions()
        for connection in connections.all(initialized_only=True):
            connection.close()
        if not keep:
            owner.creation.destroy_test_db(real_name, verbosity=0)


def _end_other_sessions() -> None:
    """End what else is connected: the threads of the live server outlast the database when they were started before it."""
    for alias in ("default", "owner"):  # a role may end its own sessions alone
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
            )


def _put_back(_test: TransactionTestCase) -> None:
    """Put the database back to what the migrations made; for use in place of `_fixture_teardown`.

    Most tables are empty, or as they were, and are left alone: to truncate them all would take a fifth of a second.
    """
    # A connection beside Django's, which is closed to tests that do not name `owner` among their databases.
    owner = psycopg2.connect(**connections["owner"].get_connection_params())
    with owner, owner.cursor() as cursor:
        tables, triggered = _tables(cursor), _triggered(cursor)
        # A connection that a thread of the test forgot to close is an error, not an endless wait.
        cursor.execute(
            sql.SQL("SET LOCAL lock_timeout = '15s'; LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(
                sql.SQL(", ").join(sql.Identifier("public", name) for name in tables)
            )
        )
        kept = _tables(cursor, KEPT_SCHEMA)
        changed = _changed(cursor, tables, kept)
        # Triggers of the tables, not those of foreign keys: none may refuse, none may write history.
        for name in changed & triggered:
            cursor.execute(
                sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier("public", name))
            )
        for name in changed:
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier("public", name)))
        _count_from_one(cursor)
        cursor.execute("".join(_write_back(cursor, changed & kept)) or "SELECT")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in changed & triggered:
            cursor.execute(
                sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier("public", name))
            )
    owner.close()


def _tables(cursor: Any, schema: str = "public") -> set[str]:
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename <> %s", [schema, NOT_EMPTIED]
    )
    return {name for (name,) in cursor.fetchall()}


def _triggered(cursor: Any) -> set[str]:
    cursor.execute(
        "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
    )
    return {name for (name,) in cursor.fetchall()}


def _changed(cursor: Any, tables: set[str], kept: set[str]) -> set[str]:
    """Return the tables that hold other rows than the migrations made."""
    ask_empty = "SELECT {literal} WHERE EXISTS (SELECT FROM {table})"
    rows = "(SELECT string_agg(one::text, chr(10) ORDER BY one::text) FROM {} one)"
    ask_same = f"SELECT {{literal}} WHERE {rows.format('{table}')} IS DISTINCT FROM {rows.format('{kept}')}"
    questions = [
        sql.SQL(ask_same if name in kept else ask_empty).format(
            literal=sql.Literal(name),
            table=sql.Identifier("public", name),
            kept=sql.Identifier(KEPT_SCHEMA, name),
        )
        for name in sorted(tables)
    ]
    cursor.execute(sql.SQL(" UNION ALL ").join(questions))
    return {name for (name,) in cursor.fetchall()}


def _count_from_one(cursor: Any) -> None:
    """Let the counters of all tables begin anew, also of those whose rows were never committed."""
    cursor.execute(
        """
        SELECT setval(pg_sequences.schemaname || '.' || quote_ident(sequencename), 1, false)
        FROM pg_sequences
        JOIN pg_class ON relname = sequencename AND relnamespace = 'public'::regnamespace
        JOIN pg_depend ON objid = pg_class.oid AND deptype IN ('a', 'i') AND refobjsubid > 0
        WHERE schemaname = 'public' AND last_value IS NOT NULL
        """
    )


def _copy_template(owner: Any, template: str) -> None:
    """Make the test database from one that was migrated before (see `foundation/operations/launch/testdatabase.py`)."""
    name = owner.creation._get_test_db_name()
    with owner.creation._nodb_cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    owner.close()
    settings.DATABASES["owner"]["NAME"] = owner.settings_dict["NAME"] = name


def keep_what_migrations_made() -> None:
    """Copy the rows of all tables that are not empty after the migrations."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {KEPT_SCHEMA} CASCADE; CREATE SCHEMA {KEPT_SCHEMA}")
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> %s", [NOT_EMPTIED]
        )
        for (name,) in cursor.fetchall():
            table = sql.Identifier(name)
            cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM public.{})").format(table))
            if cursor.fetchone()[0]:
                kept = sql.Identifier(KEPT_SCHEMA, name)
                cursor.execute(sql.SQL("CREATE TABLE {} AS TABLE public.{}").format(kept, table))


def _write_back(cursor: Any, changed: set[str]) -> list[str]:
    """Return the statements that write the kept rows of changed tables back, and set all counters behind kept rows."""
    cursor.execute(
        """
        SELECT CASE WHEN table_name = ANY(%s) THEN
                   format('INSERT INTO public.%%1$I (%%2$s) OVERRIDING SYSTEM VALUE SELECT %%2$s FROM %%3$I.%%1$I;',
                          table_name, string_agg(quote_ident(column_name), ', '), %s)
               ELSE '' END
               || coalesce(string_agg(
                   format('SELECT setval(%%L, (SELECT max(%%I) FROM public.%%I));',
                          pg_get_serial_sequence('public.' || quote_ident(table_name), column_name),
                          column_name, table_name), '')
                   FILTER (WHERE is_identity = 'YES'), '')
        FROM information_schema.columns
        WHERE table_schema = 'public' AND is_generated = 'NEVER'
          AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = %s)
        GROUP BY table_name
        """,
        [list(changed), KEPT_SCHEMA, KEPT_SCHEMA],
    )
    return [statement for (statement,) in cursor.fetchall()]
