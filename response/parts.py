"""What pages of plans draw: the sheet of contacts and the exercises as short tables, badges of states and results."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.ui.columns import Column, Table
from foundation.ui.components import Badge, Due, Link, Listing, Noted, Person, Reference, Tone, When
from response.choices import RESULT_TONES, STATE_TONES, ExerciseState, Result
from response.models import Contact, Exercise, ExerciseListing

EXTENSION = re.compile(r"(?:x|ext\.?|extension) ?([0-9]+) *$", re.IGNORECASE)
TRUNK = re.compile(r"\( *0 *\)")  # dialled within the country alone


def dialled(phone: str) -> str:
    """Return the address under which a phone dials a number as people write it (RFC 3966)."""
    extension = EXTENSION.search(phone)
    number = (phone[: extension.start()] if extension else phone).strip()
    if number.startswith(("+", "00")):
        number = TRUNK.sub("", number)
    digits = "".join(sign for sign in number if sign in "0123456789")
    return f"tel:{'+' if number.startswith('+') else ''}{digits}{f';ext={extension[1]}' if extension else ''}"


def who_shown(contact: Contact) -> Any:
    """Return who takes a role, and that they have left, where they have."""
    if contact.person is None:
        return contact.outside
    person = Person(contact.person.full_name)
    return Listing((person, Badge(_("Has left"), Tone.BAD, "ban")), " ") if contact.has_left else person


def reached_shown(contact: Contact) -> Any:
    """Return how somebody is reached: the number, which a phone dials, the address, and what holds out of hours."""
    ways: list[Any] = []
    if contact.phone:
        ways.append(Link(contact.phone, dialled(contact.phone)))
    if contact.email:
        ways.append(Link(contact.email, f"mailto:{contact.email}"))
    main, *more = ways
    if contact.after_hours:
        more.append(_("Out of hours: %(how)s") % {"how": contact.after_hours})
    for one in more:
        main = Noted(main, one)
    return main


def contacts_table(contacts: Iterable[Contact], now: datetime) -> Table:
    """Return whom a plan calls, in order."""
    columns = (
        Column("position", lazy("Order")),
        Column("role", lazy("Role"), is_title=True),
        Column("who", lazy("Who")),
        Column("reached", lazy("Phone and e-mail")),
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
            one.deputy or "–",
            When(one.confirmed_on, now),
            Due(one.confirm_by, now),
        )
        for one in contacts
    ]
    return Table(_("Contacts"), columns, rows)


@cache
def state_badge(state: str) -> Badge:
    """Return a state of exercises as it is shown; the same badge each time."""
    return Badge(ExerciseState(state).label, STATE_TONES[state], dot=True)


@cache
def result_badge(result: str) -> Badge:
    """Return a result as it is shown; the same badge each time."""
    return Badge(Result(result).label, RESULT_TONES[result], dot=True)


def day_shown(exercise: Exercise | ExerciseListing, now: datetime) -> Any:
    """Return when an exercise was held, or is to be."""
    if exercise.held_on:
        return When(exercise.held_on, now)
    return Due(exercise.planned_on, now, done=exercise.state != ExerciseState.PLANNED)


def plan_shown(exercise: Exercise) -> Any:
    """Return the plan of an exercise as it is named to the reader."""
    plan = exercise.plan
    known: bool = exercise.plan_known  # type: ignore[attr-defined]
    return plan_named(plan.title, plan.get_absolute_url() if known else "", is_restricted=plan.is_restricted)


def plan_named(title: str, url: str, *, is_restricted: bool) -> Any:
    """Return a plan: linked for who may read it, never named to others where it is restricted."""
    if url:
        return Link(title, url)
    return _("A restricted plan") if is_restricted else title


def exercises_table(exercises: Iterable[Exercise], now: datetime) -> Table:
    """Return exercises of one plan as a short table."""
    columns = (
        Column("reference", lazy("Reference")),
        Column("title", lazy("Title"), is_title=True),
        Column("type", lazy("Type")),
        Column("day", lazy("Day")),
        Column("version", lazy("Version")),
        Column("state", lazy("State")),
    )
    rows = [
        (
            Reference(one.reference, one.get_absolute_url()),
            Link(one.title, one.get_absolute_url()),
            one.get_type_display(),
            day_shown(one, now),
            one.version_in_force.label,
            state_badge(one.state),
        )
        for one in exercises
    ]
    return Table(_("Exercises"), columns, rows)
