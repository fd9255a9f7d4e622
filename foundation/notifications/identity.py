"""The portal's name in mails: its address, its domain, and the Message-IDs made under it. Never from a request."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Self

from django.conf import settings

from foundation.notifications.links import base_host
from foundation.notifications.models import Notice

NO_DOMAIN = "ciso-portal.invalid"


class BadAddress(ValueError):
    """An address that no mail can be sent to or from."""


def sender() -> Address:
    """Return who mails come from; raise BadAddress when DEFAULT_FROM_EMAIL is none."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return address_of(address, name)


def address_of(address: str, name: str = "") -> Address:
    """Return an address for a header and the envelope, its domain in ASCII; raise BadAddress when there is no way."""
    local, at, domain = address.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        parsed = Address(display_name=name, username=local, domain=ascii_domain)
        parsed.addr_spec.encode("ascii")
    except (ValueError, IndexError) as error:
        raise BadAddress(f"{address!r} is not an address that mail can be sent to: {error}") from error
    if not (local and at and domain) or any(ord(letter) < 33 for letter in parsed.addr_spec):
        raise BadAddress(f"{address!r} is not an address that mail can be sent to.")
    return parsed


def mail_domain() -> str:
    """Return the domain for Message-ID, List-Id and greeting: the sender's, else that of the portal's address."""
    domain = sender().domain
    return domain if "." in domain else base_host() or NO_DOMAIN


@dataclass(frozen=True)
class Sender:
    """Who mails come from, and the domain under which they are named."""

    address: Address
    domain: str

    @classmethod
    def configured(cls) -> Self:
        """Read both from the settings; raise BadAddress."""
        return cls(sender(), mail_domain())


def message_id_of(notices: Iterable[Notice]) -> str:
    """Return the Message-ID of the mail that carries these notices: the same however often it is composed or sent."""
    digest = hashlib.sha256()
    for notice in sorted(notices, key=lambda notice: notice.pk):
        digest.update(f"{notice.pk} {notice.recipient_id} {notice.created_at.isoformat()}\n".encode())
    return f"<{digest.hexdigest()[:40]}@{mail_domain()}>"
