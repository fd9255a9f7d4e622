"""Forms about records: a stale edit is shown both versions, a form sent twice makes one record."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from foundation.records.models import Record, Submission
from foundation.records.services import participants_set, record_update
from foundation.testing.browser import assert_accessible
from foundation.testing.races import together

pytestmark = pytest.mark.urls("foundation.records.tests.case_pages")


@pytest.fixture
def values(cast):
    return {
        "title": "Mine",
        "owner": cast.analyst.pk,
        "unit": cast.units.payments.pk,
        "confidentiality": "restricted",
        "helpers": [cast.personnel.pk],
    }


def _hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]  # type: ignore[index]


def _rows(page: str) -> dict[str, tuple[str, str]]:
    conflict = page.partition('id="conflict"')[2].partition("</section>")[0]
    found = re.findall(r"<th [^>]*is-title[^>]*>(.*?)</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>", conflict)
    return {label: (mine, theirs) for label, mine, theirs in found}


def test_an_edit_is_saved(cast, case, sign_in, values):
    record = case(cast.analyst)
    browser = sign_in(cast.analyst)
    version = _hidden(browser.get("/cases/CAS-0001/edit/").content.decode(), "version")
    answer = browser.post("/cases/CAS-0001/edit/", {**values, "version": version})
    assert answer.headers["Location"] == "/cases/CAS-0001/"
    record.refresh_from_db()
    assert (record.title, record.version) == ("Mine", 2)


def test_a_stale_edit_is_shown_both_versions_and_can_be_saved(cast, case, sign_in, values):
    record = case(cast.analyst)
    browser = sign_in(cast.analyst)
    version = _hidden(browser.get("/cases/CAS-0001/edit/").content.decode(), "version")
    record_update(record=record, changes={"title": "Theirs <b>"}, actor=cast.ciso, version=1)
    participants_set(record=record, role="helper", users=[cast.auditor], actor=cast.ciso)

    answer = browser.post("/cases/CAS-0001/edit/", {**values, "version": version})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "CAS-0001 was changed while you wrote" in page
    assert "Celia Moreau saved another version" in page
    assert _rows(page) == {
        "Title": ("Mine", "Theirs &lt;b&gt;"),
        "Business unit": ("Payments", "Halden &amp; Vale Bank"),
        "Confidentiality": ("Restricted", "Internal"),
        "Helpers": ("Pavel Dimitrov", "Odile Brandt"),
    }
    assert 'value="Mine"' in page
    assert "Save my version over it" in page
    record.refresh_from_db()
    assert record.title == "Theirs <b>"

    answer = browser.post("/cases/CAS-0001/edit/", {**values, "version": _hidden(page, "version")})
    assert answer.status_code == 302
    record.refresh_from_db()
    assert (record.title, record.version) == ("Mine", 3)


def test_versions_that_say_the_same_are_told_so(cast, case, sign_in, values):
    record = case(cast.analyst)
    browser = sign_in(cast.analyst)
    browser.post("/cases/CAS-0001/edit/", {**values, "version": 1})
    page = browser.post("/cases/CAS-0001/edit/", {**values, "version": 1}).content.decode()
    assert "Both versions say the same" in page
    assert record.pk


@pytest.mark.parametrize("version", ["", "x", "-5", "999999999999999999999", None])
def test_a_form_without_its_version_counts_as_stale(cast, case, sign_in, values, version):
    case(cast.analyst)
    sent = {**values, "version": version} if version is not None else values
    answer = sign_in(cast.analyst).post("/cases/CAS-0001/edit/", sent)
    assert answer.status_code == 409
    assert Record.objects.get().title == "Lost laptop"


def test_what_was_typed_wrong_stays(cast, case, sign_in, values):
    case(cast.analyst)
    answer = sign_in(cast.analyst).post("/cases/CAS-0001/edit/", {**values, "unit": "", "version": 1})
    assert answer.status_code == 422
    assert 'value="Mine"' in answer.content.decode()
    assert _hidden(answer.content.decode(), "version") == "1"


def test_each_form_shown_has_its_own_key(cast, case_kind, sign_in):
    browser = sign_in(cast.ciso)
    keys = {_hidden(browser.get("/cases/new/").content.decode(), "submission") for _round in range(3)}
    assert len(keys) == 3


def test_a_form_sent_twice_makes_one_record_and_both_answers_lead_to_it(cast, case_kind, sign_in, values):
    browser = sign_in(cast.ciso)
    sent = {**values, "submission": _hidden(browser.get("/cases/new/").content.decode(), "submission")}
    answers = [browser.post("/cases/new/", sent).headers["Location"] for _round in range(2)]
    assert answers == ["/cases/CAS-0001/", "/cases/CAS-0001/"]
    assert Record.objects.count() == 1


def test_a_double_click_on_two_connections_makes_one_record(committed_cast, case_kind, sign_in):
    values = {
        "title": "Mine",
        "owner": committed_cast.ciso.pk,
        "unit": committed_cast.units.root.pk,
        "confidentiality": "internal",
        "submission": str(uuid4()),
    }
    browsers: list[Client] = [sign_in(committed_cast.ciso) for _round in range(4)]
    answers = together(
        *[
            lambda browser=browser: browser.post("/cases/new/", values).headers["Location"]
            for browser in browsers
        ]
    )
    assert answers == ["/cases/CAS-0001/"] * 4
    assert Record.objects.count() == Submission.objects.count() == 1


def test_an_invalid_form_keeps_its_key(cast, case_kind, sign_in, values):
    key = str(uuid4())
    page = sign_in(cast.ciso).post("/cases/new/", {**values, "title": "", "submission": key}).content.decode()
    assert _hidden(page, "submission") == key
    assert not Submission.objects.exists()


def test_a_used_form_with_other_content_loses_nothing(cast, case_kind, sign_in, values):
    browser = sign_in(cast.ciso)
    sent = {**values, "submission": str(uuid4())}
    browser.post("/cases/new/", sent)
    answer = browser.post("/cases/new/", {**sent, "title": "A second one"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'href="/cases/CAS-0001/"' in page
    assert 'value="A second one"' in page
    again = {**sent, "title": "A second one", "submission": _hidden(page, "submission")}
    assert browser.post("/cases/new/", again).headers["Location"] == "/cases/CAS-0002/"


@pytest.mark.parametrize("key", ["", "nonsense", None])
def test_a_form_without_its_key_makes_a_record(cast, case_kind, sign_in, values, key):
    sent = {**values, "submission": key} if key is not None else values
    assert sign_in(cast.ciso).post("/cases/new/", sent).status_code == 302
    assert Record.objects.count() == 1


WINDOWS = [
    pytest.param(marks=pytest.mark.browser(), id="wide"),
    pytest.param(marks=pytest.mark.browser(narrow=True, dark=True), id="narrow and dark"),
    pytest.param(marks=pytest.mark.browser(scripts=False), id="without scripts"),
]


@pytest.fixture
def conflict_page(browser_page, browser_problems, browser_sign_in, cast, case):
    """Let somebody else save a case that is being edited in the browser, and send the form."""
    browser_problems.allow("409 (Conflict)")
    record = case(cast.analyst)
    browser_sign_in(cast.analyst)
    browser_page.goto("/cases/CAS-0001/edit/")
    record_update(record=record, changes={"title": "Theirs"}, actor=cast.ciso, version=1)
    browser_page.get_by_label("Title").fill("Mine")
    browser_page.get_by_role("button", name="Save").click()
    return browser_page


@pytest.mark.parametrize((), WINDOWS)
def test_a_conflict_in_the_browser(conflict_page, request):
    conflict_page.get_by_role("heading", name="CAS-0001 was changed while you wrote").wait_for()
    if "without" not in request.node.name:
        assert_accessible(conflict_page)
    conflict_page.get_by_role("button", name="Save my version over it").click()
    conflict_page.wait_for_url("**/cases/CAS-0001/")
    assert Record.objects.get().title == "Mine"
