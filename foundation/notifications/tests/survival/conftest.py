"""One installation for all tests of survival; each finds the outbox empty."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from foundation.deadlines.models import Deadline
from foundation.notifications.models import Mail, MailPreference, Notice, ParkedAddress
from foundation.notifications.tests.survival.harness import Installation, installation
from foundation.testing.cast import cast_make


@pytest.fixture(scope="module")
def one_installation(
    tmp_path_factory: pytest.TempPathFactory, django_test_environment: None, django_db_blocker: Any
) -> Iterator[Installation]:
    with django_db_blocker.unblock(), installation(tmp_path_factory.mktemp("survival")) as made:
        made.cast = cast_make()
        yield made


@pytest.fixture
def portal(one_installation: Installation, request: pytest.FixtureRequest) -> Iterator[Installation]:
    """Give the installation, with nothing to send and a mail server that takes everything."""
    sink = one_installation.sink
    sink.react = lambda phase, recipient: None
    if one_installation.clock_offset:
        one_installation.stop_programs()
    Deadline.objects.all().delete()
    Notice.objects.all().delete()
    Mail.objects.all().delete()
    MailPreference.objects.all().delete()
    ParkedAddress.objects.all().delete()
    sink.mails.clear()
    failed_before = request.session.testsfailed
    yield one_installation
    if request.session.testsfailed > failed_before:
        sys.stderr.write(one_installation.last_words())
