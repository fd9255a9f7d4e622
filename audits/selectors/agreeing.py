"""Who has a side in many audits or findings at once, and so agrees on no action there."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

from audits.models import Audit, Finding
from audits.permissions import auditor_refusal, verdict_refusal
from audits.selectors.sides import sides_read
from foundation.accounts.models import User
from foundation.records.models import Record

Agreeing = Callable[[User], str | None]


def audits_agreeing(sources: Collection[Record]) -> dict[int, Agreeing]:
    """Read who has a side in audits, and return by the key of each a function that tells why a person so agrees on nothing there, or None.

    No query for what a page has in hand (`audits_with_people()`), else four, whatever their number.
    """
    audits = [one for one in sources if isinstance(one, Audit)]
    others = {one.pk for one in sources} - {one.pk for one in audits}
    if others:
        found = Audit.objects.select_related("unit").prefetch_related("participants")
        audits += _read(list(found.filter(pk__in=others)))
    return {one.pk: partial(_audit_refusal, one) for one in audits}


def findings_agreeing(sources: Collection[Record]) -> dict[int, Agreeing]:
    """Read who has a side in findings, and return by the key of each a function that tells why a person so agrees on nothing there, or None: they propose it."""
    findings = [one for one in sources if isinstance(one, Finding)]
    others = {one.pk for one in sources} - {one.pk for one in findings}
    if others:
        found = Finding.objects.select_related("audit", "unit").prefetch_related("participants")
        read = list(found.filter(pk__in=others))
        _read([one.audit for one in read])
        findings += read
    return {one.pk: partial(_finding_refusal, one) for one in findings}


def _read(audits: Sequence[Audit]) -> Sequence[Audit]:
    """Read who answers there for many at once; one alone is asked when it is needed."""
    if len(audits) > 1:
        sides_read(audits)
    return audits


def _audit_refusal(audit: Audit, person: User) -> str | None:
    return verdict_refusal(audit=audit, user=person)


def _finding_refusal(finding: Finding, person: User) -> str | None:
    return auditor_refusal(finding=finding, user=person)
