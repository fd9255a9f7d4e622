"""What the worker and beat do, and when: wake-up calls over the broker."""

from datetime import timedelta
from typing import Any

from ciso_portal.settings.base import env
from ciso_portal.settings.data import REDIS_URL

# The broker carries wake-up calls alone: whatever it loses, the next call finds the work in PostgreSQL. So every task may
# be lost, or delivered twice, and worker and beat wait for a broker that is away for as long as it takes.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 5.0
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,  # a task that nobody acknowledged comes again after an hour
    "socket_connect_timeout": 5.0,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A mail that is being sent is finished before a worker that lost its broker looks for it again.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
# A worker that is too busy to ask for more notices that the broker went away by the connection on which it listens for this.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "foundation.operations.beat:HeartbeatScheduler"
# Shortens all of beat's intervals, for tests.
BEAT_SECONDS = env.float("PORTAL_BEAT_SECONDS", default=0.0)


def _each(seconds: float, task: str) -> dict[str, Any]:
    """Return beat's entry for a wake-up call; one that nobody took in time is dropped, as the next one serves as well."""
    interval = min(seconds, BEAT_SECONDS or seconds)
    return {"task": task, "schedule": interval, "options": {"expires": max(interval * 0.9, 5.0)}}


CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "operations-worker-heartbeat": _each(60.0, "operations.worker_heartbeat"),
    # Asks all sources of notices first, the deadlines' scan among them.
    "notifications-deliver": _each(60.0, "notifications.deliver"),
    "trail-seal": _each(300.0, "trail.seal"),
    # Once a week for each CISO; asked each hour, so that no week is missed.
    "trail-mail-checkpoint": _each(3600.0, "trail.mail_checkpoint"),
    "search-forget-visits": _each(86_400.0, "search.forget_visits"),
    "accounts-sessions-clear": _each(3600.0, "accounts.sessions_clear"),
    "lists-tidy-exports": _each(300.0, "lists.tidy_exports"),
    # What came in before there was a scanner; nothing to do where CLAMD_URL names none.
    "files-scan": _each(300.0, "files.scan"),
    "files-drop-orphans": _each(86_400.0, "files.drop_orphans"),
    # Who may decide changes with rights, days and sides taken, without anybody telling the requests.
    "approvals-follow": _each(3600.0, "approvals.follow"),
    # Roles end by themselves; whoever verified by one gives way to another.
    "actions-follow-verifiers": _each(3600.0, "actions.follow_verifiers"),
    "audits-plan-occurrences": _each(3600.0, "audits.plan_occurrences"),
    # The same for who looks at answers to findings and requests, and closes findings.
    "audits-follow-auditors": _each(3600.0, "audits.follow_auditors"),
    # Those whose own call was lost; nothing to do where none waits.
    "audits-make-reports": _each(60.0, "audits.make_reports"),
    # What was approved and holds from a day on; a document is in force within the minute after midnight.
    "policies-publish": _each(60.0, "policies.publish"),
    "policies-announce": _each(60.0, "policies.announce"),
    "policies-shelve": _each(3600.0, "policies.shelve"),
    "policies-follow-reviews": _each(3600.0, "policies.follow_reviews"),
    # What ended at midnight; pages say so from midnight on, whether or not this ran.
    "exceptions-end": _each(60.0, "exceptions.end"),
    "exceptions-follow-documents": _each(300.0, "exceptions.follow_documents"),
    # Documents change hands beside their sheets of contacts, and come in force.
    "response-follow-plans": _each(3600.0, "response.follow_plans"),
    "controls-follow-evidence": _each(3600.0, "controls.follow_evidence"),
    # Recurring activities, in time for their reminders; and those of people who left.
    "duties-plan-occurrences": _each(3600.0, "duties.plan_occurrences"),
    # Evidence packs that still wait, and those whose time is over.
    "duties-tidy-packs": _each(60.0, "duties.tidy_packs"),
    # Once a day; asked each hour, so that a day is missed only if all of it was.
    "duties-measure": _each(3600.0, "duties.measure"),
    # Those whose own call was lost.
    "records-run-imports": _each(60.0, "records.run_imports"),
    "records-drop-import-files": _each(3600.0, "records.drop_import_files"),
}

# Sets the portal's clock ahead (foundation/clock.py), for tests that live through days.
CLOCK_OFFSET = timedelta(seconds=env.float("PORTAL_CLOCK_OFFSET", default=0.0))
