"""What a catalogue would do if it were accepted: whose edition it is, and what that changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext as _

from compliance.catalogues import Catalogue, Difference, compare
from compliance.choices import FrameworkState
from compliance.imports.reading import Brought
from compliance.models import Edition, Framework
from compliance.permissions import can_manage_framework
from compliance.selectors.nodes import nodes_of
from compliance.services import catalogue_import
from compliance.services.frameworks import NAME_LENGTH, key_refusal, name_refusal
from foundation.accounts.models import User

NEW = "new"  # chosen for a framework that is not there yet, whatever the file looks like


@dataclass(frozen=True)
class ImportPlan:
    """A catalogue, the framework that it is of (None: a new one), and what it changes there.

    `same` is the edition that this very file made, or one that says the same under the same version. `refusal` says why it can't be
    accepted, and `note` what to think of before.
    """

    brought: Brought
    framework: Framework | None
    difference: Difference
    same: Edition | None = None
    refusal: str = ""
    note: str = ""

    @property
    def catalogue(self) -> Catalogue:
        """Return what the file says."""
        return self.brought.catalogue

    @property
    def may_be_accepted(self) -> bool:
        """Tell whether there is something to accept, and nothing against it."""
        return self.same is None and not self.refusal

    def report(self) -> dict[str, Any]:
        """Return all of it in plain values."""
        return {
            "framework": self.framework.reference if self.framework else None,
            "title": self.framework.title if self.framework else self.catalogue.title[:NAME_LENGTH],
            "version": self.catalogue.label,
            "current_version": self.framework.current.label
            if self.framework and self.framework.current
            else None,
            "counts": self.catalogue.counts(),
            "unchanged": self.difference.same,
            **{
                change.value: [line.report() for line in self.difference.only(change)]
                for change in self.difference.counts
            },
        }

    def accept(self, *, actor: User, now: datetime) -> Edition:
        """Accept it; raise FrameworkRefused or EditionRefused where something stands against it by now."""
        return catalogue_import(
            catalogue=self.catalogue,
            framework=self.framework,
            source=self.brought.source,
            source_name=self.brought.file_name,
            source_sha256=self.brought.sha256,
            actor=actor,
            now=now,
        )


def plan_import(brought: Brought, *, actor: User, chosen: str = "", name: str = "") -> ImportPlan:
    """Return what a catalogue would do.

    `chosen` is the reference of a framework, NEW, or nothing: then the file's own identity finds its framework. `name` is what a new
    framework is called, where the catalogue's own title won't do.
    """
    framework = _framework_of(brought.catalogue, chosen)
    if framework is None:
        if name:
            brought = replace(brought, catalogue=replace(brought.catalogue, title=name))
        if chosen == NEW and key_refusal(brought.catalogue.key):
            brought = replace(
                brought, catalogue=replace(brought.catalogue, key=_other_key(brought.catalogue))
            )
        difference = compare((), brought.catalogue.nodes)
        return ImportPlan(brought, None, difference, refusal=_name_taken(brought.catalogue))
    current = framework.current
    difference = compare(nodes_of(current) if current else (), brought.catalogue.nodes)
    return ImportPlan(
        brought,
        framework,
        difference,
        same=_same_edition(framework, brought, difference),
        refusal=_refusal(framework, actor),
        note=_note(framework, brought.catalogue),
    )


def _framework_of(catalogue: Catalogue, chosen: str) -> Framework | None:
    frameworks = Framework.objects.select_related("current", "unit", "owner")
    if chosen == NEW:
        return None
    if chosen:
        return cast("Framework", frameworks.get(reference=chosen))
    found: Framework | None = None
    if catalogue.uuid is not None:
        found = frameworks.filter(editions__catalogue_uuid=catalogue.uuid).order_by("pk").first()
    return found or frameworks.filter(key=catalogue.key).first()


def _other_key(catalogue: Catalogue) -> str:
    """Return a key for a standard that shares its identity with another one, as its reader says."""
    taken = set(Framework.objects.filter(key__startswith=catalogue.key[:180]).values_list("key", flat=True))
    return next(key for n in range(2, len(taken) + 3) if (key := f"{catalogue.key[:180]}#{n}") not in taken)


def _name_taken(catalogue: Catalogue) -> str:
    taken = name_refusal(catalogue.title)
    if not taken:
        return ""
    return (
        taken
        + " "
        + _(
            "The file does not look like a version of it. If it is one, choose that framework; if not, give this one another name."
        )
    )


def _same_edition(framework: Framework, brought: Brought, difference: Difference) -> Edition | None:
    accepted = framework.editions.accepted()
    by_file: Edition | None = accepted.filter(source_sha256=brought.sha256).order_by("-number").first()
    if by_file is not None:
        return by_file
    current = framework.current
    is_same = current is not None and not difference and current.label == brought.catalogue.label[:100]
    return current if is_same else None


def _refusal(framework: Framework, actor: User) -> str:
    if not can_manage_framework(actor, framework):
        return _("You may not change %(reference)s.") % {"reference": framework.reference}
    if framework.state == FrameworkState.RETIRED:
        return _("%(reference)s is retired: take it into use again first.") % {
            "reference": framework.reference
        }
    if draft := framework.editions.filter(accepted_at__isnull=True).first():
        return _("%(reference)s has a draft, “%(label)s”: accept it or drop it first.") % {
            "reference": framework.reference,
            "label": draft.label,
        }
    return ""


def _note(framework: Framework, catalogue: Catalogue) -> str:
    current = framework.current
    if (
        current
        and current.last_modified
        and catalogue.last_modified
        and catalogue.last_modified < current.last_modified
    ):
        return _(
            "The file is older than the current version, %(label)s. Accepting it puts the older one in its place."
        ) % {"label": current.label}
    return ""
