"""Which files show what a check came to."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audits.choices import EvidenceState
from audits.models import Check, EvidenceRequest
from audits.services.checks.rules import CheckRefused, audit_locked, writing_refusal
from foundation.accounts.models import User
from foundation.files.models import File, FileVersion
from foundation.trail.services import entry_write


@transaction.atomic
def check_evidence_add(*, check: Check, files: Iterable[File], actor: User, now: datetime) -> list[File]:
    """Let files show what a check came to, and return those that are new to it.

    They are files of the audit, or of a request for evidence that was accepted. Raises CheckRefused otherwise.
    """
    audit = audit_locked(check.audit, actor=actor, now=now)
    if refusal := writing_refusal(actor, audit):
        raise CheckRefused({"": refusal})
    wanted = list(files)
    accepted = EvidenceRequest.objects.filter(audit=audit, state=EvidenceState.ACCEPTED)
    sources = {audit.pk, *accepted.values_list("pk", flat=True)}
    if any(file.record_id not in sources or file.is_withdrawn for file in wanted):
        raise CheckRefused(
            {"": _("Evidence is a file of the audit, or of an accepted request for evidence.")}
        )
    known = set(check.evidence.filter(pk__in=[file.pk for file in wanted]).values_list("pk", flat=True))
    added = [file for file in wanted if file.pk not in known]
    if added:
        check.evidence.add(*added)
        entry_write(
            action="audits.check.evidence_added",
            actor=actor,
            record=audit,
            after={"requirement": check.text.identifier, "files": _names(added)},
        )
    return added


@transaction.atomic
def check_evidence_remove(*, check: Check, file: File, actor: User, now: datetime) -> None:
    """Take a file off a check; the file itself stays with its record. Raises CheckRefused when it may not be."""
    audit = audit_locked(check.audit, actor=actor, now=now)
    if refusal := writing_refusal(actor, audit):
        raise CheckRefused({"": refusal})
    if not check.evidence.filter(pk=file.pk).exists():
        return
    check.evidence.remove(file)
    entry_write(
        action="audits.check.evidence_removed",
        actor=actor,
        record=audit,
        before={"requirement": check.text.identifier, "files": _names([file])},
    )


def _names(files: list[File]) -> list[str]:
    newest = FileVersion.objects.newest().filter(file__in=files).order_by("file_id")
    return list(newest.values_list("name", flat=True))
