"""The pages of exceptions: the list, an exception, the tab on a document, the forms; and what they show of a day that has passed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from exceptions.choices import ExceptionState, RiskLevel
from exceptions.models import PolicyException
from exceptions.selectors import exceptions_counted
from exceptions.tests.factories import END, NOW, decide, exception_make, granted, step, submitted
from foundation import clock
from foundation.accounts.models import User
from foundation.testing.cast import Cast
from foundation.testing.forms import filled, send
from foundation.testing.queries import assert_queries
from policies.tests.factories import document_make, published

pytestmark = pytest.mark.django_db
MIDNIGHT = datetime(2027, 5, 31, 23, 0, tzinfo=UTC)  # after the last day, in Lisbon


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    set_now(monkeypatch, NOW)


def set_now(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def browser_of(person: object) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def page_of(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_list_names_what_is_open(cast: Cast) -> None:
    document = published(cast)
    granted(cast, document=document)
    submitted(cast, document=document, title="Doors without locks", risk=RiskLevel.HIGH)
    step(exception_make(cast, document=document, title="Given up"), "withdraw", cast.unit_lead, comment="No")
    browser = browser_of(cast.auditor)
    browser.get("/exceptions/")
    with assert_queries("exception-list"):
        page = page_of(browser, "/exceptions/")
    assert "Gates without keys" in page
    assert "Doors without locks" in page
    assert "Given up" not in page
    assert "Door policy" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=in_force", {"Gates"}),
        ("state=in_review", {"Locks"}),
        ("state=expired", set()),
        ("state=all", {"Gates", "Locks", "Bells"}),
        ("risk=high", {"Locks"}),
        ("q=locks", {"Locks"}),
        ("document=DOC-0001", {"Gates", "Locks", "Bells"}),
        ("document=DOC-0002", set()),
        ("mine=on", {"Bells"}),
        ("ends_until=2026-12-31", set()),
    ],
)
def test_the_list_is_narrowed(cast: Cast, query: str, shown: set[str]) -> None:
    document = published(cast)
    granted(cast, document=document, title="Gates")
    submitted(cast, document=document, title="Locks", risk=RiskLevel.HIGH)
    exception_make(cast, document=document, title="Bells", owner=cast.analyst)
    page = page_of(browser_of(cast.analyst), f"/exceptions/?{query}")
    assert {title for title in ("Gates", "Locks", "Bells") if f">{title}<" in page} == shown


def test_from_midnight_on_it_shows_as_expired_although_nobody_wrote_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    exception = granted(cast)
    places = (
        "/exceptions/?state=expired",
        f"{exception.document.get_absolute_url()}exceptions/",
        "/search/?q=gates",
    )
    set_now(monkeypatch, MIDNIGHT - timedelta(minutes=1))
    assert "It expired on" not in page_of(browser_of(cast.ciso), exception.get_absolute_url())
    set_now(monkeypatch, MIDNIGHT)
    browser = browser_of(cast.ciso)
    assert PolicyException.objects.get().state == ExceptionState.GRANTED
    page = page_of(browser, exception.get_absolute_url())
    assert "It expired on" in page
    assert "/steps/revoke/" not in page
    for place in places:
        page = page_of(browser, place)
        assert "without keys" in page
        assert 'tone-dot"></span>Expired</span>' in page, place
    assert "Gates without keys" not in page_of(browser, "/exceptions/?state=in_force")
    answer = browser.post(f"{exception.get_absolute_url()}steps/revoke/", {"comment": "Late"})
    assert answer.status_code == 422
    assert PolicyException.objects.get().state == ExceptionState.GRANTED


def test_the_page_says_what_was_asked_and_who_decides(cast: Cast) -> None:
    exception = submitted(cast)
    browser = browser_of(cast.unit_lead)
    browser.get(exception.get_absolute_url())
    with assert_queries("exception-detail"):
        page = page_of(browser, exception.get_absolute_url())
    for words in ("The locks are on their way.", "A guard stands at each gate.", "Rules", "What was asked"):
        assert words in page
    assert "Door policy" in page
    assert exception.document.get_absolute_url() not in page, "who may not read it is not led there"


def test_its_history_costs_no_more(cast: Cast) -> None:
    exception = granted(cast)
    browser = browser_of(cast.auditor)
    browser.get(exception.get_tab_url("history"))
    with assert_queries("exception-tab"):
        page = page_of(browser, exception.get_tab_url("history"))
    assert "granted the exception" in page


def test_a_document_shows_the_exceptions_from_it(cast: Cast) -> None:
    exception = granted(cast)
    step(granted(cast, document=exception.document, title="Old gates"), "revoke", cast.ciso, comment="Over")
    url = f"{exception.document.get_absolute_url()}exceptions/"
    browser = browser_of(cast.auditor)
    browser.get(url)
    with assert_queries("document-tab-exceptions"):
        page = page_of(browser, url)
    assert page.index("Gates without keys") < page.index("Old gates")
    assert "Ask for an exception" not in page, "the auditor does not ask"
    assert "Ask for an exception" in page_of(browser_of(cast.analyst), url)


def test_the_tab_counts_by_the_day_also_while_no_worker_runs(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    exception = granted(cast)
    assert exceptions_counted(exception.document, User.objects.get(pk=cast.ciso.pk)).count() == 1
    set_now(monkeypatch, MIDNIGHT)
    assert PolicyException.objects.get().state == ExceptionState.GRANTED, "nobody has written it down"
    assert exceptions_counted(exception.document, User.objects.get(pk=cast.ciso.pk)).count() == 0


def test_the_tab_shows_what_its_reader_may_know_of_alone(cast: Cast) -> None:
    exception = granted(cast, confidentiality="restricted")
    url = f"{exception.document.get_absolute_url()}exceptions/"
    assert "Gates without keys" not in page_of(browser_of(cast.auditor), url)
    assert "Gates without keys" in page_of(browser_of(cast.ciso), url)


def test_other_records_have_no_such_tab(cast: Cast) -> None:
    exception = exception_make(cast)
    browser = browser_of(cast.ciso)
    assert browser.get(f"{exception.get_absolute_url()}exceptions/").status_code == 404


def suggested(browser: Client, text: str) -> set[str]:
    answer = browser.get("/exceptions/documents/", {"q": text})
    assert answer.status_code == 200
    return {one["name"] for one in answer.json()["items"]}


def test_one_asks_from_a_document_that_one_may_read(cast: Cast) -> None:
    document = published(cast)
    hidden = published(cast, title="Vault policy", confidentiality="restricted", owner=cast.executive)
    document_make(cast, title="Not in force")
    browser = browser_of(cast.analyst)
    assert suggested(browser, "doo pol") == {"DOC-0001 Door policy"}
    assert suggested(browser, "doc") == {"DOC-0001 Door policy"}
    assert suggested(browser, "force") == suggested(browser, "vault") == suggested(browser, "\0 ") == set()
    assert suggested(browser_of(cast.ciso), "vault") == {f"{hidden.reference} Vault policy"}
    asked_for = f"/exceptions/from/{document.reference}/new/"
    for written in ("DOC-0001 Door policy", "doc-0001", "door policy", "Doo"):
        assert send(browser, "/exceptions/new/", other=written)["Location"] == asked_for
    for unknown in (hidden.reference, "Not in force", "keys"):
        answer = send(browser, "/exceptions/new/", other=unknown)
        assert answer.status_code == 422
        assert "No document in force that you may read" in answer.content.decode()


def test_of_several_documents_one_is_meant_by_its_reference_or_its_whole_title(cast: Cast) -> None:
    published(cast)
    published(cast, title="Door policy of the vault")
    browser = browser_of(cast.analyst)
    answer = send(browser, "/exceptions/new/", other="policy door")
    assert answer.status_code == 422
    assert "DOC-0002 Door policy of the vault" in answer.content.decode()
    assert (
        send(browser, "/exceptions/new/", other="Door Policy")["Location"] == "/exceptions/from/DOC-0001/new/"
    )


def test_of_many_documents_some_are_offered_and_all_are_found(cast: Cast) -> None:
    for letter in "abcdefghijkl":
        published(cast, title=f"Gate policy {letter}")
    browser = browser_of(cast.analyst)
    assert len(suggested(browser, "gate")) == 8
    assert "Gate policy" not in page_of(browser, "/exceptions/new/")
    with assert_queries("exception-documents"):
        assert suggested(browser, "gate l") == {"DOC-0012 Gate policy l"}


def test_what_stands_in_the_library_may_be_asked_for_by_who_reads_it_there(cast: Cast) -> None:
    document = published(cast)
    elsewhere = published(cast, title="Branch policy", audience=[cast.units.retail.pk])
    browser = browser_of(cast.personnel)
    assert suggested(browser, "policy") == {"DOC-0001 Door policy"}
    assert browser.get(f"/exceptions/from/{elsewhere.reference}/new/").status_code == 404
    path = f"/exceptions/from/{document.reference}/new/"
    said = asked(cast, unit=cast.units.cards.pk, owner=cast.personnel.pk)
    assert send(browser, path, **said).status_code == 302
    exception = PolicyException.objects.get()
    assert browser.get(exception.get_absolute_url()).status_code == 200
    assert browser.post(f"{exception.get_absolute_url()}steps/submit/", {"comment": ""}).status_code == 302


def asked(cast: Cast, **said: Any) -> dict[str, Any]:
    return {
        "title": "Gates without keys",
        "unit": cast.units.payments.pk,
        "owner": cast.unit_lead.pk,
        "section": "section-rules",
        "reason": "Late locks",
        "compensation": "A guard",
        "risk": "low",
        "risk_words": "Little",
        "starts_on": "2026-12-01",
        "expires_on": "2027-03-01",
        **said,
    }


def test_it_is_asked_for_once_however_often_the_form_is_sent(cast: Cast) -> None:
    document = published(cast)
    browser = browser_of(cast.analyst)
    path = f"/exceptions/from/{document.reference}/new/"
    form = filled(browser, path, **asked(cast))
    first, second = browser.post(path, form), browser.post(path, form)
    assert first["Location"] == second["Location"]
    exception = PolicyException.objects.get()
    assert (exception.section_title, exception.created_by, exception.owner) == (
        "Rules",
        cast.analyst,
        cast.unit_lead,
    )
    assert "submit it for a decision" in page_of(browser, first["Location"])


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"expires_on": ""}, "expires_on"),
        ({"expires_on": "2027-12-31"}, "expires_on"),
        ({"expires_on": "2026-11-30"}, "expires_on"),
        ({"expires_on": "soon"}, "expires_on"),
        ({"reason": " "}, "reason"),
        ({"compensation": ""}, "compensation"),
        ({"risk": "none"}, "risk"),
        ({"section": "section-nowhere"}, "section"),
        ({"unit": "999999"}, "unit"),
        ({"reason": "x" * 4001}, "reason"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    cast: Cast, typed: dict[str, Any], field: str
) -> None:
    document = published(cast)
    answer = send(
        browser_of(cast.analyst), f"/exceptions/from/{document.reference}/new/", **asked(cast, **typed)
    )
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Little" in answer.content.decode()
    assert not PolicyException.objects.exists()


def test_a_stale_edit_is_shown_beside_what_was_typed(cast: Cast) -> None:
    exception = exception_make(cast, actor=cast.analyst)
    browser = browser_of(cast.analyst)
    path = f"{exception.get_absolute_url()}edit/"
    mine = filled(browser, path, reason="Mine")
    assert send(browser, path, reason="Theirs").status_code == 302
    answer = browser.post(path, mine)
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()


def test_a_renewal_starts_from_what_was_said_before(cast: Cast) -> None:
    exception = granted(cast, actor=cast.ciso, owner=cast.ciso)
    browser = browser_of(cast.ciso)
    path = f"{exception.get_absolute_url()}renew/"
    form = filled(browser, path)
    assert (form["reason"], form["starts_on"]) == ("The locks are on their way.", date(2027, 6, 1))
    answer = send(browser, path, expires_on="2027-12-01")
    renewal = PolicyException.objects.get(renews=exception)
    assert answer["Location"] == renewal.get_absolute_url()
    page = page_of(browser, exception.get_absolute_url())
    assert renewal.reference in page
    assert "/renew/" not in page
    again = send(browser, path, expires_on="2027-12-01")
    assert again.status_code == 422
    assert f"{renewal.reference} renews it already" in again.content.decode()


def test_the_owner_of_the_document_decides_in_the_queue(cast: Cast) -> None:
    exception = submitted(cast, risk=RiskLevel.CRITICAL)
    page = page_of(browser_of(cast.analyst), "/approvals/")
    assert exception.title in page
    assert exception.title not in page_of(browser_of(cast.ciso), "/approvals/")
    decide(exception, cast.analyst)
    assert exception.title in page_of(browser_of(cast.ciso), "/approvals/")


def test_after_the_last_day_the_page_offers_all_but_to_grant_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, sign_in: Callable[[User], Client]
) -> None:
    request = submitted(cast).approval_requests.get()
    assert 'value="approve"' in page_of(sign_in(cast.analyst), request.get_absolute_url())
    set_now(monkeypatch, MIDNIGHT)
    page = page_of(sign_in(cast.analyst), request.get_absolute_url())
    assert "Its last day, 31 May 2027, is over" in page
    assert 'value="approve"' not in page
    assert 'value="reject"' in page


def test_the_file_tells_the_state_of_the_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    granted(cast)
    set_now(monkeypatch, MIDNIGHT)
    answer = browser_of(cast.analyst).get("/exceptions/?state=all&export=csv")
    text = answer.getvalue().decode()
    assert "Expired" in text
    assert "A guard stands at each gate." in text
    assert str(END) in text
    assert date(2027, 5, 31) == END
