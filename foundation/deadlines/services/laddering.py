"""Making and changing ladders."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.versions import StaleEdit
from foundation.deadlines.models import Ladder
from foundation.deadlines.services.reckoning import deadlines_recompute
from foundation.trail.services import entry_write

# Words that stand where a ladder's key does in the addresses of its pages.
KEYS_OF_PAGES = {"new", "preview"}
NAME_ONCE = "ladder_name_once"
FIELDS = ("name", "days_before", "on_the_day", "late_daily_for", "late_weekly", "escalate_after")


@transaction.atomic
def ladder_create(*, values: dict[str, Any], actor: User) -> Ladder:
    """Make a ladder from the values of its fields, and write it to the trail; a second click leads to the same.

    Raises ValidationError when a ladder that says something else has the name.
    """
    ladder = Ladder(key=_free_key(values["name"]), **_ordered(values))
    try:
        with transaction.atomic():
            ladder.save(force_insert=True)
    except IntegrityError as error:
        if _broken_constraint(error) != NAME_ONCE:  # its key was taken at the same instant
            return ladder_create(values=values, actor=actor)
        found = Ladder.objects.filter(name=ladder.name).first()
        if found and _values_of(found) == _values_of(ladder):
            return found
        raise _name_taken() from error
    entry_write(action="deadlines.ladder.created", actor=actor, subject=ladder.name, after=_values_of(ladder))
    return ladder


@transaction.atomic
def ladder_change(
    *, ladder: Ladder, values: dict[str, Any], actor: User, now: datetime, seen: str | None = None
) -> Ladder:
    """Change a ladder, and reckon the open deadlines that go by it anew.

    `seen` is the version of it that the change was made on (None: nobody looked at it before). Raises StaleEdit when that
    is no more, ValidationError when another has the name. A change of nothing writes nothing.
    """
    locked = Ladder.objects.select_for_update(no_key=True).get(pk=ladder.pk)
    if seen is not None and seen != str(locked.version):
        raise StaleEdit(locked)
    before = _values_of(locked)
    for name, value in _ordered(values).items():
        setattr(locked, name, value)
    after = _values_of(locked)
    changed = [name for name in FIELDS if before[name] != after[name]]
    if not changed:
        return locked
    locked.version += 1
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError as error:
        raise _name_taken() from error
    entry_write(
        action="deadlines.ladder.changed",
        actor=actor,
        subject=locked.name,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    if changed != ["name"]:
        deadlines_recompute(now=now, ladder=locked)
    return locked


def _broken_constraint(error: IntegrityError) -> str:
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))


def _name_taken() -> ValidationError:
    return ValidationError({"name": _("Another ladder has this name.")})


def _values_of(ladder: Ladder) -> dict[str, Any]:
    return {name: getattr(ladder, name) for name in FIELDS}


def _ordered(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the ladder's own fields, the days each once and the longest first."""
    kept = {name: value for name, value in values.items() if name in FIELDS}
    if "days_before" in kept:
        kept["days_before"] = sorted(set(kept["days_before"]), reverse=True)
    return kept


def _free_key(name: str) -> str:
    """Return a key made from the name that no ladder has."""
    base = slugify(name)[:40] or "ladder"
    taken = KEYS_OF_PAGES | set(Ladder.objects.filter(key__startswith=base).values_list("key", flat=True))
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if key not in taken)
