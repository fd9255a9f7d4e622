"""The test database itself: whose rights the tests have, and what a committing test leaves behind."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import ProgrammingError, connection, connections, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import TransactionTestCase

from foundation.accounts.models import BusinessUnit
from foundation.accounts.tests.factories import UserFactory
from foundation.deadlines.models import Ladder
from foundation.trail.models import Entry
from foundation.trail.services import entry_write


def _count_of_types() -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_content_type")
        count: int = cursor.fetchone()[0]
    return count


@pytest.mark.django_db
def test_tests_run_as_the_portal_and_not_as_the_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, pg_has_role(current_user, 'ciso_owner', 'USAGE')")
        assert cursor.fetchone() == ("ciso_app", False)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Entry.objects.update(comment="never said")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_a_test_committed_is_taken_back() -> None:
    types = _count_of_types()
    assert types > 10, "made by migrations"
    BusinessUnit.objects.create(name="Treasury", code="TRY", path="1/")
    entry_write(action="testing.database.written", actor=None)
    ContentType.objects.create(app_label="testing", model="leftover")

    TransactionTestCase()._fixture_teardown()  # type: ignore[attr-defined]

    assert not BusinessUnit.objects.exists()
    assert not Entry.objects.exists()
    assert _count_of_types() == types
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Entry.objects.all().delete()
    assert ContentType.objects.create(app_label="testing", model="next").pk > types


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_rows_of_migrations_are_put_back_as_they_were_and_counters_begin_anew() -> None:
    before = list(Ladder.objects.order_by("pk").values())
    assert before, "made by migrations"
    Ladder.objects.update(key=Concat("key", Value("-changed")))
    BusinessUnit.objects.create(name="Treasury", code="TRY", path="1/")
    with pytest.raises(RuntimeError), transaction.atomic():
        UserFactory.create()
        raise RuntimeError("undone, but the counter has counted")

    TransactionTestCase()._fixture_teardown()  # type: ignore[attr-defined]

    assert list(Ladder.objects.order_by("pk").values()) == before
    assert BusinessUnit.objects.create(name="Treasury", code="TRY", path="1/").pk == 1
    assert UserFactory.create().pk == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_trail_still_refuses_its_owner_after_a_committing_test() -> None:
    TransactionTestCase()._fixture_teardown()  # type: ignore[attr-defined]
    entry_write(action="testing.database.written", actor=None)
    with pytest.raises(Exception, match="append-only"), connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE trail_entry")
