"""Wake-up calls: PostgreSQL knows which versions are to be put in force."""

from celery import shared_task

from foundation import clock
from foundation.batches import each_apart
from policies.services import (
    announcement_finish,
    announcements_waiting,
    document_find_back,
    document_publish_due,
    documents_due,
    documents_unshelved,
    review_find_back,
    reviews_astray,
)


@shared_task(name="policies.publish")
def publish() -> None:
    """Put in force what was approved and holds from today. Each by itself; to be told twice, or not at all, does no harm."""
    each_apart(documents_due(now=clock.now()), lambda key: document_publish_due(key=key, now=clock.now()))


@shared_task(name="policies.follow_reviews")
def follow_reviews() -> None:
    """Let owners be reminded of reviews that came in force, or changed hands, beside the services of documents."""
    each_apart(reviews_astray(), lambda key: review_find_back(key=key, now=clock.now()))


@shared_task(name="policies.announce")
def announce() -> None:
    """Tell people of what came in force, batch by batch; nobody twice, whoever is killed in between."""
    each_apart(announcements_waiting(), lambda key: announcement_finish(key=key, now=clock.now()))


@shared_task(name="policies.shelve")
def shelve() -> None:
    """Let readers find what came in force beside the services of documents, by all its words."""
    each_apart(documents_unshelved(), lambda key: document_find_back(key=key))
