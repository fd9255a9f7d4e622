"""Wake-up calls: PostgreSQL knows which versions are to be put in force."""

from celery import shared_task

from foundation import clock
from foundation.batches import each_apart
from policies.services import document_publish_due, documents_due


@shared_task(name="policies.publish")
def publish() -> None:
    """Put in force what was approved and holds from today. Each by itself; to be told twice, or not at all, does no harm."""
    each_apart(documents_due(now=clock.now()), lambda key: document_publish_due(key=key, now=clock.now()))
