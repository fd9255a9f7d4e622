"""The narrow rows that lists read: kept by the database, seen by the same rule as the audits."""

from datetime import date

import pytest

from audits.models import Audit, AuditListing
from audits.tests.factories import NOW, TODAY, audit_make
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast

FIELDS = ("reference", "title", "type", "state", "confidentiality", "unit_id", "owner_id", "lead_auditor_id")
DATES = ("programme_id", "starts_on", "next_due_on")


def assert_listed(audit: Audit) -> None:
    row = AuditListing.objects.get(pk=audit.pk)
    audit = Audit.objects.get(pk=audit.pk)
    for name in (*FIELDS, *DATES):
        assert getattr(row, name) == getattr(audit, name), name
    assert row.recurs == (audit.series_id is not None)
    assert row.is_archived == (audit.archived_at is not None)


def test_a_new_audit_is_listed(cast: Cast) -> None:
    assert_listed(audit_make(cast))
    assert_listed(audit_make(cast, rrule="FREQ=YEARLY"))


def test_a_step_changes_the_row(cast: Cast) -> None:
    audit = audit_make(cast)
    apply_transition(record=audit, name="prepare", actor=cast.auditor, now=NOW)
    assert_listed(audit)
    assert AuditListing.objects.get(pk=audit.pk).next_due_on == date(2027, 1, 18)


def test_a_change_of_the_record_alone_changes_the_row(cast: Cast) -> None:
    audit = audit_make(cast)
    Record.objects.filter(pk=audit.pk).update(
        title="Cloud key custody",
        unit=cast.units.retail,
        owner=cast.ciso,
        confidentiality=Confidentiality.RESTRICTED,
        archived_at=NOW,
    )
    assert_listed(audit)


def test_the_text_filter_finds_titles_and_references_in_any_case(cast: Cast) -> None:
    audit = audit_make(cast, title="ÜBERWACHUNG der Schlüssel", external_reference="Ext/77")
    audit_make(cast, title="Other")
    for text in ("überwachung", "SCHLÜSSEL", audit.reference.lower(), "ext/77", "  der  "):
        assert [row.pk for row in AuditListing.objects.containing(text)] == [audit.pk], text
    assert not AuditListing.objects.containing("100%_x")


def test_the_longest_title_of_the_widest_letters_fits_into_the_indexes(cast: Cast) -> None:
    title = "".join(chr(0x20000 + number * 97) for number in range(200))  # random enough not to be compressed
    audit = audit_make(cast, title=title)
    assert AuditListing.objects.containing(title[150:]).get().pk == audit.pk


@pytest.mark.parametrize("confidentiality", Confidentiality.values)
def test_rows_are_visible_to_exactly_those_who_see_the_audit(cast: Cast, confidentiality: str) -> None:
    for unit in (cast.units.root, cast.units.payments, cast.units.cards, cast.units.retail):
        audit_make(cast, unit=unit, confidentiality=confidentiality)
    audit_make(cast, auditees=[cast.outsider], confidentiality=confidentiality)
    audit_make(cast, owner=cast.executive, confidentiality=confidentiality)
    for name, person in cast.people().items():
        seen = {row.pk for row in AuditListing.objects.visible_to(person)}
        assert seen == {audit.pk for audit in Audit.objects.visible_to(person)}, name


def test_late_is_what_should_have_happened_before_today(cast: Cast) -> None:
    late = audit_make(cast, starts_on=date(2026, 12, 20))  # preparation was to start on 22 November
    audit_make(cast, starts_on=date(2026, 12, 21))
    assert [row.pk for row in AuditListing.objects.late(TODAY)] == [late.pk]
    assert late.is_late(TODAY)
