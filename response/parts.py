"""What pages of plans draw: the sheet of contacts as a short table."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.ui.columns import Column, Table
from foundation.ui.components import Due, Link, Noted, Person, When
from response.models import Contact


def who_shown(contact: Contact) -> Any:
    """Return who takes a role."""
    return Person(contact.person.full_name) if contact.person else contact.outside


def reached_shown(contact: Contact) -> Any:
    """Return how somebody is reached: the number, which a phone dials, and the address."""
    dialled = "".join(sign for sign in contact.phone if sign in "+0123456789")
    phone: Any = Link(contact.phone, f"tel:{dialled}") if contact.phone else ""
    mail: Any = Link(contact.email, f"mailto:{contact.email}") if contact.email else ""
    return Noted(phone, mail) if phone and mail else phone or mail


def contacts_table(contacts: Iterable[Contact], now: datetime) -> Table:
    """Return whom a plan calls, in order."""
    columns = (
        Column("position", lazy("Order")),
        Column("role", lazy("Role"), is_title=True),
        Column("who", lazy("Who")),
        Column("reached", lazy("Phone and e-mail")),
        Column("after_hours", lazy("Out of hours")),
        Column("deputy", lazy("Deputy")),
        Column("confirmed_on", lazy("Last confirmed")),
        Column("confirm_by", lazy("Confirm by")),
    )
    rows = [
        (
            one.position,
            one.role,
            who_shown(one),
            reached_shown(one),
            one.after_hours or "–",
            one.deputy or "–",
            When(one.confirmed_on, now),
            Due(one.confirm_by, now),
        )
        for one in contacts
    ]
    return Table(_("Contacts"), columns, rows)
