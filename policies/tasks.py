"""Wake-up calls: PostgreSQL knows which versions are to be put in force."""

from celery import shared_task

from foundation import clock
from foundation.batches import each_apart
from policies.services import document_publish_due, documents_due, review_find_back, reviews_astray


@shared_task(name="policies.publish")
def publish() -> None:
    """Put in force what was approved and holds from today. Each by itself; to be told twice, or not at all, does no harm."""
    each_apart(documents_due(now=clock.now()), lambda key: document_publish_due(key=key, now=clock.now()))


@shared_task(name="policies.follow_reviews")
def follow_reviews() -> None:
    """Let owners be reminded of reviews that came in force, or changed hands, beside the services of documents."""
    each_apart(reviews_astray(), lambda key: review_find_back(key=key, now=clock.now()))
