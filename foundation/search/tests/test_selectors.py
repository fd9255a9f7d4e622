"""Which records answer to a text, in which order, and to whom."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from foundation.accounts.models import User
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.records.services import participants_set, record_update, records_index
from foundation.search import selectors
from foundation.search.selectors import record_of_reference, records_matching
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def titles(user: User, text: str, **narrowed: str) -> list[str]:
    keys = records_matching(user, text, **narrowed).keys
    found = dict(Record.objects.filter(pk__in=keys).values_list("pk", "title"))
    return [found[key] for key in keys]


def test_all_words_must_occur_in_reference_title_or_the_kind_s_own_text(cast: Cast, audit):
    made = audit("Firewall rule audit", scope="Perimeter of Lisbon", criteria="ISO/IEC 27001:2022")
    audit("Key management audit", scope="Perimeter of Porto")
    assert titles(cast.ciso, "firewall") == [made.title]
    assert titles(cast.ciso, "lisbon iso27001 audit rule") == [made.title]
    assert titles(cast.ciso, f"{made.reference} perimeter") == [made.title]
    assert titles(cast.ciso, "firewall porto") == []
    assert titles(cast.ciso, "wall") == []


def test_words_follow_the_record(cast: Cast, audit):
    made = audit("Firewall rule audit")
    record_update(record=made, changes={"title": "Router audit"}, actor=cast.ciso, version=made.version)
    assert titles(cast.ciso, "firewall") == []
    assert titles(cast.ciso, "router") == ["Router audit"]
    # A record that is saved as what all records have in common keeps the words of its kind.
    record_update(record=made, changes={"scope": "Perimeter"}, actor=cast.ciso, version=made.version + 1)
    common = Record.objects.get(pk=made.pk)
    common.version += 1
    common.save()
    assert titles(cast.ciso, "perimeter") == ["Router audit"]


def test_the_best_comes_first(cast: Cast, audit):
    audit("Audit of suppliers", scope="The key ceremony")
    audit("Keyboard audit")
    audit("Key management audit")
    audit("Key rotation audit")
    assert titles(cast.ciso, "key") == [
        "Key rotation audit",
        "Key management audit",
        "Keyboard audit",
        "Audit of suppliers",
    ]


def test_a_reference_is_read_however_it_is_written(cast: Cast, audit):
    first, second = audit("One"), audit("Two, after AUD-0001")
    for written in (first.reference, "aud1", "aud-1", "AUD 0001", " Aud#001 ", "aud–1", "AUD-٠٠٠١"):
        assert record_of_reference(cast.ciso, written) == first.record_ptr, written
        assert records_matching(cast.ciso, written).keys[0] == first.pk, written
    assert list(records_matching(cast.ciso, "aud-1").keys) == [first.pk, second.pk]
    for written in (
        "aud",
        "1",
        "xyz-1",
        "aud-1 one",
        "aud-" + "9" * 12,
        "aud-99999999999999999999",
        "aud-½",
        "",
    ):
        assert record_of_reference(cast.ciso, written) is None, written


def test_a_kind_narrows_it(cast: Cast, audit, programme):
    audit("Audit of 2027")
    assert titles(cast.ciso, "audit 2027", kind="programme") == [programme.title]
    assert titles(cast.ciso, "audit 2027", kind="audit") == ["Audit of 2027"]
    assert records_matching(cast.ciso, "audit 2027").kinds == {"audit": 1, "programme": 1}


def test_only_what_the_person_may_know_of_is_found(cast: Cast, audit):
    audit("Secret matter", confidentiality=Confidentiality.RESTRICTED)
    open_one = audit("Open matter")
    audit("Retail matter", unit=cast.units.retail)
    found = {name: sorted(titles(person, "matter")) for name, person in cast.people().items()}
    assert found == {
        "ciso": ["Open matter", "Retail matter", "Secret matter"],
        "analyst": ["Open matter", "Retail matter", "Secret matter"],  # owns them
        "auditor": ["Open matter", "Retail matter", "Secret matter"],  # leads them
        "unit_lead": ["Open matter"],
        **{key: [] for key in ("executive", "personnel", "administrator", "outsider")},
    }
    participants_set(record=open_one, role="audits.auditee", users=[cast.personnel], actor=cast.analyst)
    assert titles(cast.personnel, "matter") == ["Open matter"]
    assert record_of_reference(cast.outsider, open_one.reference) is None


def test_a_restricted_record_is_found_by_those_named_and_the_ciso_alone(cast: Cast, audit):
    made = audit("Secret matter", confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso)
    assert titles(cast.ciso, "secret") == ["Secret matter"]
    assert titles(cast.auditor, "secret") == ["Secret matter"]
    for person in (cast.unit_lead, cast.analyst, cast.administrator, cast.outsider):
        assert titles(person, "secret") == []
        assert titles(person, made.reference) == []


@pytest.mark.parametrize("part", ["ciso", "auditor", "unit_lead"])
def test_the_newest_are_ranked_and_older_ones_told(cast: Cast, audit, monkeypatch, part):
    monkeypatch.setattr(selectors, "RANKED", 2)
    monkeypatch.setattr(selectors, "WINDOW", 4)
    person = getattr(cast, part)
    common = [audit(f"Common {letter}").pk for letter in "abcde"]
    rare = audit("Rare a").pk
    others = [audit(f"Other {letter}").pk for letter in "abcde"]
    assert records_matching(person, "other").keys == others[:-3:-1]
    assert records_matching(person, "other").is_capped
    # Not among the newest that are looked through: the index is asked.
    assert records_matching(person, "common").keys == common[:-3:-1]
    assert records_matching(person, "common").is_capped
    assert records_matching(person, "rare").keys == [rare]
    assert not records_matching(person, "rare").is_capped


def test_what_is_archived_comes_last(cast: Cast, audit):
    old, _new = audit("Key management"), audit("Keyboard")
    Record.objects.filter(pk=old.pk).update(archived_at=timezone.now())
    assert titles(cast.ciso, "key") == ["Keyboard", "Key management"]


def test_rows_made_by_sql_get_their_words(cast: Cast, audit, capsys):
    made, other = audit("Firewall rule audit", scope="Perimeter"), audit("Other")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_record SET words = NULL WHERE id = %s", [made.pk])
        cursor.execute("UPDATE records_record SET words = '''odd'':1'::tsvector WHERE id = %s", [other.pk])
    assert titles(cast.ciso, "firewall") == []
    call_command("index_records")
    assert titles(cast.ciso, "firewall perimeter") == ["Firewall rule audit"]
    assert titles(cast.ciso, "odd") == ["Other"]
    assert records_index() == 0
    assert records_index(anew=True) == Record.objects.count()
    assert titles(cast.ciso, "odd") == []


NASTY = [
    "",
    "   ",
    "\x00",
    "audit\x00rule",
    "'",
    "''; DROP TABLE records_record; --",
    "a & b | !c <-> d:*",
    "audit & ",
    "!audit",
    "(((",
    ":*",
    "\\",
    "\\'",
    '"quoted phrase"',
    "%_%",
    "<script>alert(1)</script>",
    "a" * 10_000,
    "审" * 10_000,
    "audit " * 2_000,
    "\u202eetrats\u202c",
    "🔥🧯",
    "\ud800",
    "e\u0301" * 5_000,
    "مُراجَعة",
    "אבג",
    "การตรวจสอบ",
    "ﷺ",
    "½ ² ㎏ ﬁ",
    "\U0010ffff",
    "0",
    "00000",
]


@pytest.mark.parametrize("text", NASTY)
def test_any_text_may_be_asked(cast: Cast, audit, text):
    made = audit("Firewall rule audit")
    for person in (cast.ciso, cast.unit_lead):
        assert set(records_matching(person, text).keys) <= {made.pk}
    assert record_of_reference(cast.ciso, text) is None
