"""The tab with a record's links, on the page of every record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from foundation.accounts.requests import PersonRequest
from foundation.links.forms import LinkForm
from foundation.links.permissions import can_link
from foundation.links.selectors import links_of
from foundation.records.models import Record

LINKS = "links"


def links_context(*, record: Record, request: PersonRequest, now: datetime) -> Mapping[str, Any]:
    """Return what the tab shows: the links that the reader may know of, and a form for who may add one."""
    may_link = can_link(request.user, record)
    return {
        "link_lines": links_of(record, request.user),
        "link_form": LinkForm(reader=request.user) if may_link else None,
        "link_form_url": reverse("links:link-add", args=[record.reference]),
        "records_url": reverse("links:records", args=[record.reference]),
    }
