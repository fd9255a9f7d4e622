"""Invitations: a mail with a link that lets a new person choose the first password, once."""

from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.accounts.choices import LinkPurpose
from foundation.accounts.models import OneTimeLink, User
from foundation.accounts.organisation import absolute_url, base_url, current_organisation
from foundation.accounts.selectors import invitation_open
from foundation.accounts.services.errors import AccountsRefused
from foundation.accounts.services.links import links_revoke, token_digest, token_make
from foundation.accounts.services.people import user_create
from foundation.trail.services import entry_write

VALID_FOR = timedelta(days=7)


class LinkGone(Exception):
    """The link is unknown, over, used or revoked: nobody is told which."""


@transaction.atomic
def person_invite(*, actor: User, now: datetime, **fields: Any) -> User:
    """Create a person's account (see `user_create`) and send the invitation."""
    user = user_create(actor=actor, **fields)
    invitation_send(user=user, actor=actor, now=now)
    return user


@transaction.atomic
def invitation_send(*, user: User, actor: User, now: datetime) -> OneTimeLink:
    """Mail a person the link to choose a password; the link sent before stops working.

    Raises AccountsRefused for someone who is deactivated or has a password, and while the portal's address is not set.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_active:
        raise AccountsRefused(_("The account of %(person)s is closed.") % {"person": locked})
    if locked.has_usable_password():
        raise AccountsRefused(
            _(
                "%(person)s has a password already; “Forgot your password?” on the sign-in page gives a new one."
            )
            % {"person": locked}
        )
    if not base_url():
        raise AccountsRefused(
            _("The portal does not know its own address, so no link leads here. Set the base URL first.")
        )
    links_revoke(user=locked, now=now)
    token = token_make()
    link = OneTimeLink.objects.create(
        purpose=LinkPurpose.INVITATION,
        digest=token_digest(token),
        user=locked,
        email=locked.email,
        created_by=actor,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    entry_write(
        action="accounts.invitation.sent",
        actor=actor,
        subject=locked.full_name,
        after={"email": locked.email, "until": link.expires_at.isoformat()},
    )
    _mail(locked, actor, absolute_url(reverse("accounts:invitation", args=[token])))
    return link


@transaction.atomic
def invitation_revoke(*, user: User, actor: User, now: datetime) -> bool:
    """Let the link of an invitation work no more; tell whether one worked."""
    User.objects.select_for_update().get(pk=user.pk)
    revoked = links_revoke(user=user, now=now)
    if revoked:
        entry_write(action="accounts.invitation.revoked", actor=actor, subject=user.full_name)
    return revoked


def invitation_check(*, token: str, now: datetime) -> User:
    """Return who is invited by this link; raise LinkGone for any that does not work (any more)."""
    link = invitation_open(token_digest(token), now=now)
    if link is None:
        raise LinkGone
    return link.user


@transaction.atomic
def invitation_accept(*, token: str, password: str, now: datetime) -> User:
    """Set the first password of who is invited. The link is spent: of two at the same instant the second meets LinkGone."""
    link = invitation_open(token_digest(token), now=now)
    if link is None:
        raise LinkGone
    user = User.objects.select_for_update().get(pk=link.user_id)
    if invitation_open(link.digest, now=now) is None:
        raise LinkGone
    OneTimeLink.objects.filter(pk=link.pk).update(used_at=now)
    user.set_password(password)
    user.save(update_fields=["password"])
    entry_write(action="accounts.invitation.accepted", actor=user, subject=user.full_name)
    return user


def _mail(user: User, actor: User, link: str) -> None:
    organisation = current_organisation()
    context = {
        "user": user,
        "actor": actor,
        "link": link,
        "days": VALID_FOR.days,
        "organisation": organisation,
    }
    language = user.language if translation.check_for_language(user.language) else translation.get_language()
    with translation.override(language):
        subject = _("Your account in the CISO Portal of %(organisation)s") % {"organisation": organisation}
        message = EmailMultiAlternatives(
            subject, render_to_string("accounts/email/invitation.txt", context), None, [user.email]
        )
        message.attach_alternative(render_to_string("accounts/email/invitation.html", context), "text/html")
        message.send()
