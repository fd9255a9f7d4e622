"""The trail page: who reads what, filters, export, and the state of the seal."""

import csv
import io
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.choices import Role
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.records.choices import Confidentiality
from foundation.records.selectors import entries_visible_to, trail
from foundation.records.services import participants_set, record_update
from foundation.registry import RecordKind, TrailVerb, registry
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry
from foundation.trail.services import entry_write, seal_entries

URL = "/trail/"
BOTH = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.TRAIL_CHECKPOINT_DIR = tmp_path


def _references(user: Any) -> set[str]:
    return set(entries_visible_to(user).values_list("record_reference", flat=True))


@pytest.fixture
def records(cast, case):
    """Make an open and a secret record in payments and in retail, and an entry about no record."""
    owner = UserFactory.create(unit=cast.units.root)
    made = {
        f"{unit} {confidentiality}": case(
            owner, unit=getattr(cast.units, unit), confidentiality=confidentiality
        ).reference
        for unit in ("payments", "retail")
        for confidentiality in Confidentiality.values
    }
    entry_write(action="accounts.organisation.changed", actor=cast.administrator)
    return made


@pytest.mark.parametrize(
    ("role", "unit", "seen"),
    [
        (
            Role.CISO,
            None,
            {"payments internal", "payments restricted", "retail internal", "retail restricted", ""},
        ),
        (Role.AUDITOR, None, {"payments internal", "retail internal", ""}),
        (Role.ADMINISTRATOR, None, {"payments internal", "retail internal", ""}),
        (Role.CISO, "payments", {"payments internal", "payments restricted"}),
        (Role.AUDITOR, "payments", {"payments internal"}),
        (Role.ADMINISTRATOR, "retail", {"retail internal"}),
        (Role.AUDITOR, "cards", set()),
        (Role.SECURITY, None, set()),
        (Role.EXECUTIVE, None, set()),
        (Role.UNIT_LEAD, "payments", set()),
        (Role.PERSONNEL, None, set()),
        (None, None, set()),
    ],
)
def test_who_reads_which_entries(cast, records, role, unit, seen):
    person = UserFactory.create()
    if role:
        RoleGrantFactory.create(user=person, role=role, unit=getattr(cast.units, unit) if unit else None)
    assert _references(person) == {records.get(name, "") for name in seen}


def test_whoever_is_named_in_a_secret_record_reads_its_entries(cast, case):
    secret = case(cast.ciso, confidentiality=Confidentiality.RESTRICTED)
    assert secret.reference not in _references(cast.auditor)
    participants_set(record=secret, role="helper", users=[cast.auditor], actor=cast.ciso)
    assert secret.reference in _references(cast.auditor)
    assert secret.reference not in _references(cast.administrator)


def test_what_becomes_secret_is_hidden_backwards(cast, case):
    record = case(cast.ciso)
    assert record.reference in _references(cast.auditor)
    record_update(
        record=record, changes={"confidentiality": Confidentiality.RESTRICTED}, actor=cast.ciso, version=1
    )
    assert record.reference not in _references(cast.auditor)


def test_it_works(cast, case, sign_in):
    record = case(cast.analyst, title="Lost <b>laptop</b>")
    record_update(
        record=record, changes={"owner": cast.ciso}, actor=cast.analyst, version=1, comment="On & off"
    )
    page = sign_in(cast.ciso).get(URL).content.decode()
    assert page.index("changed it") < page.index("created it")
    assert "Owner: Anders Falk → Celia Moreau" in page
    assert "“On &amp; off”" in page
    assert "Lost &lt;b&gt;laptop&lt;/b&gt;" in page
    assert "CAS-0001" in page


def test_requires_right(cast, sign_in):
    for person in (cast.analyst, cast.executive, cast.unit_lead, cast.personnel, cast.outsider):
        answer = sign_in(person).get(URL)
        assert answer.status_code == 403
        assert "This needs the right “Read the trail of the whole organisation”" in answer.content.decode()


def test_rejects_post(cast, sign_in):
    assert sign_in(cast.ciso).post(URL).status_code == 405


def test_secret_entries_are_not_shown_nor_counted_nor_exported(cast, case, sign_in):
    case(cast.ciso, title="Hush hush", confidentiality=Confidentiality.RESTRICTED)
    browser = sign_in(cast.auditor)
    for query in ("", "?q=Hush", "?reference=CAS-0001", "?person=Celia"):
        page = browser.get(URL + query).content.decode()
        assert "Hush hush" not in page
        assert "created it" not in page
    exported = b"".join(browser.get(URL + "?export=csv")).decode()
    assert "Hush" not in exported


@pytest.fixture
def _verb(monkeypatch):
    verb = TrailVerb(action="records.case.created", sentence="opened the case")
    monkeypatch.setitem(registry._items[TrailVerb], verb.key, verb)


