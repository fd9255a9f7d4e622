"""The versions of a control: what it said, from when to when, and who approved exactly that."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from controls.choices import COMING, SETTLED, VERSION_WAYS, VersionState
from controls.models.controls import Control, Said
from foundation.approvals.models import ApprovalRequest

MOST_TEXT = 20_000  # characters of a statement
WRITTEN = (
    "title",
    "statement",
    "purpose",
    "type",
    "nature",
    "is_key",
    "frequency",
    "evidence_how",
    "evidence_months",
    "summary",
)
SAID = ("control_id", "number", *WRITTEN)

_WAYS = ", ".join(f"('{before}', '{after}')" for before, after in VERSION_WAYS)
_SAID = ", ".join(f"{{row}}.{name}" for name in SAID)

# A version says what was approved, from the moment at which somebody is asked to approve it; and nothing holds that nobody
# approved. Code sees to both; whoever writes SQL as the portal's role meets this.
_GUARD = f"""
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN ({_WAYS}) THEN
        RAISE EXCEPTION 'A version does not go this way.' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state <> 'draft' AND ({_SAID.format(row="NEW")}) IS DISTINCT FROM ({_SAID.format(row="OLD")}) THEN
        RAISE EXCEPTION 'What a version says is fixed once it was submitted.' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT NEW.writers @> OLD.writers OR (OLD.state <> 'draft' AND NEW.writers <> OLD.writers) THEN
        RAISE EXCEPTION 'Who wrote on a version stays written down.' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state IN ('in_force', 'superseded', 'retired')
            AND (NEW.digest, NEW.approval_id, NEW.approved_at) IS DISTINCT FROM (OLD.digest, OLD.approval_id, OLD.approved_at) THEN
        RAISE EXCEPTION 'What was approved is fixed.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'in_force' AND OLD.state <> NEW.state AND NOT EXISTS (
        SELECT FROM approvals_approvalrequest AS asked
        WHERE asked.id = NEW.approval_id AND asked.record_id = NEW.control_id AND asked.state = 'approved'
            AND asked.digest = NEW.digest
    ) THEN
        RAISE EXCEPTION 'Nobody approved this version as it stands.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_BEGUN = """
    IF NEW.state <> 'draft' THEN
        RAISE EXCEPTION 'A version begins as a draft.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class ControlVersion(Said):
    """What a control says, or said: what is done, to what end, how often, and how it is shown that it is done.

    `digest` is the SHA-256 of what `approval` approved; it is in force from `approved_at` until `ended_at`. `summary` says what
    changed since the one before. `writers` are the keys of all who wrote on it, and not of who only began it: none of them approves it.
    """

    control = models.ForeignKey(Control, models.PROTECT, related_name="versions", verbose_name=_("control"))
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=12, choices=VersionState.choices, default=VersionState.DRAFT
    )
    title = models.CharField(_("title"), max_length=200)
    statement = models.TextField(_("statement"), blank=True, max_length=MOST_TEXT)
    purpose = models.TextField(_("purpose"), blank=True, max_length=MOST_TEXT)
    evidence_how = models.TextField(_("how evidence is taken"), blank=True, max_length=MOST_TEXT)
    summary = models.CharField(_("what changed"), max_length=1_000, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("last written by")
    )
    written_at = models.DateTimeField(_("last written at"))
    writers = ArrayField(
        models.BigIntegerField(), verbose_name=_("writers"), default=list, db_default=[], editable=False
    )
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True)
    approval = models.ForeignKey(
        ApprovalRequest, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approval")
    )
    approved_at = models.DateTimeField(_("in force since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("version of a control")
        verbose_name_plural = _("versions of controls")
        ordering = ["control", "-number"]
        constraints = [
            *Said.Meta.constraints,
            models.UniqueConstraint(fields=["control", "number"], name="control_version_number_once"),
            models.UniqueConstraint(fields=["approval"], name="control_version_approval_once"),
            models.UniqueConstraint(
                fields=["control"], condition=Q(state__in=COMING), name="control_version_one_coming"
            ),
            models.UniqueConstraint(
                fields=["control"],
                condition=Q(state=VersionState.IN_FORCE),
                name="control_version_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(state__in=VersionState.values), name="control_version_known_state"
            ),
            models.CheckConstraint(
                condition=(Q(state__in=SETTLED) & Q(approved_at__isnull=False))
                | (~Q(state__in=SETTLED) & Q(approved_at__isnull=True)),
                name="control_version_approved_at_a_time",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="control_version_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="control_version_begins", operation=pgtrigger.Insert, when=pgtrigger.Before, func=_BEGUN
            ),
            pgtrigger.Trigger(
                name="control_version_as_approved",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=_GUARD,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def is_draft(self) -> bool:
        """Tell whether it may still be written."""
        return self.state == VersionState.DRAFT
