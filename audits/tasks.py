"""Wake-up calls: PostgreSQL knows which audits are to be planned, whom findings wait for, and which reports to be made."""

from celery import shared_task

from audits.services import auditor_look, auditors_lost, occurrences_plan, report_make, reports_waiting
from foundation import clock
from foundation.batches import each_apart, task_wake


@shared_task(name="audits.plan_occurrences")
def plan_occurrences() -> int:
    """Plan the audits of all series whose first reminder is near; return how many were planned."""
    return occurrences_plan(now=clock.now())


@shared_task(name="audits.follow_auditors")
def follow_auditors() -> None:
    """Let what waits for auditors who may not see to it any more wait for others."""
    each_apart(auditors_lost(now=clock.now()), lambda key: auditor_look(key=key, now=clock.now()))


@shared_task(name="audits.make_report")
def make_report(key: int) -> None:
    """Make the documents of one report. To be told twice, or not at all, does no harm."""
    report_make(key=key, clock=clock.now)


@shared_task(name="audits.make_reports")
def make_reports() -> None:
    """Make the reports that still wait: their own call was lost, or their worker died.

    Each by itself. Raises, once all were tried, what those raised that failed.
    """
    each_apart(reports_waiting(now=clock.now()), lambda key: report_make(key=key, clock=clock.now))


def report_wake(key: int) -> None:
    """Tell a worker of a report to make."""
    task_wake(make_report, key)
