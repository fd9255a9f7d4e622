"""Which files show what a check came to."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audits.models import Check, CheckEvidence
from audits.selectors.checks import versions_to_attach
from audits.services.checks.rules import CheckRefused, audit_locked, writing_refusal
from foundation.accounts.models import User
from foundation.files.models import File, FileVersion
from foundation.trail.services import entry_write


@transaction.atomic
def check_evidence_add(*, check: Check, files: Iterable[File], actor: User, now: datetime) -> list[File]:
    """Let files show what a check came to as they are now, and return those of which that is news.

    They are files of the audit, or of a request for evidence that was accepted: then in the version that was accepted. One
    that is attached already is so from now on in its newer version. Raises CheckRefused for any other.
    """
    audit = audit_locked(check.audit, actor=actor, now=now)
    if refusal := writing_refusal(actor, audit):
        raise CheckRefused({"": refusal})
    wanted = list(files)
    versions = {version.file_id: version for version in versions_to_attach(audit.pk).filter(file__in=wanted)}
    if any(file.pk not in versions for file in wanted):
        raise CheckRefused(
            {"": _("Evidence is a file of the audit, or of an accepted request for evidence.")}
        )
    links = {link.file_id: link for link in check.evidence_links.filter(file__in=wanted)}
    added = []
    for file in wanted:
        version, link = versions[file.pk], links.get(file.pk)
        if link is None:
            links[file.pk] = CheckEvidence.objects.create(of_check=check, file=file, version=version)
        elif link.version_id != version.pk:
            link.version = version
            link.save(update_fields=["version"])
        else:
            continue
        added.append(file)
    if added:
        entry_write(
            action="audits.check.evidence_added",
            actor=actor,
            record=audit,
            after=_facts(check, [versions[file.pk] for file in added]),
        )
    return added


@transaction.atomic
def check_evidence_remove(*, check: Check, file: File, actor: User, now: datetime) -> None:
    """Take a file off a check; the file itself stays with its record. Raises CheckRefused when it may not be."""
    audit = audit_locked(check.audit, actor=actor, now=now)
    if refusal := writing_refusal(actor, audit):
        raise CheckRefused({"": refusal})
    link = check.evidence_links.select_related("version").filter(file=file).first()
    if link is None:
        return
    link.delete()
    entry_write(
        action="audits.check.evidence_removed",
        actor=actor,
        record=audit,
        before=_facts(check, [link.version]),
    )


def _facts(check: Check, versions: Sequence[FileVersion]) -> dict[str, object]:
    """Return what the trail keeps of evidence: with its SHA-256, the content is proven."""
    in_order = sorted(versions, key=lambda version: version.file_id)
    return {
        "requirement": check.text.identifier,
        "files": [version.name for version in in_order],
        "sha256": [version.sha256 for version in in_order],
    }