@pytest.mark.usefixtures("_verb")
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("q=laptop", {"Lost laptop", "Stolen laptop"}),
        ("q=LAP stol", {"Stolen laptop"}),
        ("q=cas-0002", {"Stolen laptop"}),
        ("q=falk", {"Stolen laptop"}),
        ("q='quoted'", {"It's 'quoted'"}),
        ("q=\\", set()),
        ("q=%26 | ! (", set()),
        ("person=anders", {"Stolen laptop"}),
        ("person=nobody", set()),
        ("reference=cas-0001", {"Lost laptop"}),
        ("reference=CAS-9999", set()),
        ("action=records.case.created", {"Lost laptop", "Stolen laptop", "It's 'quoted'"}),
        ("action=records.participants.changed", set()),
        ("q=laptop&person=celia", {"Lost laptop"}),
    ],
)
def test_filters(cast, case, sign_in, query, shown):
    case(cast.ciso, title="Lost laptop")
    case(cast.analyst, title="Stolen laptop")
    case(cast.ciso, title="It's 'quoted'")
    page = unescape(sign_in(cast.ciso).get(f"{URL}?{query}").content.decode())
    titles = ("Lost laptop", "Stolen laptop", "It's 'quoted'")
    assert {title for title in titles if title in page} == shown


@pytest.mark.parametrize(
    "query",
    [
        "day_from=yesterday",
        "day_until=2026-13-40",
        "action=nothing.such",
        "page=0",
        "page=99999999",
        "sort=who",
        "q=%00",
        "export=pdf",
        "day_from=0001-01-01&day_until=9999-12-31",
        "person=" + "x" * 3000,
    ],
)
def test_nothing_in_the_url_breaks_it(cast, case, sign_in, query):
    case(cast.ciso)
    assert sign_in(cast.ciso).get(f"{URL}?{query}", follow=True).status_code == 200


@BOTH
def test_days_are_those_of_the_reader(committed_cast, case, sign_in):
    """In Lisbon a summer day ends an hour before that of UTC."""
    record = case(committed_cast.ciso)
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE trail_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE trail_entry SET at = %s", [datetime(2026, 7, 1, 23, 30, tzinfo=UTC)])
        cursor.execute("ALTER TABLE trail_entry ENABLE TRIGGER USER")
    browser = sign_in(committed_cast.ciso)

    def found(query: str) -> bool:
        return record.reference in browser.get(f"{URL}?{query}").content.decode()

    assert not found("day_until=2026-07-01")
    assert found("day_from=2026-07-02&day_until=2026-07-02")
    assert not found("day_from=2026-07-03")


def test_export(cast, case, sign_in):
    case(cast.ciso, title="=1+1")
    answer = sign_in(cast.ciso).get(URL + "?export=csv&reference=CAS-0001")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    (row,) = rows
    assert row["Action"] == "records.case.created"
    assert row["Subject"] == "'=1+1"
    assert "Owner: Celia Moreau" in row["Changes"]
    exported = Entry.objects.get(action="records.trail.exported")
    assert exported.actor_id == cast.ciso.pk
    assert exported.after == {"format": "csv", "filters": "reference=CAS-0001"}


def test_the_state_of_the_seal_is_shown(cast, case, sign_in):
    browser = sign_in(cast.ciso)
    assert "No entry is sealed yet." in browser.get(URL).content.decode()
    case(cast.ciso)
    seal_entries(now=timezone.now())
    case(cast.ciso)
    page = " ".join(browser.get(URL).content.decode().split())
    assert "(link 1 of the chain)" in page
    assert "1 entry waits for the next seal." in page
    assert "longer than they should" not in page


def test_entries_of_kinds_that_are_gone_are_still_shown(cast, case, sign_in, monkeypatch):
    case(cast.ciso)
    monkeypatch.delitem(registry._items[RecordKind], "case")
    page = sign_in(cast.ciso).get(URL).content.decode()
    assert "CAS-0001" in page


def test_queries(cast, case, sign_in):
    for number in range(30):
        case(cast.ciso, title=f"Case {number}")
    for name, person in (("ciso", cast.ciso), ("auditor", cast.auditor)):
        browser = sign_in(person)
        browser.get(URL)
        with assert_queries(f"trail list, {name}"):
            assert browser.get(URL).status_code == 200
        with assert_queries(f"trail list, filtered, {name}"):
            assert browser.get(f"{URL}?q=case&person=celia&reference=CAS-0003").status_code == 200


@pytest.mark.parametrize("rare_up_to", [0, 1, 2, 3])
def test_the_text_filter_finds_rare_and_common_words(cast, case, monkeypatch, rare_up_to):
    monkeypatch.setattr(trail, "RARE_UP_TO", rare_up_to)
    for title in ("Lost laptop", "Stolen laptop", "Lost phone"):
        case(cast.ciso, title=title)
    found = trail.entries_with_words(entries_visible_to(cast.auditor), "lost")
    assert {entry.subject for entry in found} == {"Lost laptop", "Lost phone"}
    assert not trail.entries_with_words(entries_visible_to(cast.auditor), "found").exists()


def test_the_text_filter_is_served_by_its_index(cast, case):
    case(cast.ciso)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        with CaptureQueriesContext(connection) as captured:
            trail.entries_with_words(Entry.objects.order_by(), "lapt")
        (search,) = [query["sql"] for query in captured]
        cursor.execute(f"EXPLAIN {search}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "trail_entry_words" in plan


def test_the_link_stands_in_the_side_bar(cast, sign_in):
    assert reverse("records:trail-list") in sign_in(cast.ciso).get(URL).content.decode()
