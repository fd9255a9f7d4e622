"""The narrow rows that lists read: kept by the database, seen by the same rule as the audits."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits.models import Audit, AuditListing
from audits.tests.factories import NOW, TODAY, audit_make, evidence_make, finding_make
from foundation.accounts.models import User
from foundation.actions.tests.factories import task_make
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


@pytest.mark.parametrize(
    ("page", "table", "make"),
    [
        ("audits:audit-list", "audits_auditlisting", audit_make),
        ("audits:finding-list", "audits_findinglisting", finding_make),
        ("audits:evidence-list", "audits_evidencelisting", evidence_make),
        ("actions:action-list", "actions_actionlisting", task_make),
    ],
)
@pytest.mark.parametrize(("column", "joins"), [("reference", 2), ("owner", 3)])  # two to its version
def test_a_list_joins_what_its_columns_show_and_nothing_more(
    cast: Cast,
    sign_in: Callable[[User], Client],
    *,
    page: str,
    table: str,
    make: Callable[[Cast], Record],
    column: str,
    joins: int,
) -> None:
    made = make(cast)
    client = sign_in(cast.ciso)
    with CaptureQueriesContext(connection) as captured:
        html = client.get(reverse(page), {"columns": column}).content.decode()
    assert made.reference in html
    named = f'"{table}"."reference"'
    rows = [query["sql"] for query in captured.captured_queries if named in query["sql"].split(" FROM ")[0]]
    assert rows
    for sql in rows:
        assert sql.partition(" WHERE ")[0].count(" JOIN ") == joins, sql
