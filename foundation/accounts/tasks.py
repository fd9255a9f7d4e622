"""Wake-up calls of accounts."""

from celery import shared_task

from foundation.accounts.services.sessions import sessions_clear


@shared_task(name="accounts.sessions_clear")
def clear_sessions() -> None:
    """Remove what is left of sessions that are over."""
    sessions_clear()
