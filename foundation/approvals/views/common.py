"""What the pages of a request share."""

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from foundation.accounts.permissions import person_of
from foundation.approvals.kinds import ApprovalKind, judged
from foundation.approvals.models import ApprovalCall, ApprovalRequest, HandOn, Remark
from foundation.approvals.selectors import requests_visible_to, with_steps
from foundation.registry import registry


def visible_request(request: HttpRequest, pk: int) -> ApprovalRequest:
    """Return a request with its stages, for who may know of the record and may read what is to be approved; else 404.

    It knows whether the person was asked to read it (`is_reader`), and whether there are remarks (`has_remarks`).
    """
    person = person_of(request)
    read = ApprovalCall.objects.filter(step__request=OuterRef("pk"), person=person, asked_by__isnull=False)
    found = with_steps(requests_visible_to(person)).annotate(
        is_reader=Exists(read),
        has_remarks=Exists(Remark.objects.filter(request=OuterRef("pk"))),
        has_hand_ons=Exists(HandOn.objects.filter(request=OuterRef("pk"))),
    )
    asked = get_object_or_404(found, pk=pk)
    handed = HandOn.objects.select_related("by", "to", "step").order_by("id")
    are_there = getattr(asked, "has_hand_ons", True)
    prefetch_related_objects([asked], Prefetch("hand_ons", handed if are_there else handed.none()))
    asked.record = judged(asked.record)
    if not registry.get(ApprovalKind, asked.record.kind).may_read(asked.record, person):
        raise Http404
    return asked
