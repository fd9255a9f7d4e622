"""A checklist as a file."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from audits.choices import CheckResult
from audits.models import Audit, CheckEvidence
from audits.parts.checklist import methods_words
from audits.selectors.checks import CheckLine, checks_named
from audits.views.checklists.access import checklist_url
from foundation.accounts.models import User
from foundation.accounts.permissions import person_of
from foundation.files.models import FileVersion
from foundation.trail.services import entry_write
from foundation.ui import exports


def checklist_export(
    request: HttpRequest, audit: Audit, shown: Sequence[CheckLine] | None, *, fmt: str, now: datetime
) -> HttpResponseBase:
    """Return the checks of an audit (of those shown, or all) as a file, and note in the trail that it was taken."""
    if fmt not in exports.FORMATS:
        messages.error(request, _("There is no export as “%(format)s”.") % {"format": fmt[:20]})
        return redirect(checklist_url(audit))
    user = person_of(request)
    rows = list(_rows(audit, user, None if shown is None else {line.id for line in shown}))
    entry_write(
        action="audits.checks.exported",
        actor=user,
        record=audit,
        after={"format": fmt, "checks": len(rows)},
    )
    header = [
        _("Framework"),
        _("Edition"),
        _("Group"),
        _("Requirement"),
        _("Title"),
        _("Text"),
        _("Methods"),
        _("Sample"),
        _("Result"),
        _("Why it does not apply, or was not tested"),
        _("Notes"),
        _("Evidence"),
        _("SHA-256 of the evidence"),
        _("Tested by"),
        _("Tested at"),
    ]
    sheet = exports.Sheet(f"{audit.reference}-checklist", _("Checklist"), header, rows)
    return exports.export_response(fmt, sheet, day=timezone.localdate(now))


def _rows(audit: Audit, user: User, keys: set[int] | None) -> Iterator[list[Any]]:
    evidence = CheckEvidence.objects.select_related("file", "version__file").order_by("version__name", "pk")
    checks = checks_named(audit, user).prefetch_related(Prefetch("evidence_links", evidence))
    for check in checks.order_by("position", "pk"):
        if keys is not None and check.pk not in keys:
            continue
        text = check.text
        judged = [link.version for link in check.evidence_links.all() if not link.file.is_withdrawn]
        yield [
            check.framework_name or "",
            str(text.edition),
            check.group.title if check.group else "",
            text.identifier,
            text.title,
            text.statement,
            methods_words(check.methods),
            check.sample,
            str(CheckResult(check.result).label),
            check.reason_given,
            check.notes,
            ", ".join(_named(version) for version in judged),
            ", ".join(version.sha256 for version in judged),
            str(check.tested_by or ""),
            exports.plain(check.tested_at),
        ]


def _named(version: FileVersion) -> str:
    """Return the name of what was judged, with its version where the file has several."""
    if version.file.latest == 1:
        return version.name
    return _("%(name)s (version %(number)d)") % {"name": version.name, "number": version.number}
