"""Mails that tell people what changed about how they sign in, so that a stranger's doing does not stay unseen."""

from datetime import datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.accounts.organisation import current_organisation, organisation_zone
from foundation.trail.context import current_origin


class SecurityNotice(Enum):
    """What happened: the mail's heading, and its sentence before the time and the address."""

    TOTP_ADDED = (_("An authenticator app was added"), _("An authenticator app was added to your account."))
    TOTP_REMOVED = (
        _("An authenticator app was taken away"),
        _("The authenticator app of your account was taken away."),
    )
    PASSKEY_ADDED = (_("A passkey was made"), _("A passkey was made for your account."))
    PASSKEY_REMOVED = (_("A passkey was taken away"), _("A passkey of your account was taken away."))
    IDENTITY_LINKED = (
        _("Single sign-on opens your account"),
        _("Your account was opened through the organisation's single sign-on for the first time."),
    )
    NEW_BROWSER = (
        _("Sign-in by a browser that you never used"),
        _("Someone signed in to your account by a browser that was never used for it before."),
    )
    CODES_MADE = (_("New recovery codes were made"), _("New recovery codes were made for your account."))
    CODE_USED = (_("A recovery code was used"), _("One of your recovery codes was used."))
    PASSWORD_SET = (
        _("Your password was set at the machine"),
        _("Whoever runs the portal's machine set a new password for your account."),
    )
    SESSIONS_ENDED = (
        _("You were signed out"),
        _("An administrator ended where you were signed in to your account. Sign in again if you need to."),
    )
    FACTORS_RESET = (
        _("Your second factors were taken away"),
        _("An administrator took all second factors from your account, so that you can set up new ones."),
    )

    def __init__(self, heading: Any, sentence: Any) -> None:
        self.heading = heading
        self.sentence = sentence


def security_mail_send(
    *, user: User, notice: SecurityNotice, now: datetime, by: User | None = None, reason: str = ""
) -> None:
    """Queue the mail about a change, in the transaction of the change; nobody gets one whose account is closed.

    `by` is named where it was somebody else, with the reason that was given.
    """
    if not user.is_active:
        return
    zone = ZoneInfo(user.time_zone) if user.time_zone else organisation_zone()
    language = user.language if translation.check_for_language(user.language) else "en"
    with translation.override(language), timezone.override(zone):
        context = {
            "heading": notice.heading,
            "sentence": notice.sentence,
            "when": timezone.localtime(now),
            "ip": "" if by else current_origin().ip_address,
            "by": by,
            "reason": reason,
            "organisation": current_organisation(),
        }
        subject = _("%(heading)s · CISO Portal") % {"heading": notice.heading}
        text = render_to_string("account/email/security_message.txt", context)
        message = EmailMultiAlternatives(str(subject), text, to=[user.email])
        message.attach_alternative(
            render_to_string("account/email/security_message.html", context), "text/html"
        )
        message.send()
