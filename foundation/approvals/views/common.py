"""What the pages of a request share."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from foundation.accounts.permissions import person_of
from foundation.approvals.kinds import ApprovalKind, judged
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.selectors import requests_visible_to, with_steps
from foundation.registry import registry


def visible_request(request: HttpRequest, pk: int) -> ApprovalRequest:
    """Return a request with its stages, for who may know of the record and may read what is to be approved; else 404."""
    person = person_of(request)
    asked = get_object_or_404(with_steps(requests_visible_to(person)), pk=pk)
    asked.record = judged(asked.record)
    if not registry.get(ApprovalKind, asked.record.kind).may_read(asked.record, person):
        raise Http404
    return asked
