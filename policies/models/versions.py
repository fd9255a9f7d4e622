"""The versions of a document: what it said, from when to when, and who approved exactly that."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.accounts.choices import Role
from foundation.approvals.models import ApprovalRequest
from foundation.files.models import FileVersion
from policies.choices import COMING, SETTLED, VERSION_WAYS, VersionState
from policies.models.documents import Document
from policies.querysets import DocumentVersionQuerySet

MOST_TEXT = 400_000  # characters of a text: some two hundred pages
SAID = (
    "document_id",
    "number",
    "major",
    "minor",
    "title",
    "body",
    "file_id",
    "summary",
    "effective_on",
    "audience",
    "audience_roles",
)

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
    IF OLD.state = 'approved' AND NEW.state <> 'draft'
            AND (NEW.digest, NEW.approval_id) IS DISTINCT FROM (OLD.digest, OLD.approval_id) THEN
        RAISE EXCEPTION 'What was approved of a version is fixed.' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state IN ('published', 'superseded', 'retired')
            AND (NEW.digest, NEW.approval_id, NEW.published_at) IS DISTINCT FROM (OLD.digest, OLD.approval_id, OLD.published_at) THEN
        RAISE EXCEPTION 'What was published is fixed.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state IN ('approved', 'published') AND OLD.state <> NEW.state AND NOT EXISTS (
        SELECT FROM approvals_approvalrequest AS asked
        WHERE asked.id = NEW.approval_id AND asked.record_id = NEW.document_id AND asked.state = 'approved'
            AND asked.digest = NEW.digest
    ) THEN
        RAISE EXCEPTION 'Nobody approved this version as it stands.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_IS_CURRENT = """
    IF EXISTS (
        SELECT FROM policies_document AS document
        LEFT JOIN policies_documentversion AS published
            ON published.document_id = document.record_ptr_id AND published.state = 'published'
        LEFT JOIN policies_documentversion AS current ON current.id = document.current_id
        WHERE document.record_ptr_id = NEW.document_id AND (
            (published.id IS NOT NULL AND published.id IS DISTINCT FROM document.current_id)
            OR current.state NOT IN ('published', 'retired')
        )
    ) THEN
        RAISE EXCEPTION 'What holds of a document is its published version.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""
_BEGUN = """
    IF NEW.state <> 'draft' THEN
        RAISE EXCEPTION 'A version begins as a draft.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class DocumentVersion(models.Model):
    """What a document says, or said: its text, for whom and from when it holds, and what changed.

    `major` counts what people have to acknowledge anew, `minor` what leaves their duties as they are. `effective_on` is the day
    (of the organisation) from which it holds, and empty where it holds as soon as it is approved. `audience` are the keys of the
    business units whose people it is for, with all below them, and `audience_roles` the roles whose holders it is for, wherever
    they hold them; neither: everyone. `writers` are the keys of all who wrote on it, and not of who only began it: none of them approves it. `digest` is the SHA-256 of what `approval`
    approved. Where a `file` of the document is what holds, `body` is its text, for search and to be compared. `revision` counts the times that the draft was written, so that a stale edit is told.
    """

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="versions", verbose_name=_("document")
    )
    number = models.PositiveIntegerField(_("number"))
    major = models.PositiveIntegerField(_("major version"))
    minor = models.PositiveIntegerField(_("minor version"), default=0)
    state = models.CharField(
        _("state"), max_length=12, choices=VersionState.choices, default=VersionState.DRAFT
    )
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True, max_length=MOST_TEXT)
    file = models.ForeignKey(
        FileVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    summary = models.CharField(_("what changed"), max_length=1_000, blank=True)
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    audience = ArrayField(models.BigIntegerField(), verbose_name=_("audience"), default=list, blank=True)
    audience_roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices),
        verbose_name=_("roles that it is for"),
        default=list,
        blank=True,
    )
    revision = models.PositiveIntegerField(_("times written"), default=1)
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
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects: ClassVar[Any] = DocumentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        ordering = ["document", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["approval"], name="version_approval_once"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state__in=COMING), name="version_one_coming"
            ),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state=VersionState.PUBLISHED), name="version_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["document", "major", "minor"],
                condition=~Q(state=VersionState.DISCARDED),
                name="version_label_once",
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="version_known_state"),
            models.CheckConstraint(condition=Q(major__gte=1), name="version_counts_from_one"),
            models.CheckConstraint(
                condition=(Q(state__in=SETTLED) & Q(published_at__isnull=False))
                | (~Q(state__in=SETTLED) & Q(published_at__isnull=True)),
                name="version_published_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_on", "id"],
                condition=Q(state=VersionState.APPROVED),
                name="version_to_publish",
            ),
            models.Index(
                fields=["title", "id"],
                condition=Q(state=VersionState.PUBLISHED),
                name="version_in_force_by_title",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="version_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="version_begins_as_draft", operation=pgtrigger.Insert, when=pgtrigger.Before, func=_BEGUN
            ),
            pgtrigger.Trigger(
                name="version_is_as_approved", operation=pgtrigger.Update, when=pgtrigger.Before, func=_GUARD
            ),
            pgtrigger.Trigger(
                name="version_is_current",
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func=_IS_CURRENT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.label}"

    @property
    def label(self) -> str:
        """Return its number as people say it, such as 2.1."""
        return f"{self.major}.{self.minor}"

    @property
    def is_material(self) -> bool:
        """Tell whether people have to acknowledge the document anew because of it."""
        return self.minor == 0

    @property
    def is_text_cut(self) -> bool:
        """Tell whether more stands in its file than was read from it, for search."""
        return self.file_id is not None and len(self.body) >= MOST_TEXT

    @property
    def is_draft(self) -> bool:
        """Tell whether it may still be written."""
        return self.state == VersionState.DRAFT
