"""A record's history: the trail's entries and the field-level history of its tables, each change once."""

from datetime import date

import pytest
from django.db import transaction
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from audits.choices import AuditState
from audits.models import Audit
from audits.services import audit_change
from audits.tests.factories import NOW, audit_make, programme_make
from foundation.accounts.access import access_of
from foundation.lifecycle.services import apply_transition
from foundation.records.models import Record
from foundation.records.selectors import history_of
from foundation.records.services import participants_set, record_update
from foundation.ui.structure import Moment


def _lines(record: Record, **options) -> list[tuple[str, str, dict[str, tuple[str, str]]]]:
    return [_line(moment) for moment in history_of(record, record.created_by, **options).moments]


def _line(moment: Moment) -> tuple[str, str, dict[str, tuple[str, str]]]:
    changes = {str(change.label): (str(change.before), str(change.after)) for change in moment.changes}
    return moment.actor, str(moment.sentence), changes


def test_a_change_is_shown_once_in_words(committed_cast):
    record = audit_make(committed_cast, title="Lost laptop")
    record_update(
        record=record,
        changes={"title": "Found laptop", "owner": committed_cast.ciso, "confidentiality": "restricted"},
        actor=committed_cast.ciso,
        version=1,
        comment="Under the desk",
    )
    changed, named, created = history_of(record, record.created_by).moments
    assert _line(changed) == (
        "Celia Moreau",
        "changed the audit",
        {
            "Title": ("Lost laptop", "Found laptop"),
            "Owner": ("Anders Falk", "Celia Moreau"),
            "Confidentiality": ("Internal", "Restricted"),
        },
    )
    assert changed.comment == "Under the desk"
    assert _line(named)[1:] == ("changed who takes part", {"Lead auditor": ("", "Odile Brandt")})
    assert _line(created)[:2] == ("Anders Falk", "planned the audit")
    assert _line(created)[2]["Owner"] == ("", "Anders Falk")
    assert history_of(record, record.created_by).older is None


def test_of_another_record_it_tells_the_reference_alone(committed_cast):
    """The reader of an audit may not know of its restricted programme; no title of it is kept or shown."""
    hidden = programme_make(committed_cast, title="Quiet programme", confidentiality="restricted")
    audit = audit_make(committed_cast)
    audit_change(
        audit=audit, changes={"programme": hidden}, actor=committed_cast.ciso, now=NOW, version=audit.version
    )
    lines = str(_lines(audit))
    assert hidden.reference in lines
    assert "Quiet programme" not in lines


def test_fields_of_the_kinds_own_table_are_shown(committed_cast):
    audit = audit_make(committed_cast)
    audit_change(
        audit=audit,
        changes={"starts_on": date(2027, 2, 1), "scope": "All accounts"},
        actor=committed_cast.analyst,
        now=NOW,
        version=audit.version,
    )
    changes = _lines(audit)[0][2]
    assert changes["Fieldwork starts"] == ("18 Jan 2027", "1 Feb 2027")
    assert changes["Report due"] == ("5 Feb 2027", "19 Feb 2027")
    assert changes["Scope"] == ("Accounts that reach the gateway", "All accounts")


def test_a_step_is_shown_with_its_states_and_what_followed(committed_cast):
    audit = audit_make(committed_cast)
    apply_transition(
        record=audit, name="cancel", actor=committed_cast.ciso, now=NOW, comment="The supplier left"
    )
    moment = history_of(audit, audit.created_by).moments[0]
    actor, sentence, changes = _line(moment)
    assert (actor, sentence, moment.comment) == ("Celia Moreau", "cancelled the audit", "The supplier left")
    assert changes["State"] == ("Planned", "Cancelled")
    # No entry speaks of this one, only the table's own history does.
    assert changes["Closed at"] == ("", "23 Nov 2026 09:10")


def test_people_who_take_part_are_named(committed_cast):
    record = audit_make(committed_cast, title="Lost laptop")
    participants_set(
        record=record, role="auditee", users=[committed_cast.personnel], actor=committed_cast.analyst
    )
    assert _lines(record)[0] == (
        "Anders Falk",
        "changed who takes part",
        {"Auditee": ("", "Pavel Dimitrov")},
    )


def test_what_was_done_by_hand_is_shown_as_such(committed_cast):
    audit = audit_make(committed_cast)
    with transaction.atomic():
        Record.objects.filter(pk=audit.pk).update(owner=committed_cast.ciso)
        Audit.objects.filter(pk=audit.pk).update(scope="Nothing", lead_auditor=committed_cast.ciso)
    by_hand = _lines(audit)[0]
    assert by_hand == (
        "Somebody",
        "changed it, without an entry in the trail",
        {
            "Owner": ("Anders Falk", "Celia Moreau"),
            "Scope": ("Accounts that reach the gateway", "Nothing"),
            "Lead auditor": ("Odile Brandt", "Celia Moreau"),
        },
    )


