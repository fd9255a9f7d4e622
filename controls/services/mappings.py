"""Mapping controls to requirements of frameworks, and to documents."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from compliance.models import Requirement
from controls.models import Control, ControlDocument, ControlRequirement
from controls.permissions import settling_refusal
from controls.services.errors import ControlRefused
from foundation.accounts.models import User
from foundation.records.models import Record
from foundation.records.services import record_touch
from foundation.trail.services import entry_write
from policies.models import Document

NAMED = 40  # of many requirements at once, in the trail


class StaleMapping(Exception):
    """Somebody else said how much of a requirement a control covers since it was read; `link` is what stands there now."""

    def __init__(self, link: ControlRequirement) -> None:
        super().__init__(_("Somebody changed this mapping meanwhile. Look at it again."))
        self.link = link


@transaction.atomic
def requirements_map(
    *,
    control: Control,
    requirements: Iterable[Requirement],
    extent: str,
    note: str,
    actor: User,
    now: datetime,
) -> int:
    """Let a control cover these requirements, fully or in part, and return how many of them it did not before.

    What it covers already stays as it was said to be, its note, too.
    """
    locked = _held(control)
    read = Requirement.objects.filter(pk__in=[one.pk for one in requirements]).select_related("framework")
    asked = {one.pk: one for one in read.order_by("pk")}
    there = set(locked.requirement_links.filter(requirement__in=asked).values_list("requirement", flat=True))
    links = [
        ControlRequirement(
            control=locked, requirement=one, extent=extent, note=note.strip(), added_by=actor, added_at=now
        )
        for key, one in asked.items()
        if key not in there
    ]
    if not links:
        return 0
    ControlRequirement.objects.bulk_create(links)
    after = {
        "required": _names([link.requirement for link in links]),
        "extent": extent,
        "part": note.strip(),
    }
    _noted("mapped", locked, actor, after=after)
    return len(links)


@transaction.atomic
def requirement_link_change(
    *, link: ControlRequirement, extent: str, note: str, actor: User, now: datetime, revision: int
) -> None:
    """Say otherwise how much of a requirement a control covers, as it was read at `revision`.

    Raises ControlRefused when it was taken off meanwhile, StaleMapping when somebody else was faster.
    """
    locked = _held(link.control)
    found = _requirement_link(link)
    if found.revision != revision:
        raise StaleMapping(found)
    before = {"extent": found.extent, "part": found.note}
    after = {"extent": extent, "part": note.strip()}
    if before == after:
        return
    found.extent, found.note = extent, note.strip()
    found.revision += 1
    found.save()
    names = {"required": _names([found.requirement])}
    _noted("remapped", locked, actor, before=names | before, after=names | after)


@transaction.atomic
def requirement_link_remove(
    *, link: ControlRequirement, actor: User, now: datetime, comment: str = ""
) -> None:
    """Let a control cover a requirement no more; raise ControlRefused when that was so already."""
    locked = _held(link.control)
    found = _requirement_link(link)
    before = {"required": _names([found.requirement]), "extent": found.extent, "part": found.note}
    found.delete()
    _noted("unmapped", locked, actor, before=before, comment=comment)


@transaction.atomic
def document_map(*, control: Control, document: Document, note: str, actor: User, now: datetime) -> bool:
    """Let a control carry out what a document asks for, and tell whether it did not before."""
    locked = _held(control)
    _link, is_new = ControlDocument.objects.get_or_create(
        control=locked,
        document=document,
        defaults={"note": note.strip(), "added_by": actor, "added_at": now},
    )
    if is_new:
        _noted("document_mapped", locked, actor, after={"document": _name(document), "part": note.strip()})
    return bool(is_new)


@transaction.atomic
def document_link_remove(*, link: ControlDocument, actor: User, now: datetime, comment: str = "") -> None:
    """Let a control carry out what a document asks for no more; raise ControlRefused when that was so already."""
    locked = _held(link.control)
    found = ControlDocument.objects.select_related("document").filter(pk=link.pk).first()
    if found is None:
        raise ControlRefused(_("It was taken off meanwhile."))
    before = {"document": _name(found.document), "part": found.note}
    found.delete()
    _noted("document_unmapped", locked, actor, before=before, comment=comment)


def _held(control: Control) -> Control:
    """Return a control that may be mapped, locked until the transaction ends."""
    locked: Control = Control.objects.select_for_update().get(pk=control.pk)
    if refusal := settling_refusal(locked):
        raise ControlRefused(refusal)
    return locked


def _requirement_link(link: ControlRequirement) -> ControlRequirement:
    found: ControlRequirement | None = (
        ControlRequirement.objects.select_related("requirement__framework").filter(pk=link.pk).first()
    )
    if found is None:
        raise ControlRefused(_("It was taken off meanwhile."))
    return found


def _names(requirements: list[Requirement]) -> str:
    """Return how the trail names requirements: whoever reads of the control may not know of a confidential framework."""
    hidden = _unnamed("framework")
    names = [one.identifier if not one.framework.is_restricted else hidden for one in requirements]
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" … (+{more})" if more > 0 else "")


def _name(record: Record) -> str:
    return _unnamed("document") if record.is_restricted else record.reference


def _unnamed(what: str) -> str:
    """Return what the trail says in the place of a name; in one language, whoever acts and whoever reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("of a confidential framework") if what == "framework" else _("a confidential document")


def _noted(verb: str, control: Control, actor: User, **values: Any) -> None:
    entry_write(action=f"controls.control.{verb}", actor=actor, record=control, **values)
    record_touch(record=control)
