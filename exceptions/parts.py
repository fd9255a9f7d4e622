"""What pages of exceptions draw: badges of states and risks, and the table of those from a document."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from exceptions.choices import RISK_TONES, STATE_TONES, ExceptionState, RiskLevel
from exceptions.models import ExceptionListing, PolicyException
from foundation.ui.columns import Column, Table
from foundation.ui.components import Badge, Due, Link, Listing, Reference, Tone


@cache
def state_badge(state: str) -> Badge:
    """Return a state of exceptions as it is shown; the same badge each time."""
    return Badge(ExceptionState(state).label, STATE_TONES[state], dot=True)


@cache
def risk_badge(risk: str) -> Badge:
    """Return a level of risk as it is shown; the same badge each time."""
    return Badge(RiskLevel(risk).label, RISK_TONES[risk])


def signs_of(exception: PolicyException | ExceptionListing, day: date) -> list[Badge]:
    """Return what stands beside the state: that it is not in force yet, or is to be decided again."""
    if exception.state_on(day) != ExceptionState.GRANTED:
        return []
    signs = []
    if exception.starts_on > day:
        signs.append(Badge(_("Not in force yet"), Tone.INFO, "hourglass"))
    if exception.is_overtaken:
        signs.append(Badge(_("To decide again"), Tone.ATTENTION, "alert-triangle"))
    return signs


def state_shown(exception: PolicyException | ExceptionListing, day: date) -> Any:
    """Return the state in which an exception stands on a day, with the signs beside it."""
    badge, signs = state_badge(exception.state_on(day)), signs_of(exception, day)
    return Listing((badge, *signs), " ") if signs else badge


def end_shown(exception: PolicyException | ExceptionListing, now: datetime, day: date) -> Due:
    """Return until when an exception holds; what is over, or was never granted, is late for nobody."""
    return Due(exception.expires_on, now, done=exception.state_on(day) != ExceptionState.GRANTED)


def document_shown(exception: PolicyException) -> Any:
    """Return the document of an exception as it is named to the reader."""
    document = exception.document
    known: bool = exception.document_known  # type: ignore[attr-defined]
    url = document.get_absolute_url() if known else ""
    return document_named(document.title, url, is_restricted=document.is_restricted)


def document_named(title: str, url: str, *, is_restricted: bool) -> Any:
    """Return a document: linked for who may read it, never named to others where it is restricted."""
    if url:
        return Link(title, url)
    return _("A restricted document") if is_restricted else title


def exceptions_table(exceptions: Iterable[PolicyException], now: datetime, day: date) -> Table:
    """Return exceptions from one document as a short table."""
    columns = (
        Column("reference", lazy("Reference")),
        Column("title", lazy("Title"), is_title=True),
        Column("section", lazy("Section")),
        Column("unit", lazy("Business unit")),
        Column("risk", lazy("Risk")),
        Column("expires_on", lazy("In force until")),
        Column("state", lazy("State")),
    )
    rows = [
        (
            Reference(one.reference, one.get_absolute_url()),
            Link(one.title, one.get_absolute_url()),
            one.section_title or "–",
            one.unit.name,
            risk_badge(one.risk),
            end_shown(one, now, day),
            state_shown(one, day),
        )
        for one in exceptions
    ]
    return Table(_("Exceptions"), columns, rows)
