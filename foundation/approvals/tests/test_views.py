"""The queue of decisions, and the page on which one decides."""

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import Programme
from audits.tests.factories import NOW, programme_make
from foundation.accounts.models import User
from foundation.approvals.models import ApprovalRequest
from foundation.lifecycle.services import apply_transition
from foundation.notifications.models import Notice
from foundation.search.selectors import recent_records
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.testing.sign_in import client_of

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery-staple"


@pytest.fixture
def asked(cast: Cast) -> ApprovalRequest:
    """Submit a programme for approval."""
    programme = programme_make(cast)
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    return ApprovalRequest.objects.get(record_id=programme.pk)


def sign_in_with_password(client: Client, user: User) -> None:
    """Sign in and give the password a person can confirm with."""
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)


def decide(client: Client, asked: ApprovalRequest, verdict: str, comment: str = "") -> str:
    """Decide in the browser's way: be asked for the password, give it, and land where the decision leads."""
    url = reverse("approvals:request-decide", args=[asked.pk])
    client.get(asked.get_absolute_url())
    data = {"verdict": verdict, "digest": asked.digest, "comment": comment}
    first = client.post(url, data)
    assert first.status_code == 302
    assert first.headers["Location"].startswith(reverse("account_reauthenticate"))
    answer = client.post(first.headers["Location"], {"password": PASSWORD}, follow=True)
    return answer.content.decode()


def test_the_queue_shows_what_i_may_decide(client: Client, cast: Cast, asked: ApprovalRequest) -> None:
    client.force_login(cast.ciso)
    with assert_queries("approvals.list"):
        page = client.get(reverse("approvals:request-list")).content.decode()
    assert asked.record.title in page
    client.force_login(cast.analyst)
    assert asked.record.title not in client.get(reverse("approvals:request-list")).content.decode()


def test_the_page_shows_exactly_what_is_approved(client: Client, cast: Cast, asked: ApprovalRequest) -> None:
    client.force_login(cast.ciso)
    url = reverse("approvals:request-detail", args=[asked.pk])
    with assert_queries("approvals.detail"):
        page = client.get(url).content.decode()
    assert asked.digest in page
    assert "Every critical service is audited once." in page
    client.force_login(cast.analyst)
    assert "someone else must decide it" in client.get(url).content.decode()


def test_deciding_asks_for_the_password_and_then_decides(
    client: Client, cast: Cast, asked: ApprovalRequest
) -> None:
    sign_in_with_password(client, cast.ciso)
    decide(client, asked, "approve")
    assert Programme.objects.get().state == "approved"


def test_who_sends_a_decision_unseen_is_shown_first_what_it_is_on(cast: Cast, asked: ApprovalRequest) -> None:
    browser = client_of(cast.ciso, confirmed=True)
    url = reverse("approvals:request-decide", args=[asked.pk])
    data = {"verdict": "approve", "digest": asked.digest, "comment": ""}
    answer = browser.post(url, data)
    assert answer.status_code == 409
    assert "you have not seen it yet" in answer.content.decode()
    assert Programme.objects.get().state == "in_review"
    assert browser.post(url, data).status_code == 302
    assert Programme.objects.get().state == "approved"


def test_rejecting_without_a_reason_is_told(client: Client, cast: Cast, asked: ApprovalRequest) -> None:
    sign_in_with_password(client, cast.ciso)
    assert "Say why you reject it." in decide(client, asked, "reject")
    assert Programme.objects.get().state == "in_review"


def test_bad_values_decide_nothing(client: Client, cast: Cast, asked: ApprovalRequest) -> None:
    sign_in_with_password(client, cast.ciso)
    decide(client, asked, "perhaps")
    asked.refresh_from_db()
    assert asked.is_open


def test_the_requester_withdraws(client: Client, cast: Cast, asked: ApprovalRequest) -> None:
    client.force_login(cast.analyst)
    answer = client.post(reverse("approvals:request-withdraw", args=[asked.pk]), follow=True)
    assert "withdrawn" in answer.content.decode()
    assert Programme.objects.get().state == "draft"


def test_who_opens_the_page_has_opened_the_record(client: Client, cast: Cast, asked: ApprovalRequest) -> None:
    client.force_login(cast.ciso)
    unread = Notice.objects.filter(recipient=cast.ciso, record_id=asked.record_id, read_at__isnull=True)
    assert unread.exists()
    assert client.get(reverse("approvals:request-detail", args=[asked.pk])).status_code == 200
    assert [visit.record.pk for visit in recent_records(cast.ciso, limit=5)] == [asked.record_id]
    assert not unread.exists()
    client.force_login(cast.outsider)
    assert client.get(reverse("approvals:request-detail", args=[asked.pk])).status_code == 404
    assert not recent_records(cast.outsider, limit=5)


def test_what_waits_comes_in_parts(client: Client, cast: Cast) -> None:
    for year in range(2030, 2057):
        programme = programme_make(cast, year=year, title=f"Programme {year}")
        apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    client.force_login(cast.ciso)
    url = reverse("approvals:request-list")
    page = client.get(url)
    first = page.content.decode()
    assert "Programme 2030" in first
    assert "Programme 2054" in first
    assert "Programme 2055" not in first
    after = page.context["queue"].next_after
    last = client.get(url, {"after": after}).content.decode()
    assert "Programme 2054" not in last
    assert "Programme 2055" in last
    assert "Programme 2056" in last
    assert "From the first" in last
    for wrong in ("x", "-1", "9" * 30, "²"):
        assert client.get(url, {"after": wrong}).status_code == 200
