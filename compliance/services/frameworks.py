"""Making frameworks, and changing what is said of them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from compliance.catalogues import name_key, standard_key
from compliance.choices import FrameworkState
from compliance.models import Framework
from foundation.accounts.models import BusinessUnit, User
from foundation.records.services import FieldsRefused, record_create, record_update
from foundation.registry import registry

NAME_LENGTH = 200


class FrameworkRefused(FieldsRefused):
    """A framework can't be made or changed so."""


@transaction.atomic
def framework_create(
    *,
    title: str,
    actor: User,
    now: datetime,
    key: str = "",
    publisher: str = "",
    description: str = "",
) -> Framework:
    """Make a framework of the whole organisation, which its maker owns; it has no edition yet.

    Raises FrameworkRefused when its name or its standard is taken.
    """
    title = title[:NAME_LENGTH]
    key = key or standard_key(title=title)
    # Of two at once, the second sees the first; records of the unit can be made meanwhile.
    units = BusinessUnit.objects.filter(parent__isnull=True).order_by("pk")
    unit = units.select_for_update(no_key=True).first()
    assert unit is not None, "an organisation has its root unit from the first day"
    if refusal := name_refusal(title, actor=actor) or key_refusal(key, actor=actor):
        raise FrameworkRefused({"title": refusal})
    framework = Framework(
        title=title,
        owner=actor,
        unit=unit,
        key=key,
        name_key=name_key(title),
        publisher=publisher[:200],
        description=description[:10_000],
    )
    return record_create(record=framework, kind="framework", actor=actor, state=FrameworkState.ACTIVE)


@transaction.atomic
def framework_change(
    *, framework: Framework, changes: dict[str, Any], actor: User, now: datetime, version: int
) -> Framework:
    """Change what is said of a framework that was read at `version`: name, owner, publisher, description.

    Raises FrameworkRefused when the name is taken or the framework was retired, StaleRecord when somebody else was faster.
    """
    if refusal := retired_refusal(framework_lock(framework)):
        raise FrameworkRefused(refusal)
    title = changes.get("title", framework.title)
    if refusal := name_refusal(title, actor=actor, but=framework):
        raise FrameworkRefused({"title": refusal})
    before = (framework.title, framework.is_restricted)
    changed = record_update(record=framework, changes=changes, actor=actor, version=version)
    Framework.objects.filter(pk=changed.pk).update(name_key=name_key(changed.title))
    if (changed.title, changed.is_restricted) != before:
        registry.words_changed(actor=actor, now=now)
    return changed


def framework_lock(framework: Framework) -> Framework:
    """Return the framework as it is now, locked until the transaction ends: one version at a time is written, and no step is taken meanwhile."""
    # The state stands in the record's row: a lock on the framework's own would let it be retired.
    frameworks = Framework.objects.select_for_update(of=("self", "record_ptr"), no_key=True)
    locked: Framework = frameworks.get(pk=framework.pk)
    return locked


def retired_refusal(framework: Framework) -> str:
    """Return why a framework takes no versions and no changes, or nothing."""
    if framework.state != FrameworkState.RETIRED:
        return ""
    return _("%(reference)s is retired: take it into use again first.") % {"reference": framework.reference}


def name_refusal(title: str, *, actor: User, but: Framework | None = None, advice: str = "") -> str:
    """Return why no framework may have this name, or nothing; `advice` follows where the person may read the one that has it."""
    taken = Framework.objects.filter(name_key=name_key(title[:NAME_LENGTH]))
    other = (taken.exclude(pk=but.pk) if but else taken).first()
    if other is None:
        return ""
    if not _may_read(actor, other):
        return unread_refusal()
    said = _("%(reference)s is called “%(name)s” already.")
    return " ".join(filter(None, (said % {"reference": other.reference, "name": other.title}, advice)))


def key_refusal(key: str, *, actor: User) -> str:
    """Return why no framework may be of this standard, or nothing."""
    other = Framework.objects.filter(key=key).first()
    if other is None:
        return ""
    if not _may_read(actor, other):
        return unread_refusal()
    return _("%(reference)s “%(name)s” is of this standard already: bring the file as a version of it.") % {
        "reference": other.reference,
        "name": other.title,
    }


def unread_refusal() -> str:
    """Return why a framework can't be made beside one that the person may not read: neither its name nor its reference is told."""
    return _(
        "There is a framework of this name, or of this standard, already, and you may not read it. Make a new one under another name,"
        " or ask an administrator."
    )


def _may_read(actor: User, framework: Framework) -> bool:
    return bool(Framework.objects.visible_to(actor).filter(pk=framework.pk).exists())
