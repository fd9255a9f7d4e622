"""What a catalogue would do if it were accepted: whose edition it is, and what that changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from django.db.models import Q
from django.utils.translation import gettext as _

from compliance.catalogues import Catalogue, Difference, Node, compare
from compliance.catalogues.values import LABEL_LENGTH, MOVED
from compliance.choices import FrameworkState, Source
from compliance.imports.adopting import adopted
from compliance.imports.reading import Brought
from compliance.models import Edition, Framework
from compliance.permissions import can_manage_framework
from compliance.querysets import FrameworkQuerySet
from compliance.selectors.nodes import nodes_of
from compliance.services import EditionRefused, catalogue_import, edition_restore
from compliance.services.frameworks import NAME_LENGTH, name_refusal, unread_refusal
from foundation.accounts.models import User

NEW = "new"  # chosen for a framework that is not there yet, whatever the file looks like


@dataclass(frozen=True)
class ImportPlan:
    """A catalogue, the framework that it is of (None: a new one), and what it changes there.

    `same` is the current edition, where the file says the same and made it, or has the same version; `earlier` one that was accepted
    before and does not count now, of which the same is true: accepting makes it the current one again. `refusal` says why it can't be
    accepted, and `notes` what to think of before.
    """

    brought: Brought
    framework: Framework | None
    difference: Difference
    same: Edition | None = None
    earlier: Edition | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    refusal: str = ""
    notes: tuple[str, ...] = ()

    @property
    def catalogue(self) -> Catalogue:
        """Return what the file says."""
        return self.brought.catalogue

    @property
    def may_be_accepted(self) -> bool:
        """Tell whether there is something to accept, and nothing against it."""
        return self.same is None and not self.refusal

    @property
    def against(self) -> int | None:
        """Return the edition that it was compared with; None where there was none."""
        return self.framework.current_id if self.framework else None

    def report(self) -> dict[str, Any]:
        """Return all of it in plain values."""
        return {
            "framework": self.framework.reference if self.framework else None,
            "title": self.framework.title if self.framework else self.catalogue.title[:NAME_LENGTH],
            "version": self.catalogue.label,
            "current_version": self.framework.current.label
            if self.framework and self.framework.current
            else None,
            "makes_current_again": self.earlier.label if self.earlier else None,
            "counts": self.counts,
            "notes": list(self.notes),
            "left_out": [one.report() for one in self.catalogue.left_out],
            "unchanged": self.difference.same,
            **{
                change.value: [line.report() for line in self.difference.only(change)]
                for change in self.difference.counts
            },
        }

    def accept(self, *, actor: User, now: datetime) -> Edition:
        """Accept it; raise FrameworkRefused or EditionRefused where something stands against it by now, or it is there already."""
        if self.same is not None:
            words = _("This is there already, as version %(label)s, and the same.")
            raise EditionRefused(words % {"label": self.same.label})
        if self.earlier is not None:
            edition_restore(edition=self.earlier, against=self.against, actor=actor, now=now)
            return self.earlier
        return catalogue_import(
            catalogue=self.catalogue,
            framework=self.framework,
            against=self.against,
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
    framework = framework_of(brought.catalogue, chosen, actor)
    if framework is None:
        if name:
            brought = replace(brought, catalogue=replace(brought.catalogue, title=name))
        if chosen == NEW and Framework.objects.filter(key=brought.catalogue.key).exists():
            brought = replace(
                brought, catalogue=replace(brought.catalogue, key=_other_key(brought.catalogue))
            )
        return ImportPlan(
            brought,
            None,
            compare((), brought.catalogue.nodes),
            counts=brought.catalogue.counts(),
            refusal=refusal_of(brought.catalogue, None, actor, chosen),
            notes=brought.catalogue.notes,
        )
    lines = nodes_of(framework.current) if framework.current else ()
    if brought.source == Source.TABLE:
        brought = _adopted(brought, framework, lines)
    difference = compare(lines, brought.catalogue.nodes)
    same = _same_edition(framework, brought, difference)
    is_current = same is not None and same.pk == framework.current_id
    return ImportPlan(
        brought,
        framework,
        difference,
        same=same if is_current else None,
        earlier=None if is_current else same,
        counts=brought.catalogue.counts(),
        refusal=refusal_of(brought.catalogue, framework, actor, chosen),
        notes=() if is_current else _notes(framework, brought, earlier=same),
    )


def _adopted(brought: Brought, framework: Framework, lines: Sequence[Node]) -> Brought:
    """Return a table whose rows are lines of its framework."""
    requirements = list(framework.requirements.order_by("pk"))
    nodes = adopted(brought.catalogue.nodes, current=lines, requirements=requirements)
    catalogue = replace(
        brought.catalogue, nodes=nodes, parameter_count=sum(len(node.parameters) for node in nodes)
    )
    return replace(brought, catalogue=catalogue)


def framework_of(catalogue: Catalogue, chosen: str, actor: User) -> Framework | None:
    """Return the framework that was chosen, else the one that a catalogue is of by what it says; None: a new one.

    Only of those that the person may read; raises Framework.DoesNotExist where the chosen one is none of them.
    """
    frameworks = Framework.objects.visible_to(actor).select_related("current", "unit", "owner")
    if chosen == NEW:
        return None
    if chosen:
        return cast("Framework", frameworks.get(reference=chosen))
    return _identified(catalogue, frameworks)


def _identified(catalogue: Catalogue, frameworks: FrameworkQuerySet) -> Framework | None:
    """Return which of these frameworks a catalogue is of, by its UUID, else by its key."""
    found: Framework | None = None
    if catalogue.uuid is not None:
        found = frameworks.filter(editions__catalogue_uuid=catalogue.uuid).order_by("pk").first()
    return found or frameworks.filter(key=catalogue.key).first()


def _other_key(catalogue: Catalogue) -> str:
    """Return a key for a standard that shares its identity with another one, as its reader says."""
    taken = set(Framework.objects.filter(key__startswith=catalogue.key[:180]).values_list("key", flat=True))
    return next(key for n in range(2, len(taken) + 3) if (key := f"{catalogue.key[:180]}#{n}") not in taken)


def _same_edition(framework: Framework, brought: Brought, difference: Difference) -> Edition | None:
    """Return the accepted edition that a file is: with all that it says, and made of it or of its version.

    Made of it is not enough: a workbook has several sheets, and more may be read of a file than was once.
    """
    current, label = framework.current, brought.catalogue.label[:LABEL_LENGTH]
    if (
        current is not None
        and not difference
        and (current.label == label or current.source_sha256 == brought.sha256)
    ):
        return current
    alike = framework.editions.accepted().filter(Q(label=label) | Q(source_sha256=brought.sha256))
    earlier = alike.exclude(pk=framework.current_id).order_by("-number")
    return next((one for one in earlier if not compare(nodes_of(one), brought.catalogue.nodes)), None)


def refusal_of(catalogue: Catalogue, framework: Framework | None, actor: User, chosen: str) -> str:
    """Return why a catalogue can't be accepted by this person now, or nothing."""
    if framework is None:
        # None that the person may read: the one that it is of is another's.
        if chosen != NEW and _identified(catalogue, Framework.objects.all()) is not None:
            return unread_refusal()
        advice = _(
            "The file does not look like a version of it. If it is one, choose that framework; if not, give this one another name."
        )
        return name_refusal(catalogue.title, actor=actor, advice=advice)
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


