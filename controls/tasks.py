"""Wake-up calls: PostgreSQL knows whose evidence is due."""

from celery import shared_task

from controls.services import evidence_astray, evidence_find_back
from foundation import clock
from foundation.batches import each_apart


@shared_task(name="controls.follow_evidence")
def follow_evidence() -> None:
    """Let owners be reminded of evidence of controls that changed hands beside the services of controls."""
    each_apart(evidence_astray(), lambda key: evidence_find_back(key=key, now=clock.now()))
