"""Who meets what behind the addresses of checklists."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from audits.models import Audit
from audits.services import check_evidence_add
from audits.tests.checks import audit_with_checks, first_check
from audits.tests.factories import NOW
from audits.tests.urls.roles import READERS, RUNNERS, RUNNERS_POST
from foundation.files.models import File
from foundation.files.services import Upload, file_add
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow


def of_checklist(
    *more: str, is_check: bool = False, has_file: bool = False
) -> Callable[[Cast], Sequence[Any]]:
    """Return arguments of an audit whose fieldwork runs, of its first check, or of a file attached to that."""

    def arguments(cast: Cast) -> Sequence[Any]:
        audit = audit_with_checks(cast)
        check = first_check(audit)
        if not has_file:
            return (audit.reference, *((check.pk,) if is_check else ()), *more)
        upload = Upload("notes.txt", io.BytesIO(b"Seen"))
        file = file_add(record=audit, upload=upload, actor=cast.auditor, now=NOW)
        check_evidence_add(check=check, files=[file], actor=cast.auditor, now=NOW)
        return (audit.reference, check.pk, file.key)

    return arguments


def check_data(cast: Cast) -> Mapping[str, Any]:
    return {"version": 1, "result": "conforms", "notes": "Seen"}


def tree_data(cast: Cast) -> Mapping[str, Any]:
    return {"framework": Audit.objects.latest("pk").frameworks.get().reference, "all": "1"}


def evidence_data(cast: Cast) -> Mapping[str, Any]:
    audit = Audit.objects.latest("pk")
    file = File.objects.filter(record=audit).first()
    if file is None:
        upload = Upload("plan.txt", io.BytesIO(b"Plan"))
        file = file_add(record=audit, upload=upload, actor=cast.auditor, now=NOW)
    return {"chosen": str(file.key)}


ROWS = [
    # Who leads the audited unit sees its results once the report is approved.
    UrlRow(
        name="audits:checklist",
        get={**READERS, "unit_lead": 403},
        args=of_checklist(),
        refused_otherwise=True,
    ),
    # What is wrong with it, and who may not, is said beside the form: a reader's save is refused there.
    UrlRow(
        name="audits:check-detail",
        get={**READERS, "unit_lead": 403},
        # The form names its reader, which one table for all can't.
        post={**RUNNERS, "ciso": 409, "analyst": 409, "auditor": 409, "unit_lead": 403},
        args=of_checklist(is_check=True),
        data=check_data,
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:checks-add",
        get=RUNNERS,
        post=RUNNERS_POST,
        args=of_checklist(),
        data=tree_data,
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:checks-copy",
        get=RUNNERS,
        post={**RUNNERS, "ciso": 422, "analyst": 422, "auditor": 422},
        args=of_checklist(),
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:checks-set",
        get=RUNNERS_POST,
        post=RUNNERS_POST,
        args=of_checklist(),
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:checks-remove",
        get=RUNNERS_POST,
        post=RUNNERS_POST,
        args=of_checklist(),
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:check-evidence",
        get=RUNNERS,
        post=RUNNERS_POST,
        args=of_checklist(is_check=True),
        data=evidence_data,
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:check-evidence-remove",
        get=RUNNERS_POST,
        post=RUNNERS_POST,
        args=of_checklist(has_file=True),
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:check-upload",
        get=RUNNERS_POST,
        post=RUNNERS_POST,
        args=of_checklist(is_check=True),
        refused_otherwise=True,
    ),
]
