"""A draft and its lines, locked and read again, so that of two people at once one is first and the other is told."""

from __future__ import annotations

from django.utils.translation import gettext as _

from compliance.models import Edition, RequirementText
from compliance.services.editions import EditionRefused
from compliance.services.frameworks import framework_lock, retired_refusal
from foundation.accounts.models import User
from foundation.records.services import FieldsRefused
from foundation.trail.services import entry_write


class LineRefused(FieldsRefused):
    """A line of a draft can't be written or moved so."""


class LineGone(LineRefused):
    """The line, or what it should stand in or after, was taken out of the draft since it was read."""


class StaleLine(Exception):
    """The line was changed by another since it was read."""

    def __init__(self, line: RequirementText) -> None:
        super().__init__(_("This line was changed by someone else meanwhile."))
        self.line = line


def draft_lock(edition: Edition, *, to_drop: bool = False) -> Edition:
    """Return a draft, locked until the transaction ends.

    Raises EditionRefused when it was accepted or dropped meanwhile, or when its framework was retired: such a draft can
    only be dropped.
    """
    framework = framework_lock(edition.framework)
    if not to_drop and (refusal := retired_refusal(framework)):
        raise EditionRefused(refusal)
    draft: Edition | None = Edition.objects.select_for_update().filter(pk=edition.pk).first()
    if draft is None or not draft.is_draft:
        raise EditionRefused(_("This version is no draft any more."))
    draft.framework = framework
    return draft


def line_lock(draft: Edition, line: RequirementText, *, field: str = "") -> RequirementText:
    """Return a line of a locked draft as it is now; raise LineGone, with the name of the form's field, when it was taken out."""
    locked: RequirementText | None = draft.texts.select_for_update().filter(pk=line.pk).first()
    if locked is None:
        said = _("“%(line)s” was taken out of the draft meanwhile.") % {"line": str(line).strip()}
        raise LineGone({field: said})
    return locked


def line_written(draft: Edition, actor: User, action: str, line: RequirementText) -> None:
    """Say in the trail what was done with a line."""
    entry_write(
        action=action,
        actor=actor,
        record=draft.framework,
        after={"edition": draft.label, "line": line.identifier or line.title},
    )
