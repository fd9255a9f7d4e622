"""Telling those who are audited that the approved report of their audit is there to be read."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from audits.models import AuditReport
from foundation.accounts.models import User
from foundation.notifications.services import NoticeDraft, notices_write

ISSUED = "audits.report_issued"


def report_tell(*, report: AuditReport, people: Iterable[User], actor: User, now: datetime) -> None:
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
                    "sentence": _("The approved report is issued: read what was found."),
                    "path": reverse("audits:audit-tab", args=[audit.reference, "report"]),
                },
            )
            for person in people
            if person.pk != actor.pk
        ],
        now=now,
    )
