"""Asking for exceptions, and changing what is asked for."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exceptions.choices import ExceptionState
from exceptions.models import LONGEST_DAYS, PolicyException
from exceptions.permissions import ASKER, DOCUMENT_OWNER, renewing_refusal, writing_refusal
from exceptions.selectors import renewal_of, sections_of
from exceptions.services.errors import ExceptionRefused
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.organisation import organisation_day
from foundation.records.choices import Confidentiality
from foundation.records.services import (
    FieldsRefused,
    participants_name,
    participants_set,
    record_create,
    record_update,
)
from foundation.ui.dates import day_words
from policies.choices import IN_FORCE
from policies.models import Document

WRITTEN_FIELDS = (
    "title",
    "unit",
    "owner",
    "section",
    "systems",
    "reason",
    "compensation",
    "risk",
    "risk_words",
    "starts_on",
    "expires_on",
    "confidentiality",
)


@transaction.atomic
def exception_create(
    *,
    actor: User,
    now: datetime,
    document: Document,
    title: str,
    unit: BusinessUnit,
    owner: User,
    reason: str,
    compensation: str,
    risk: str,
    risk_words: str,
    starts_on: date,
    expires_on: date,
    section: str = "",
    systems: str = "",
    confidentiality: str = Confidentiality.INTERNAL,
    renews: PolicyException | None = None,
) -> PolicyException:
    """Begin an exception from what a document says now; it is a draft until it is submitted.

    Raises ExceptionRefused where nothing of the document is in force, or where the exception that it `renews` can't be renewed or
    is being; FieldsRefused for days and sections that there are not, and for a renewal that ends before what it renews.
    """
    document = _in_force(document)
    if renews is not None:
        renewed = _renewable(renews, document, organisation_day(now))
        _as_long_check(renewed, expires_on, organisation_day(now))
    exception = PolicyException(
        document=document,
        version_in_force=document.current,
        title=title,
        unit=unit,
        owner=owner,
        section=section,
        section_title=_heading(document, section),
        systems=systems,
        reason=reason,
        compensation=compensation,
        risk=risk,
        risk_words=risk_words,
        starts_on=starts_on,
        expires_on=expires_on,
        confidentiality=_as_confidential(document, confidentiality),
        renews=renews,
        written_by=actor,
        writers=[actor.pk],
    )
    _days_check(starts_on, expires_on, organisation_day(now))
    record_create(record=exception, kind="exception", actor=actor, state=ExceptionState.DRAFT)
    participants_name(record=exception, parts={ASKER: [actor], DOCUMENT_OWNER: [document.owner]}, actor=actor)
    return exception


@transaction.atomic
def exception_change(
    *, exception: PolicyException, changes: dict[str, Any], actor: User, now: datetime, version: int
) -> PolicyException:
    """Change what is asked for, as it was read at `version`, from what the document says by now.

    Raises ExceptionRefused once it was submitted, StaleRecord when somebody else was faster, FieldsRefused as `exception_create()`.
    """
    if unknown := changes.keys() - set(WRITTEN_FIELDS):
        raise ValueError(f"Not changed here: {sorted(unknown)}")
    document = _in_force(
        exception.document
    )  # first, as whoever changes the document and what follows it does
    locked = PolicyException.objects.select_for_update(of=("self",)).get(pk=exception.pk)
    if refusal := writing_refusal(locked):
        raise ExceptionRefused(refusal)
    said = {name: changes.get(name, getattr(locked, name)) for name in ("starts_on", "expires_on", "section")}
    _days_check(said["starts_on"], said["expires_on"], organisation_day(now))
    if locked.renews is not None:
        _as_long_check(locked.renews, said["expires_on"], organisation_day(now))
    written = {
        **changes,
        "version_in_force": document.current,
        "section_title": _heading(document, said["section"]),
        "confidentiality": _as_confidential(document, changes.get("confidentiality", locked.confidentiality)),
        "written_by": actor,
        "writers": sorted({*locked.writers, actor.pk}),
    }
    changed = record_update(record=locked, changes=written, actor=actor, version=version)
    participants_set(record=changed, role=DOCUMENT_OWNER, users=[document.owner], actor=actor)
    return changed


def _in_force(document: Document) -> Document:
    """Return a document as it is now, held so until the transaction ends; raise ExceptionRefused where nothing of it holds."""
    held: Document = (
        Document.objects.select_for_update(of=("self",), no_key=True)
        .select_related("current", "owner")
        .get(pk=document.pk)
    )
    if held.state not in IN_FORCE or held.current is None:
        raise ExceptionRefused(
            _("Nothing of %(reference)s is in force, so there is nothing to be excepted from.")
            % {"reference": held.reference}
        )
    return held


def _renewable(renewed: PolicyException, document: Document, today: date) -> PolicyException:
    """Return an exception that is to be renewed as it stands today, held; raise ExceptionRefused where it can't be."""
    locked: PolicyException = PolicyException.objects.select_for_update(of=("self",)).get(pk=renewed.pk)
    locked.state = locked.state_on(today)
    if refusal := renewing_refusal(locked):
        raise ExceptionRefused(refusal)
    if locked.document_id != document.pk:
        raise ValueError("A renewal is of the same document.")
    if begun := renewal_of(locked):
        raise ExceptionRefused(_("%(reference)s renews it already.") % {"reference": begun.reference})
    return locked


def _heading(document: Document, anchor: str) -> str:
    if not anchor:
        return ""
    for section in sections_of(document):
        if section.anchor == anchor:
            return section.title[:400]
    raise FieldsRefused({"section": _("There is no such section in what is in force now. Choose another.")})


def _days_check(starts_on: date, expires_on: date, today: date) -> None:
    if expires_on < today:
        raise FieldsRefused({"expires_on": _("It can't end on a day that is over.")})
    if expires_on < starts_on:
        raise FieldsRefused({"expires_on": _("It can't end before it begins.")})
    if (expires_on - starts_on).days > LONGEST_DAYS:
        raise FieldsRefused(
            {
                "expires_on": _(
                    "An exception holds for a year at most. Whoever needs it longer renews it, and somebody looks at its risk again."
                )
            }
        )


def _as_long_check(renewed: PolicyException, expires_on: date, today: date) -> None:
    """Raise FieldsRefused for a renewal that ends before what it takes the place of: that would end with it."""
    if renewed.state_on(today) == ExceptionState.GRANTED and expires_on < renewed.expires_on:
        raise FieldsRefused(
            {
                "expires_on": _(
                    "%(reference)s holds until %(day)s, and its renewal no shorter. To end it sooner, revoke it."
                )
                % {"reference": renewed.reference, "day": day_words(renewed.expires_on)}
            }
        )


def _as_confidential(document: Document, wanted: str) -> str:
    """Return how widely an exception may be known: no more widely than its document."""
    return Confidentiality.RESTRICTED if document.is_restricted else wanted
