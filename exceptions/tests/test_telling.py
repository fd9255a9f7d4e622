"""What people are told of an exception is in their own language, whoever acts; what is kept is in one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from exceptions.choices import RiskLevel
from exceptions.models import PolicyException
from exceptions.services.ending import exception_end_due
from exceptions.tests.factories import END, granted, step, submitted
from foundation.accounts.models import User
from foundation.approvals.selectors import latest_request
from foundation.notifications.models import Notice
from foundation.testing.cast import Cast
from foundation.testing.languages import LANGUAGE, loud

pytestmark = pytest.mark.django_db


def sentence(exception: PolicyException, person: User) -> str:
    told = Notice.objects.filter(kind="exceptions.ended", record_id=exception.pk, recipient=person)
    return str(told.get().payload["sentence"])


def test_each_is_told_of_the_end_in_their_language_and_not_in_that_of_who_acts(cast: Cast) -> None:
    exception = granted(cast)
    User.objects.filter(pk=cast.analyst.pk).update(language=LANGUAGE)
    with loud():
        step(exception, "revoke", cast.ciso, comment="The locks are there")
        assert sentence(exception, cast.unit_lead) == "Revoked: it holds no more. The locks are there"
        assert sentence(exception, cast.analyst) == "REVOKED: IT HOLDS NO MORE. The locks are there"


def test_days_are_told_in_the_readers_language_too(cast: Cast) -> None:
    exception = granted(cast)
    day: date = END + timedelta(days=1)
    with loud():
        exception_end_due(key=exception.pk, now=datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
    assert "It expired on" in sentence(exception, cast.unit_lead)


def test_stages_are_called_in_one_language_whoever_asks(cast: Cast) -> None:
    with loud():
        exception = submitted(cast, risk=RiskLevel.CRITICAL)
    request = latest_request(exception)
    assert request is not None
    assert list(request.steps.order_by("position").values_list("label", flat=True)) == [
        "Decision by the document’s owner",
        "Decision by the CISO",
    ]
