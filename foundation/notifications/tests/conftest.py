"""What the tests of notifications share."""

from collections.abc import Iterator

import pytest
from django.utils.translation import gettext_lazy as _
from pytest_django import Settings

from foundation.notifications.tests.sink import MailSink, mail_sink
from foundation.registry import NoticeKind, registry


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    """Register a kind that may wait for the digest and one that may not."""
    kinds = registry._items.setdefault(NoticeKind, {})
    before = dict(kinds)
    registry.register(
        NoticeKind(key="probe.reminder", label=_("Probes"), reason=_("You look after the probe.")),
        NoticeKind(
            key="probe.escalation",
            label=_("Probes that are late"),
            reason=_("You lead who looks after the probe."),
            may_be_digested=False,
        ),
        NoticeKind(
            key="probe.news",
            label=_("News of probes"),
            reason=_("You follow the probe."),
            may_be_silenced=True,
        ),
    )
    yield
    kinds.clear()
    kinds.update(before)


@pytest.fixture
def sink(settings: Settings) -> Iterator[MailSink]:
    """Run a mail server, and let the portal send to it."""
    with mail_sink() as running:
        settings.EMAIL_URL = running.url
        settings.EMAIL_TIMEOUT = 2.0
        yield running
