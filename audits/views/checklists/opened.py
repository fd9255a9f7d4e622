"""What the page of an opened check shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import RESULT_KEYS, SAY_WHY, CheckMethod, CheckResult
from audits.forms.checks import CheckForm
from audits.models import Check
from audits.parts.checklist import methods_words, result_badge
from audits.permissions import can_ask_for_evidence, can_raise_finding
from audits.selectors.checks import (
    changes_of_check,
    earlier_checks,
    evidence_of_check,
    findings_on,
    last_changed_by,
)
from audits.services import CheckConflict, grading_refusal, writing_refusal
from audits.services.checks.saving import FIELDS
from compliance.choices import Method
from foundation.accounts.models import User
from foundation.conversation.markdown import markdown_html
from foundation.files.forms import FilesForm
from foundation.files.permissions import can_add_files
from foundation.ui.structure import Change, Moment

EARLIER, FINDINGS, CHANGES = 5, 10, 20
FIELD_LABELS: dict[str, Any] = {
    "result": lazy("Result"),
    "reason": lazy("Why it does not apply, or was not tested"),
    "methods": lazy("Methods"),
    "sample": lazy("Sample"),
    "notes": lazy("Notes"),
}
TEXTS = {"reason", "sample", "notes"}
LETTERS = {CheckMethod.INTERVIEW: "i", CheckMethod.EXAMINE: "e", CheckMethod.TEST: "t"}


def pane_context(
    check: Check,
    user: User,
    *,
    form: CheckForm | None,
    conflict: CheckConflict | None,
    now: datetime,
) -> dict[str, Any]:
    """Return the requirement, the form (as it was typed, when something is wrong with it), and what belongs to the check."""
    audit = check.audit
    writing, grading = writing_refusal(user, audit), grading_refusal(user, audit)
    values = _values(check, form)
    may_upload = writing is None and can_add_files(user, audit, now)
    base = reverse("audits:check-detail", args=[audit.reference, check.pk])
    return {
        "audit": audit,
        "check": check,
        "check_url": base,
        "version": check.version if form is None else form.data.get("version"),
        "values": values,
        "form_errors": form.errors if form is not None else {},
        "field_labels": FIELD_LABELS,
        "badge": result_badge(check.result),
        "statement": markdown_html(check.text.statement),
        "folded": folded_texts(check),
        "results": [
            (one.value, one.label, place + 1, values["result"] == one.value)
            for place, one in enumerate(RESULT_KEYS)
        ],
        "methods": [
            (one.value, one.label, LETTERS[one], one.value in values["methods"]) for one in CheckMethod
        ],
        "methods_words": methods_words(check.methods),
        "says_why": values["result"] in SAY_WHY,
        "may_write": writing is None,
        "may_grade": grading is None,
        "refusal": writing or grading or "",
        "evidence": evidence_of_check(check),
        "ask_url": ask_url(check) if can_ask_for_evidence(user, check.audit) else "",
        "may_upload": may_upload,
        "files_form": FilesForm() if may_upload else None,
        "most_bytes": settings.FILES_MAX_BYTES,
        "earlier": [(one, result_badge(one.result)) for one in earlier_checks(check, user, count=EARLIER)],
        "findings": findings_on(check, user, count=FINDINGS),
        "finding_url": finding_url(check) if can_raise_finding(user, audit) else "",
        "moments": changes_moments(check),
        "conflict": conflict_rows(conflict, form) if conflict and form is not None else None,
        "action": base,
    }


def folded_texts(check: Check) -> list[tuple[Any, Any]]:
    """Return what helps to test a requirement, each with its heading: it is read when it is asked for."""
    text = check.text
    looked_at = "\n\n".join(
        f"**{Method(one['method']).label}:** {'; '.join(one['objects']) or '—'}" for one in text.methods
    )
    parts = (
        (_("Guidance"), text.guidance),
        (_("Assessment objectives"), text.objectives),
        (_("What its standard examines, asks and tests"), looked_at),
    )
    return [(label, markdown_html(words)) for label, words in parts if words]


def _values(check: Check, form: CheckForm | None) -> dict[str, Any]:
    values = {name: getattr(check, name) for name in FIELDS}
    if form is None:
        return values
    for name in FIELDS:
        if name == "methods":
            values[name] = form.data.getlist(name)  # type: ignore[attr-defined]
        elif name in form.data:
            values[name] = form.data[name]
    return values


def finding_url(check: Check) -> str:
    """Return the address of the form that records a finding on a check."""
    return f"{reverse('audits:finding-create', args=[check.audit.reference])}?check={check.pk}"


def ask_url(check: Check) -> str:
    """Return the address of the form that asks for evidence for a check."""
    return f"{reverse('audits:evidence-ask', args=[check.audit.reference])}?check={check.pk}"


def field_words(name: str, value: Any) -> str:
    """Return a value of a check as people read it."""
    if name == "methods":
        return methods_words(value)
    if name == "result" and value:
        return str(CheckResult(value).label)
    return str(value)


def changes_moments(check: Check) -> list[Moment]:
    """Return who changed what of a check, the newest first; one query."""
    changes = changes_of_check(check, fields=FIELDS, count=CHANGES)
    moments: dict[datetime, list[Any]] = {}
    for change in changes:
        moments.setdefault(change.at, []).append(change)
    return [
        Moment(
            at=at,
            sentence=_("changed it"),
            actor=those[0].by or _("Somebody"),
            icon="pencil",
            changes=[
                Change(
                    FIELD_LABELS[one.name],
                    field_words(one.name, one.before),
                    field_words(one.name, one.after),
                )
                for one in those
            ],
        )
        for at, those in moments.items()
    ]


def conflict_rows(conflict: CheckConflict, form: CheckForm) -> Mapping[str, Any]:
    """Return both versions of the fields that two people changed, and the rest of what was typed, to be sent again."""
    differing = {one.name for one in conflict.differences}
    rows = [
        {
            "name": one.name,
            "label": FIELD_LABELS[one.name],
            "mine": _sent(one.name, one.mine),
            "theirs": _sent(one.name, one.theirs),
            "mine_words": field_words(one.name, one.mine),
            "theirs_words": field_words(one.name, one.theirs),
            "both": f"{one.theirs}\n\n{one.mine}".strip() if one.name in TEXTS else "",
        }
        for one in conflict.differences
    ]
    sent = form.sent()
    rest = [
        (name, value)
        for name in FIELDS
        if name in sent and name not in differing
        for value in _listed(sent[name])
    ]
    return {
        "version": conflict.check.version,
        "rows": rows,
        "rest": rest,
        "by": last_changed_by(conflict.check),
    }


def _sent(name: str, value: Any) -> str:
    return ",".join(value) if name == "methods" else str(value)


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
