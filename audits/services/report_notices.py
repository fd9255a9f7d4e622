"""Telling those who are audited that the approved report of their audit is there to be read, and the auditors that it is not."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from audits.models import AuditReport
from foundation.accounts.models import User
from foundation.notifications.services import NoticeDraft, notices_write, told

ISSUED, FAILED = "audits.report_issued", "audits.report_failed"


def report_tell(*, report: AuditReport, people: Iterable[User], actor: User | None, now: datetime) -> None:
    """Tell people of a report that was issued, in the transaction of the fact; not who issued it."""
    audit = report.audit
    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=person.pk,
                kind=ISSUED,
                dedupe_key=f"{ISSUED}:{report.pk}:{person.pk}",
                record_id=audit.pk,
                thread=f"{ISSUED}:{audit.pk}",
                payload={
                    "title": audit.title,
                    "reference": audit.reference,
                    "sentence": told(lambda: _("The approved report is issued: read what was found.")),
                    "path": reverse("audits:audit-tab", args=[audit.reference, "report"]),
                },
            )
            for person in people
            if actor is None or person.pk != actor.pk
        ],
        now=now,
    )


def report_failure_tell(*, report: AuditReport, people: Iterable[User], now: datetime) -> None:
    """Tell people that an approved report was not issued, in the transaction of the fact: those who are audited wait for it."""
    audit = report.audit
    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=person.pk,
                kind=FAILED,
                dedupe_key=f"{FAILED}:{report.pk}:{person.pk}",
                record_id=audit.pk,
                thread=f"{FAILED}:{audit.pk}",
                payload={
                    "title": audit.title,
                    "reference": audit.reference,
                    "sentence": told(lambda: _("The approved report could not be made: ask for it again.")),
                    "path": reverse("audits:audit-tab", args=[audit.reference, "report"]),
                },
            )
            for person in sorted(people, key=lambda person: person.pk)
            if person.is_active
        ],
        now=now,
    )
