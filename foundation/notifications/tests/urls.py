"""Who meets what behind the addresses of notifications."""

from collections.abc import Sequence
from typing import Any

from foundation.notifications.choices import MailState, ParkReason
from foundation.notifications.models import ParkedAddress
from foundation.notifications.tests.factories import NOW, MailFactory, NoticeFactory
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, everyone, only


def _mail(cast: Cast) -> Sequence[Any]:
    mail = MailFactory.create(
        recipient=cast.analyst, state=MailState.PARKED, park_reason=ParkReason.CONTENT_REFUSED
    )
    return [mail.pk]


def _address(cast: Cast) -> Sequence[Any]:
    return [ParkedAddress.objects.create(address="gone@example.com", reason="550", parked_at=NOW).pk]


def _mail_and_tab(cast: Cast) -> Sequence[Any]:
    return [*_mail(cast), "text"]


def _notice(cast: Cast) -> Sequence[Any]:
    return [NoticeFactory.create(recipient=cast.analyst).pk]


ROWS = [
    UrlRow(name="notifications:notice-page", get=everyone()),
    UrlRow(
        name="notifications:notice-latest", get=everyone(302)
    ),  # a part of a page; alone it leads to the list
    UrlRow(name="notifications:notice-read-all", get=everyone(405), post=everyone(302)),
    UrlRow(name="notifications:notice-open", args=_notice, get=only("analyst", answer=302, otherwise=404)),
    UrlRow(
        name="notifications:notice-read",
        args=_notice,
        get=everyone(405),
        post=only("analyst", answer=302, otherwise=404),
    ),
    UrlRow(
        name="notifications:unsubscribe",
        args=lambda cast: ["no-such-token"],
        get=everyone(404, anonymous=404),
        post=everyone(404, anonymous=404),
    ),
    UrlRow(name="notifications:preferences", get=everyone(), post=everyone(422)),
    UrlRow(name="notifications:mail-list", get=only("administrator")),
    UrlRow(name="notifications:address-list", get=only("administrator")),
    UrlRow(name="notifications:notice-list", get=only("administrator")),
    UrlRow(name="notifications:mail-detail", args=_mail, get=only("administrator")),
    UrlRow(name="notifications:mail-tab", args=_mail_and_tab, get=only("administrator")),
    UrlRow(name="notifications:mail-html", args=_mail, get=only("administrator")),
    UrlRow(
        name="notifications:mail-retry",
        args=_mail,
        get=everyone(405),
        post=only("administrator", answer=302),
    ),
    UrlRow(
        name="notifications:mail-retry-all",
        get=only("administrator"),
        post=only("administrator", answer=422),  # no mail server is configured
    ),
    UrlRow(
        name="notifications:mail-release-all",
        get=only("administrator"),
        post=only("administrator", answer=422),
    ),
    UrlRow(
        name="notifications:address-unpark",
        args=_address,
        get=only("administrator"),
        post=only("administrator", answer=302),
    ),
    UrlRow(
        name="notifications:notice-retry-all",
        get=only("administrator"),
        post=only("administrator", answer=302),
    ),
]