def _notes(framework: Framework, brought: Brought, *, earlier: Edition | None) -> tuple[str, ...]:
    """Return what to think of before a catalogue is accepted."""
    current, catalogue = framework.current, brought.catalogue
    notes = list(catalogue.notes)
    if current is None:
        return tuple(notes)
    labels = {"label": catalogue.label, "current": current.label}
    if earlier is not None:
        words = _(
            "Version %(label)s was accepted before. Accepting it makes it the current one again, in place of %(current)s; nothing is"
            " lost, and %(current)s can be made current again in the same way."
        )
        notes.insert(0, words % {**labels, "label": earlier.label})
    elif _is_older(catalogue, current):
        words = _(
            "The file is older than the current version, %(current)s. Accepting it puts the older one in its place."
        )
        notes.append(words % labels)
    if brought.source == Source.TABLE and any(_says_more(node) for node in catalogue.nodes):
        words = _(
            "A table has no columns for parameters, for what a method looks at, for citations, and for whether something was moved or"
            " incorporated: what version %(current)s says of these is kept."
        )
        notes.append(words % labels)
    return tuple(notes)


def _is_older(catalogue: Catalogue, current: Edition) -> bool:
    if current.last_modified is None or catalogue.last_modified is None:
        return False
    return bool(catalogue.last_modified < current.last_modified)


def _says_more(node: Node) -> bool:
    """Tell whether a line says what a table has no column for."""
    return bool(
        node.parameters
        or any(note.objects for note in node.methods)
        or any(one.citation for one in node.references)
        or any(one.how == MOVED for one in node.withdrawn_to)
    )
