"""What the pages of the outbox share."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.permissions import right_check
from foundation.notifications.choices import MailState
from foundation.notifications.selectors import stuck_counts
from foundation.ui.components import Badge, Tone
from foundation.ui.structure import Crumb, Tab

RIGHT = "mail.manage"
TONES = {
    MailState.QUEUED: Tone.INFO,
    MailState.SENDING: Tone.INFO,
    MailState.SENT: Tone.GOOD,
    MailState.KEPT: Tone.ATTENTION,
    MailState.PARKED: Tone.BAD,
}


class MailManagerMixin:
    """Lets those in who look after the mail of the whole organisation."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check the right of whoever is signed in; others are sent to sign in first."""
        if request.user.is_authenticated:
            right_check(user=request.user, right=RIGHT)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def state_badge(state: str) -> Badge:
    """Return a mail's state as it is drawn."""
    known = MailState(state)
    return Badge(known.label, TONES[known], dot=True)


def outbox_crumb() -> Crumb:
    """Return the way back to the list of mails."""
    return Crumb(_("Mail"), reverse("notifications:mail-list"))


def outbox_tabs(current: str) -> list[Tab]:
    """Return the three lists of the outbox, with how many stand in the two that should be empty."""
    addresses, notices = stuck_counts()
    counts = {"address-list": addresses, "notice-list": notices}
    labels = {
        "mail-list": _("Mails"),
        "address-list": _("Refused addresses"),
        "notice-list": _("Notices that could not be told"),
    }
    return [
        Tab(
            label,
            reverse(f"notifications:{name}"),
            is_current=name == current,
            count=counts.get(name) or None,
        )
        for name, label in labels.items()
    ]
