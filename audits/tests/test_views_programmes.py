"""Programmes: the list, the page with the year's audits, and the forms."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from audits.models import Programme
from audits.services import programme_change
from audits.tests.factories import NOW, audit_make, programme_make
from audits.tests.urls.programmes import programme_data
from foundation.accounts.models import User
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]
LIST = "/audits/programmes/"
NEW = f"{LIST}new/"


def html_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_works(cast: Cast, sign_in: SignIn) -> None:
    programme = programme_make(cast)
    audit_make(cast, programme=programme)
    cancelled = audit_make(cast, programme=programme)
    apply_transition(record=cancelled, name="cancel", actor=cast.ciso, now=NOW, comment="No budget")
    response = sign_in(cast.ciso).get(LIST)
    html = response.content.decode()
    for text in ("PRG-0001", "Audit programme 2027", "Draft", "Celia Moreau", "Draft a programme"):
        assert text in html
    row = sign_in(cast.ciso).get(f"{LIST}?export=csv")
    last = b"".join(row.streaming_content).decode("utf-8-sig").splitlines()[-1]  # type: ignore[attr-defined]
    assert last.endswith('"2","1"'), "two audits, one of them open"


def test_the_list_checks_visibility(cast: Cast, sign_in: SignIn) -> None:
    programme_make(cast, unit=cast.units.retail)
    programme_make(cast, confidentiality=Confidentiality.RESTRICTED, title="Hidden matters")
    assert "PRG-0001" not in html_of(sign_in(cast.unit_lead), LIST)
    assert "Hidden matters" not in html_of(sign_in(cast.auditor), LIST)
    assert "Hidden matters" in html_of(sign_in(cast.ciso), LIST)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?year=2027", True),
        ("?year=2026", False),
        ("?state=draft", True),
        ("?state=approved", False),
        ("?q=PROGRAMME", True),
        ("?q=prg-0001", True),
        ("?q=%25", False),
        ("?sort=-title", True),
    ],
)
def test_the_list_is_filtered_by_the_url(cast: Cast, sign_in: SignIn, query: str, found: bool) -> None:
    programme_make(cast)
    assert ('href="/audits/programmes/PRG-0001/"' in html_of(sign_in(cast.ciso), LIST + query)) == found


@pytest.mark.parametrize(
    "query",
    ["?year=x", "?year=99999999999999999999", "?year=0", "?unit=x", "?state=%00", "?sort=x", "?page=x"],
)
def test_bad_input_is_told(cast: Cast, sign_in: SignIn, query: str) -> None:
    programme_make(cast)
    response = sign_in(cast.ciso).get(LIST + query)
    assert response.status_code == 200
    assert response.context["notices"]


def test_the_page_shows_the_audits_that_its_reader_may_know_of(cast: Cast, sign_in: SignIn) -> None:
    programme = programme_make(cast)
    audit_make(cast, programme=programme, title="Open to see")
    audit_make(
        cast,
        programme=programme,
        title="Hidden one",
        owner=cast.ciso,
        confidentiality=Confidentiality.RESTRICTED,
    )
    url = programme.get_absolute_url()
    ciso, unit_lead = html_of(sign_in(cast.ciso), url), html_of(sign_in(cast.unit_lead), url)
    assert "Open to see" in ciso
    assert "Hidden one" in ciso
    assert "Every critical service is audited once." in ciso
    assert "Open to see" in unit_lead
    assert "Hidden one" not in unit_lead
    assert "Plan an audit" not in unit_lead
    assert sign_in(cast.personnel).get(url).status_code == 404


def test_the_page_says_where_approval_stands(cast: Cast, sign_in: SignIn) -> None:
    programme = programme_make(cast)
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    html = html_of(sign_in(cast.ciso), programme.get_absolute_url())
    assert "/approvals/" in html
    assert "asked for by Anders Falk" in html
    assert "/edit/" not in html


def test_a_request_for_approval_does_not_tell_of_restricted_audits(cast: Cast, sign_in: SignIn) -> None:
    programme = programme_make(cast)
    hidden = audit_make(
        cast,
        programme=programme,
        title="Hidden one",
        owner=cast.ciso,
        confidentiality=Confidentiality.RESTRICTED,
    )
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    request = programme.approval_requests.get()
    assert "Hidden one" not in str(request.content)
    assert hidden.reference not in str(request.content), "nobody else may even know of it"


def test_a_programme_is_drafted_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.analyst)
    assert "2027" in html_of(client, NEW), "next year is proposed"
    data = dict(programme_data(cast))
    first, second = client.post(NEW, data), client.post(NEW, data)
    assert first["Location"] == second["Location"] == "/audits/programmes/PRG-0001/"
    programme = Programme.objects.get()
    assert (programme.year, programme.drafted_by, programme.state) == (2028, cast.analyst, "draft")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "\x00"}, "title"),
        ({"year": "1999"}, "year"),
        ({"year": "2101"}, "year"),
        ({"year": "next"}, "year"),
        ({"year": "9" * 50}, "year"),
        ({"unit": "0"}, "unit"),
        ({"owner": "x"}, "owner"),
        ({"confidentiality": "open"}, "confidentiality"),
        ({"objectives": "x" * 10_001}, "objectives"),
    ],
)
def test_what_can_not_be_is_told_beside_its_field(
    cast: Cast, sign_in: SignIn, changes: dict[str, Any], field: str
) -> None:
    response = sign_in(cast.ciso).post(NEW, {**programme_data(cast), "objectives": "Kept", **changes})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Programme.objects.exists()


def test_requires_right(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.auditor).post(NEW, programme_data(cast)).status_code == 403
    programme = programme_make(cast)
    url = f"{programme.get_absolute_url()}edit/"
    assert sign_in(cast.auditor).post(url, programme_data(cast)).status_code == 403
    assert sign_in(cast.personnel).get(url).status_code == 404


def test_who_changes_a_draft_has_drafted_it(cast: Cast, sign_in: SignIn) -> None:
    programme = programme_make(cast)
    url = f"{programme.get_absolute_url()}edit/"
    assert "Every critical service" in html_of(sign_in(cast.ciso), url)
    assert sign_in(cast.ciso).post(url, programme_data(cast)).status_code == 302
    programme.refresh_from_db()
    assert (programme.year, programme.drafted_by) == (2028, cast.ciso)


def test_a_stale_edit_is_told(cast: Cast, sign_in: SignIn) -> None:
    programme = programme_make(cast)
    programme_change(
        programme=programme, changes={"title": "Theirs"}, actor=cast.ciso, now=NOW, version=programme.version
    )
    response = sign_in(cast.analyst).post(f"{programme.get_absolute_url()}edit/", programme_data(cast))
    assert response.status_code == 409
    assert "Theirs" in response.content.decode()


@pytest.mark.parametrize("state", ["in_review", "approved", "closed"])
def test_what_is_no_draft_is_not_changed(cast: Cast, sign_in: SignIn, state: str) -> None:
    programme = programme_make(cast)
    Programme.objects.filter(pk=programme.pk).update(state=state)
    client = sign_in(cast.ciso)
    url = f"{programme.get_absolute_url()}edit/"
    response = client.get(url)
    assert response.status_code == 403
    said = "withdraw the request first" if state == "in_review" else "take “Revise” first"
    assert said in response.content.decode()
    response = client.post(url, {**programme_data(cast), "title": "Typed for an hour"})
    assert response.status_code == 422
    assert said in " ".join(response.context["form"].non_field_errors())
    assert "Typed for an hour" in response.content.decode()
    assert not Entry.objects.filter(action="audits.programme.changed").exists()


def test_a_change_of_its_audits_voids_the_request(cast: Cast) -> None:
    programme = programme_make(cast)
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    programme.refresh_from_db()
    audit_make(cast, programme=programme)
    programme.refresh_from_db()
    assert programme.state == "draft"


def test_query_count(cast: Cast, sign_in: SignIn) -> None:
    programme = programme_make(cast)
    for number in range(3):
        audit_make(cast, programme=programme, starts_on=date(2027, 3, 1 + number))
    client = sign_in(cast.analyst)
    client.get(LIST)
    with assert_queries("programme-list"):
        client.get(LIST)
    client.get(programme.get_absolute_url())
    with assert_queries("programme-detail"):
        client.get(programme.get_absolute_url())
