"""Wake-up calls: PostgreSQL knows what plans say, and who owns them."""

from celery import shared_task
from django.db import transaction

from foundation import clock
from foundation.batches import each_apart
from policies.models import Document
from response.services import sheet_follow, sheets_astray


@shared_task(name="response.follow_plans")
def follow_plans() -> None:
    """Let reminders of sheets follow plans that changed hands, or were retired."""
    each_apart(sheets_astray(), _follow)


@transaction.atomic
def _follow(key: int) -> None:
    plan = Document.objects.select_related("owner").get(pk=key)
    sheet_follow(plan=plan, now=clock.now())
