"""What is signed off is exactly what was there: outcome, checklist, files and links."""

import pytest

from duties.approvals import activity_content
from duties.choices import ActivityState
from duties.models import Activity
from duties.tests.factories import NOW, activity_make, again, decide, ready, step, submitted
from foundation.approvals.choices import RequestState
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.services import ApprovalVoid, content_digest
from foundation.approvals.tasks import follow
from foundation.files.models import FileVersion
from foundation.files.services import file_add
from foundation.files.tests.contents import upload
from foundation.links.relations import directions
from foundation.links.services import link_add, link_remove
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def test_it_holds_outcome_checklist_and_evidence(cast: Cast) -> None:
    activity = activity_make(cast, needs_sign_off=True)
    other = activity_make(cast, title="Another")
    hidden = activity_make(cast, title="Nobody knows", confidentiality=Confidentiality.RESTRICTED)
    for one in (other, hidden):
        link_add(record=activity, other=one, direction=directions()[0], actor=cast.analyst, now=NOW)
    file_add(record=activity, upload=upload(), actor=cast.personnel, now=NOW, description="What we saw")
    activity = ready(activity, cast.personnel)
    content = activity_content(activity)
    assert content["outcome"] == "Nothing new."
    assert [row["done_by"] for row in content["checklist"]] == ["Pavel Dimitrov"] * 2 + ["not done"]
    assert content["files"][0]["sha256"] == FileVersion.objects.get().sha256
    assert [row["record"] for row in content["links"]] == [other.reference, "a restricted record"]
    assert hidden.reference not in str(content)


def test_a_link_that_is_gone_makes_it_void(cast: Cast) -> None:
    activity, other = activity_make(cast, needs_sign_off=True), activity_make(cast, title="Another")
    link = link_add(record=activity, other=other, direction=directions()[0], actor=cast.analyst, now=NOW)
    activity = step(ready(activity, cast.personnel), "submit", cast.personnel)
    link_remove(link=link, actor=cast.analyst, now=NOW)
    with pytest.raises(ApprovalVoid):
        decide(activity, cast.ciso)
    assert again(activity).state == ActivityState.IN_PROGRESS
    assert ApprovalRequest.objects.get().state == RequestState.VOID


def test_what_changed_beside_the_portal_is_found_by_the_hour(cast: Cast) -> None:
    activity = submitted(cast)
    request = ApprovalRequest.objects.get()
    assert request.digest == content_digest(activity_content(activity))
    Activity.objects.filter(pk=activity.pk).update(title="Something else")
    follow()
    request.refresh_from_db()
    assert (request.state, again(activity).state) == (RequestState.VOID, ActivityState.IN_PROGRESS)
