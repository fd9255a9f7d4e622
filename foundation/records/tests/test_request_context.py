"""What is written in a request says from where it came."""

import pghistory.models
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from foundation.accounts.models import User
from foundation.accounts.tests.factories import UserFactory
from foundation.trail.context import Origin, acting_from, current_origin
from foundation.trail.middleware import HistoryContextMiddleware, TrailContextMiddleware, client_address
from foundation.trail.models import Entry
from foundation.trail.services import entry_write

TOKEN = "q7dD3xP0aYv4mZl8wKs2bTnR6cGhJ1uE"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("", None),
        ("unix:", None),
        ("1.2.3.4:80", None),
    ],
)
def test_addresses(address, kept):
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=address)) == kept


def test_outside_a_request_nothing_is_known():
    assert current_origin() == Origin(None, "")
    with acting_from(Origin("192.0.2.1", "a")), acting_from(Origin("192.0.2.2", "b")):
        assert current_origin().ip_address == "192.0.2.2"
    assert current_origin() == Origin(None, "")


def test_entries_and_events_of_a_request_belong_together(db):
    user = UserFactory.create()

    def view(request: HttpRequest) -> HttpResponse:
        entry_write(action="tests.thing.done", actor=user)
        User.objects.filter(pk=user.pk).update(job_title="Clerk")
        return HttpResponse()

    request = RequestFactory().post(f"/links/{TOKEN}/open/", REMOTE_ADDR="192.0.2.7")
    request.user = user
    TrailContextMiddleware(HistoryContextMiddleware(view))(request)
    entry = Entry.objects.get()
    context = pghistory.models.Context.objects.get()
    assert entry.ip_address == "192.0.2.7"
    assert context.metadata == {"user": user.pk, "url": "/links/…/open/", "request_id": entry.request_id}
    assert len(entry.request_id) == 36
