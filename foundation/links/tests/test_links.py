"""Links between records: on both pages, once, for those alone who may see both."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client

from audits.models import Audit
from audits.tests.factories import NOW, audit_make, programme_make
from foundation.accounts.models import User
from foundation.links.models import Link
from foundation.links.relations import direction_of, directions
from foundation.links.selectors import links_of, links_visible, record_written, records_to_link
from foundation.links.services import link_add, link_remove
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.testing.races import together
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def link(record: Record, other: Record, actor: User, relation: str = "follows") -> Link:
    direction = direction_of(relation)
    assert direction
    return link_add(record=record, other=other, direction=direction, actor=actor, now=NOW)


def seen(record: Record, reader: User) -> list[str]:
    return [f"{line.words} {line.other.reference}" for line in links_of(record, reader)]


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_make(cast)


@pytest.fixture
def other(cast: Cast, audit: Audit) -> Audit:
    return audit_make(cast, title="Card data audit")


@pytest.fixture
def secret(cast: Cast, audit: Audit) -> Audit:
    return audit_make(cast, title="Card fraud", confidentiality=Confidentiality.RESTRICTED)


def test_a_link_is_read_from_both_sides(cast: Cast, audit: Audit, other: Audit) -> None:
    link(audit, other, cast.analyst)
    link(audit, programme_make(cast), cast.analyst, "~evidences")
    link(other, audit, cast.analyst, "relates")
    assert seen(audit, cast.ciso) == ["follows from AUD-0002", "is proved by PRG-0001", "relates to AUD-0002"]
    assert seen(other, cast.ciso) == ["leads to AUD-0001", "relates to AUD-0001"]


def test_what_the_reader_may_not_see_is_neither_shown_nor_counted(
    cast: Cast, sign_in: SignIn, audit: Audit, other: Audit, secret: Audit
) -> None:
    link(audit, secret, cast.analyst)
    link(audit, other, cast.analyst)
    assert (links_visible(audit, cast.ciso).count(), links_visible(audit, cast.unit_lead).count()) == (2, 1)
    for reader, sees in ((cast.ciso, True), (cast.auditor, True), (cast.unit_lead, False)):
        client = sign_in(reader)
        pages = [
            client.get(f"/audits/{audit.reference}/{tab}").content.decode()
            for tab in ("links/", "", "activity/", "history/")
        ]
        assert ("Card fraud" in pages[0]) == sees
        assert all(('tab-count">2<' in page) == sees for page in pages)
        assert not any("Card fraud" in page or secret.reference in page for page in pages[1:])
        assert not sees or secret.reference in pages[0]
    trail = sign_in(cast.ciso).get("/trail/?q=Card+fraud").content.decode()
    assert "linked it" not in trail or secret.reference in trail


def test_the_trail_tells_both_sides_by_number_and_names_neither(
    cast: Cast, audit: Audit, secret: Audit
) -> None:
    made = link(audit, secret, cast.analyst)
    link_remove(link=made, actor=cast.ciso, now=NOW)
    link_remove(link=made, actor=cast.ciso, now=NOW)
    entries = list(Entry.objects.filter(action__startswith="links.link.").order_by("pk"))
    assert [(entry.action, entry.record_id) for entry in entries] == [
        ("links.link.added", audit.pk),
        ("links.link.added", secret.pk),
        ("links.link.removed", audit.pk),
        ("links.link.removed", secret.pk),
    ]
    assert entries[0].after == {"link": made.pk, "relation": "follows"}
    assert entries[3].before == {"link": made.pk, "relation": "~follows"}
    assert secret.reference not in f"{entries[0].subject} {entries[0].after} {entries[0].comment}"


@pytest.mark.parametrize("again", ["follows", "~follows"])
def test_a_link_is_there_once_in_whichever_direction(
    cast: Cast, audit: Audit, other: Audit, again: str
) -> None:
    made = link(audit, other, cast.analyst)
    with pytest.raises(ValidationError, match="AUD-0001 is linked so already"):
        link(other, audit, cast.ciso, again)
    link(other, audit, cast.ciso, "duplicates")
    link_remove(link=made, actor=cast.ciso, now=NOW)
    link(other, audit, cast.ciso, again)
    assert Entry.objects.filter(action="links.link.added").count() == 6


def test_nothing_is_linked_with_itself(cast: Cast, audit: Audit) -> None:
    with pytest.raises(ValidationError, match="itself"):
        link(audit, audit, cast.analyst)
    with pytest.raises(IntegrityError, match="link_not_to_itself"):
        Link.objects.create(
            source=audit.record_ptr,
            target=audit.record_ptr,
            relation="x",
            created_by=cast.ciso,
            created_at=NOW,
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_link_at_once_one_does(committed_cast: Cast) -> None:
    one, two = audit_make(committed_cast), audit_make(committed_cast)

    def add(record: Record, other: Record) -> str:
        try:
            link(record, other, committed_cast.analyst, "relates")
        except ValidationError:
            return "told"
        return "linked"

    assert sorted(together(lambda: add(one, two), lambda: add(two, one))) == ["linked", "told"]
    assert Link.objects.count() == 1


def test_what_is_mutual_is_offered_once() -> None:
    keys = [direction.key for direction in directions()]
    assert "relates" in keys
    assert "~relates" not in keys
    assert {"follows", "~follows"} <= set(keys)


@pytest.mark.parametrize("text", ["AUD-0002", " aud2 ", "aud-2 Card data", "Aud 0002"])
def test_references_are_read_as_people_write_them(cast: Cast, other: Audit, text: str) -> None:
    found = record_written(text, cast.ciso)
    assert found
    assert found.pk == other.pk


@pytest.mark.parametrize("text", ["", "AUD", "AUD-0000", "0002", "AUD-99999999999", "' OR 1=1", "AUD-0002x"])
def test_anything_else_is_no_reference(cast: Cast, other: Audit, text: str) -> None:
    assert record_written(text, cast.ciso) is None


def test_suggestions_are_what_the_reader_may_see(
    cast: Cast, audit: Audit, other: Audit, secret: Audit
) -> None:
    def found(text: str, reader: User) -> list[str]:
        return [one.written for one in records_to_link(text, record=audit, user=reader)]

    assert found("card", cast.ciso) == [secret.reference, other.reference]
    assert found("card", cast.unit_lead) == [other.reference]
    assert found("AUD-0002", cast.ciso) == [other.reference]
    assert found("data car", cast.ciso) == [other.reference]
    assert found("review", cast.ciso) == [], "not the record itself"
    for text in ("", "%", "'", "\\", "&|!:*()", "\x00", "<script>", "x" * 5_000, "карта 😀"):
        assert found(text, cast.ciso) == []


def test_it_works_by_form(cast: Cast, sign_in: SignIn, audit: Audit, other: Audit, secret: Audit) -> None:
    client = sign_in(cast.analyst)
    url = f"/links/{audit.reference}/add/"
    answer = client.post(url, {"relation": "~follows", "other": "aud-2"})
    assert answer.headers["Location"] == "/audits/AUD-0001/links/"
    with assert_queries("links"):
        html = client.get("/audits/AUD-0001/links/").content.decode()
    assert "leads to" in html
    for data, told in (
        ({"relation": "~follows", "other": "AUD-0002"}, "AUD-0002 is linked so already."),
        ({"relation": "relates", "other": "AUD-0001"}, "A record is not linked with itself."),
        ({"relation": "relates", "other": "AUD-9999"}, "There is no record of this reference"),
        ({"relation": "nonsense", "other": "AUD-0002"}, "Select a valid choice"),
        ({"relation": "relates", "other": "<b>" * 200}, "at most 300 characters"),
        ({"relation": "relates", "other": "nul \x00"}, "Null characters"),
        ({}, "This field is required."),
    ):
        refused = client.post(url, data)
        assert refused.status_code == 422
        assert told in refused.content.decode()
    made = Link.objects.get()
    remove = f"/links/AUD-0001/{made.pk}/remove/"
    assert "AUD-0001 and AUD-0002" in client.get(remove).content.decode()
    assert client.post(remove).status_code == 302
    assert client.post(remove).status_code == 404
    assert "leads to" not in client.get("/audits/AUD-0002/links/").content.decode().split("<form")[0]


def test_what_is_hidden_is_as_unknown_as_what_does_not_exist(
    cast: Cast, sign_in: SignIn, audit: Audit, secret: Audit
) -> None:
    audit_of_lead = audit_make(cast, owner=cast.unit_lead)
    client = sign_in(cast.unit_lead)
    url = f"/links/{audit_of_lead.reference}/add/"
    answers = [
        client.post(url, {"relation": "relates", "other": reference})
        for reference in (secret.reference, "AUD-9999")
    ]
    pages = [
        answer.content.decode()
        .replace(secret.reference, "AUD-9999")
        .partition("<main")[2]
        .partition("</main")[0]
        for answer in answers
    ]
    strip = [page.partition("csrfmiddlewaretoken")[0] for page in pages]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert strip[0] == strip[1]
    made = link(audit, secret, cast.ciso)
    for path in (f"/links/{audit.reference}/{made.pk}/remove/", f"/links/{secret.reference}/add/"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
    assert client.post(f"/links/{audit_of_lead.reference}/{made.pk}/remove/").status_code == 404


def test_another_records_link_is_not_found_here(
    cast: Cast, sign_in: SignIn, audit: Audit, other: Audit
) -> None:
    made = link(audit, other, cast.ciso)
    third = audit_make(cast)
    assert sign_in(cast.ciso).post(f"/links/{third.reference}/{made.pk}/remove/").status_code == 404
