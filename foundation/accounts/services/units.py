"""Business units: making, changing and moving them."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.services.errors import AccountsRefused
from foundation.accounts.services.locks import Guarded, lock
from foundation.accounts.versions import UNIT_FIELDS, UNIT_PLACE, version_check
from foundation.registry import registry
from foundation.trail.services import entry_write

PATH_LENGTH = 400


@transaction.atomic
def unit_create(
    *, name: str, code: str, parent: BusinessUnit | None, actor: User | None, country: str = ""
) -> BusinessUnit:
    """Add a unit to the tree. Only the first unit has no parent. Raises AccountsRefused."""
    lock(Guarded.UNIT_TREE)
    if parent is None and BusinessUnit.objects.exists():
        raise AccountsRefused(_("Say which unit it is a part of."), "parent")
    _parent_open(parent)
    _code_free(code, None)
    unit = BusinessUnit(name=name, code=code, parent=parent, country=country)
    unit.path = f"new-{secrets.token_hex(8)}/"  # its number is known once it is saved
    unit.save(force_insert=True)
    unit.path = _path_below(parent, unit)
    unit.save(update_fields=["path"])
    entry_write(
        action="accounts.unit.created",
        actor=actor,
        subject=unit.name,
        after={"name": name, "code": code, "part_of": parent.name if parent else None},
    )
    return unit


@transaction.atomic
def unit_change(
    *,
    unit: BusinessUnit,
    name: str,
    code: str,
    country: str,
    actor: User,
    now: datetime,
    seen: str | None = None,
) -> BusinessUnit:
    """Give a unit another name, code or country; a change of nothing writes nothing.

    What names it elsewhere follows (`registry.words_changed`).

    `seen` is the version (`versions.py`) that the change was made on. Raises StaleEdit when that is no more, and
    AccountsRefused.
    """
    lock(Guarded.UNIT_TREE)
    # Records of the unit can be made meanwhile: what follows from another name locks some of them.
    locked = BusinessUnit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    version_check(locked, UNIT_FIELDS, seen)
    _code_free(code, locked)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for field, value in (("name", name), ("code", code), ("country", country)):
        if (old := getattr(locked, field)) != value:
            before[field], after[field] = old, value
            setattr(locked, field, value)
    if after:
        locked.save(update_fields=list(after))
        entry_write(
            action="accounts.unit.changed", actor=actor, subject=locked.name, before=before, after=after
        )
    if "name" in after:
        registry.words_changed(actor=actor, now=now)
    return locked


@transaction.atomic
def unit_move(
    *, unit: BusinessUnit, parent: BusinessUnit, actor: User, seen: str | None = None
) -> BusinessUnit:
    """Make a unit, with all below it, part of another one.

    Every right that was granted for a unit above changes hands with the move, so the trail keeps it. Of two moves
    at once, the second sees the tree that the first left. Raises AccountsRefused for a circle, StaleEdit when the unit
    was moved since it was `seen`.
    """
    lock(Guarded.UNIT_TREE)
    moved = BusinessUnit.objects.select_related("parent").get(pk=unit.pk)
    version_check(moved, UNIT_PLACE, seen)
    target = BusinessUnit.objects.get(pk=parent.pk)
    if moved.parent_id == target.pk:
        return moved
    if target.path.startswith(moved.path):
        raise AccountsRefused(
            _("%(unit)s can't become a part of itself or of a unit below it.") % {"unit": moved.name},
            "parent",
        )
    _parent_open(target)
    old_path, old_parent = moved.path, moved.parent
    new_path = _path_below(target, moved)
    subtree = BusinessUnit.objects.filter(path__startswith=old_path)
    longest = max(len(path) for path in subtree.values_list("path", flat=True))
    _path_fits(longest - len(old_path) + len(new_path))
    subtree.update(path=Concat(Value(new_path), Substr(F("path"), len(old_path) + 1)))
    BusinessUnit.objects.filter(pk=moved.pk).update(parent=target)
    entry_write(
        action="accounts.unit.moved",
        actor=actor,
        subject=moved.name,
        before={"part_of": old_parent.name if old_parent else None},
        after={"part_of": target.name},
    )
    return BusinessUnit.objects.get(pk=moved.pk)


@transaction.atomic
def unit_archive(*, unit: BusinessUnit, actor: User, now: datetime, comment: str = "") -> BusinessUnit:
    """Close a unit: nothing new is put there, what is there stays. Raises AccountsRefused while it is in use.

    It is in use while units below it are open or active people belong to it.
    """
    lock(Guarded.UNIT_TREE)
    locked = BusinessUnit.objects.select_for_update().get(pk=unit.pk)
    if locked.archived_at:
        return locked
    if locked.parent_id is None:
        raise AccountsRefused(_("The topmost unit can't be archived."))
    if locked.children.filter(archived_at__isnull=True).exists():
        raise AccountsRefused(_("Archive or move the units below %(unit)s first.") % {"unit": locked.name})
    people = locked.people.filter(is_active=True).count()
    if people:
        raise AccountsRefused(
            ngettext(
                "%(count)d person belongs to %(unit)s. Move this person to another unit first.",
                "%(count)d people belong to %(unit)s. Move them to another unit first.",
                people,
            )
            % {"count": people, "unit": locked.name}
        )
    locked.archived_at = now
    locked.save(update_fields=["archived_at"])
    entry_write(action="accounts.unit.archived", actor=actor, subject=locked.name, comment=comment)
    return locked


@transaction.atomic
def unit_restore(*, unit: BusinessUnit, actor: User, comment: str = "") -> BusinessUnit:
    """Take an archived unit up again. Raises AccountsRefused while the one above it is archived."""
    lock(Guarded.UNIT_TREE)
    locked = BusinessUnit.objects.select_for_update().get(pk=unit.pk)
    if not locked.archived_at:
        return locked
    _parent_open(locked.parent)
    locked.archived_at = None
    locked.save(update_fields=["archived_at"])
    entry_write(action="accounts.unit.restored", actor=actor, subject=locked.name, comment=comment)
    return locked


def _parent_open(parent: BusinessUnit | None) -> None:
    if parent and BusinessUnit.objects.filter(pk=parent.pk, archived_at__isnull=False).exists():
        raise AccountsRefused(_("%(unit)s is archived.") % {"unit": parent.name}, "parent")


def _code_free(code: str, unit: BusinessUnit | None) -> None:
    others = BusinessUnit.objects.exclude(pk=unit.pk) if unit else BusinessUnit.objects.all()
    if others.filter(code=code).exists():
        raise AccountsRefused(_("Another unit has this code."), "code")


def _path_below(parent: BusinessUnit | None, unit: BusinessUnit) -> str:
    path = f"{parent.path if parent else ''}{unit.pk}/"
    _path_fits(len(path))
    return path


def _path_fits(length: int) -> None:
    if length > PATH_LENGTH:
        raise AccountsRefused(_("The tree of units would become too deep."), "parent")