def test_several_entries_of_one_transaction_share_its_fields(committed_cast):
    record = audit_make(committed_cast, title="Lost laptop")
    with transaction.atomic():
        changed = record_update(record=record, changes={"title": "One"}, actor=committed_cast.ciso, version=1)
        record_update(record=changed, changes={"title": "Two"}, actor=committed_cast.ciso, version=2)
        Record.objects.filter(pk=record.pk).update(archived_at=timezone.now())
    second, first, _named, _created = _lines(record)
    assert second[2] == {"Title": ("One", "Two")}
    assert first[2]["Title"] == ("Lost laptop", "One")
    assert set(first[2]) == {"Title", "Archived at"}


def test_a_long_history_comes_in_parts_that_fit(committed_cast):
    record = audit_make(committed_cast, title="Lost laptop")
    for number in range(12):
        record = record_update(
            record=record,
            changes={"title": f"Title {number}"},
            actor=committed_cast.ciso,
            version=record.version,
        )
        if number % 3 == 0:
            Record.objects.filter(pk=record.pk).update(archived_at=timezone.now())
    whole = _lines(record, size=100)
    parts, before = [], None
    for _round in range(20):
        history = history_of(record, record.created_by, before=before, size=4)
        parts += [_line(moment) for moment in history.moments]
        before = history.older
        if before is None:
            break
    assert parts == whole
    assert len(whole) == 2 + 12 + 4
    assert whole[0][2] == {"Title": ("Title 10", "Title 11")}


def test_other_records_stay_out(committed_cast):
    record, other = (
        audit_make(committed_cast, title="Lost laptop"),
        audit_make(committed_cast, title="Another"),
    )
    record_update(record=other, changes={"title": "Changed"}, actor=committed_cast.ciso, version=1)
    assert len(_lines(record)) == 2


def test_queries_do_not_grow_with_the_history(committed_cast, django_assert_num_queries):
    audit = audit_make(committed_cast)
    for number in range(8):
        audit = audit_change(
            audit=audit,
            changes={"title": f"T{number}"},
            actor=committed_cast.ciso,
            now=NOW,
            version=audit.version,
        )
        Audit.objects.filter(pk=audit.pk).update(
            lead_auditor=committed_cast.ciso if number % 2 else committed_cast.auditor
        )
    access_of(committed_cast.ciso)  # which every page has read
    fetched = Audit.objects.select_related("unit").prefetch_related("participants")  # as pages do
    audit = fetched.get(pk=audit.pk)
    with django_assert_num_queries(4):
        history_of(audit, committed_cast.ciso)


@pytest.fixture
def draw():
    """Return a function that draws the tag as a page does."""

    def drawn(record: Record, query: str = "") -> str:
        request = RequestFactory().get(f"/somewhere/?tab=history{query}")
        request.user = record.created_by
        template = Template("{% load record_history %}{% record_history record %}")
        return template.render(Context({"record": record, "request": request, "now": timezone.now()}))

    return drawn


def test_the_tag_draws_the_history(committed_cast, draw):
    record = audit_make(committed_cast, title="Lost <i>laptop</i>")
    for number in range(32):
        record = record_update(
            record=record, changes={"title": f"T{number}"}, actor=committed_cast.ciso, version=record.version
        )
    newest = draw(record)
    assert "T31" in newest
    assert "planned the audit" not in newest
    older_link = newest.partition('href="?tab=history&amp;')[2].partition('"')[0]
    older = draw(record, f"&{older_link}")
    assert "planned the audit" in older
    assert "Lost &lt;i&gt;laptop&lt;/i&gt;" in older
    assert 'href="/somewhere/?tab=history"' in older
    for nonsense in (
        "x",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "9" * 500,
        "0001-01-01T00:00:00%2B14:00",
        "9999-12-31T23:59:59-14:00",
    ):
        assert "T31" in draw(record, f"&history_before={nonsense}")
    # PostgreSQL knows no offset of 16 hours and more, Python does.
    assert "T31" in draw(record, "&history_before=2999-01-01T00:00:00%2B23:59")


def test_the_lifecycle_gives_states_their_names(committed_cast):
    audit = audit_make(committed_cast)
    Record.objects.filter(pk=audit.pk).update(state=AuditState.FIELDWORK)
    assert _lines(audit)[0][2] == {"State": ("Planned", "Fieldwork")}
