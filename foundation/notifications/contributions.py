"""What notifications give to the whole."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.notifications.bell import unread_of
from foundation.notifications.services.messages import message_write
from foundation.notifications.services.reading import record_notices_read
from foundation.notifications.services.roles import ROLE_WANTED
from foundation.registry import (
    FirstStep,
    Messenger,
    NavigationEntry,
    NoticeKind,
    RecordOpened,
    ShellCount,
    TrailVerb,
    registry,
)
from foundation.ui.navigation import OWN_MENU

registry.register(
    Messenger(key="notifications", tell=message_write),
    FirstStep(
        key="notifications.server",
        label=_("Connect a mail server"),
        text=_("Name it in EMAIL_URL; until then mails are kept here."),
        icon="server",
        url_name="notifications:mail-list",
        order=20,
        done=lambda now: bool(settings.EMAIL_URL),
        right="mail.manage",
    ),
    ShellCount(key="bell", rows=unread_of),
    NoticeKind(
        key=ROLE_WANTED,
        label=_("Work that waits until I give somebody a role"),
        reason=_("You give people their roles."),
        icon="alert-triangle",
    ),
    RecordOpened(key="notifications.read", react=record_notices_read),
    NavigationEntry(
        key="mail",
        label=_("Mail"),
        icon="mail",
        url_name="notifications:mail-list",
        group="manage",
        order=905,
        right="mail.manage",
        whole_organisation=True,
    ),
    NavigationEntry(
        key="notifications.preferences",
        label=_("My notifications"),
        icon="bell",
        url_name="notifications:preferences",
        group=OWN_MENU,
        order=905,
    ),
    TrailVerb(
        action="notifications.address.parked", sentence=_("was told by the mail server to stop sending to")
    ),
    TrailVerb(action="notifications.address.unparked", sentence=_("let mails go again to"), icon="mail"),
    TrailVerb(action="notifications.mail.retried", sentence=_("retried a parked mail to"), icon="refresh"),
    TrailVerb(action="notifications.mail.released", sentence=_("sent a kept mail to"), icon="send"),
    TrailVerb(action="notifications.mails.retried", sentence=_("retried all parked mails"), icon="refresh"),
    TrailVerb(action="notifications.mails.released", sentence=_("sent all kept mails"), icon="send"),
    TrailVerb(
        action="notifications.notices.retried",
        sentence=_("retried notices that could not be told"),
        icon="refresh",
    ),
    TrailVerb(
        action="notifications.preferences.changed", sentence=_("changed the notifications of"), icon="bell"
    ),
)
