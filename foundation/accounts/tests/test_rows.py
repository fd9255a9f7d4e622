"""Rows that every request reads."""

from datetime import timedelta

import pytest
from django.db.models import JSONField

from foundation import clock
from foundation.accounts.auth_backend import PortalBackend
from foundation.accounts.models import BusinessUnit, Session, User
from foundation.accounts.rows import read_row
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_row_is_read_with_all_that_a_query_set_reads(cast: Cast) -> None:
    read = read_row(User, "email = %s", [cast.analyst.email])
    assert read is not None
    wanted = User.objects.get(pk=cast.analyst.pk)
    assert {name: value for name, value in vars(read).items() if name != "_state"} == {
        name: value for name, value in vars(wanted).items() if name != "_state"
    }
    assert not read.get_deferred_fields()
    read.job_title = "Changed"
    read.save()
    assert User.objects.get(pk=read.pk).job_title == "Changed"


def test_nothing_is_none() -> None:
    assert (
        read_row(Session, "session_key = %s AND expires_at > %s", ["x", clock.now() - timedelta(1)]) is None
    )


def test_columns_that_are_no_plain_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    strange = JSONField(name="strange")
    strange.set_attributes_from_name("strange")
    monkeypatch.setattr(BusinessUnit._meta, "concrete_fields", (strange,))
    with pytest.raises(TypeError, match="strange"):
        read_row(BusinessUnit, "id = %s", [1])


def test_a_session_of_nobody_and_one_of_a_closed_account_belong_to_nobody(cast: Cast) -> None:
    backend = PortalBackend()
    assert backend.get_user(cast.analyst.pk) == cast.analyst
    assert backend.get_user(0) is None
    User.objects.filter(pk=cast.analyst.pk).update(is_active=False)
    assert backend.get_user(cast.analyst.pk) is None
