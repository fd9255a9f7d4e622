"""Importing: every row or none, once."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from threading import Barrier, Thread

import pytest
from django.db import connection

from audits.imports import ImportOutcome, RowsRefused, audits_import, audits_import_file
from audits.models import Audit
from audits.tests.tables import table
from foundation.deadlines.models import Deadline
from foundation.records.imports.drafts import import_file_keep, import_file_of, import_files_drop
from foundation.records.models import ImportFile, Participant, ReferenceCounter
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def run(cast, *rows, actor=None) -> ImportOutcome:
    return audits_import(content=table(*rows), file_name="plan.csv", actor=actor or cast.ciso, now=NOW)


def test_rows_become_audits_with_people_and_dates(cast):
    outcome = run(
        cast,
        {"Auditees": "Ulrike Sommer", "Recurrence": "yearly", "External reference": "A", "Report days": "20"},
        {"Title": "Second"},
    )
    assert outcome == ImportOutcome(("AUD-0001", "AUD-0002"), (), 0)
    audit = Audit.objects.get(reference="AUD-0001")
    assert (audit.title, audit.owner, audit.created_by, audit.external_reference) == (
        "ISMS internal audit",
        cast.ciso,
        cast.ciso,
        "A",
    )
    assert audit.report_due_on == date(2027, 3, 21)
    assert audit.series.rrule == "FREQ=YEARLY"
    assert Participant.objects.filter(record=audit, user=cast.unit_lead).exists()
    assert Deadline.objects.filter(record=audit, closed_at=None).count() == 5


def test_one_bad_row_imports_none(cast):
    with pytest.raises(RowsRefused) as refused:
        run(cast, {}, {"Title": "Second"}, {"Title": "Third", "Start": "2027-02-30"})
    assert [(problem.row, problem.column) for problem in refused.value.preview.problems] == [(4, "Start")]
    assert not Audit.objects.exists()
    assert not ReferenceCounter.objects.exists()


def test_the_same_file_again_changes_nothing(cast):
    rows = ({"External reference": "A"}, {"Title": "Second", "External reference": "B"})
    run(cast, *rows)
    assert run(cast, *rows) == ImportOutcome((), (), 2)
    assert Audit.objects.count() == 2


def test_a_changed_row_changes_its_audit_with_its_dates(cast):
    run(cast, {"External reference": "A"}, {"Title": "Second", "External reference": "B"})
    outcome = run(
        cast,
        {"External reference": "A", "Start": "2027-04-01", "Team": "Anders Falk"},
        {"Title": "Second", "External reference": "B"},
    )
    assert outcome == ImportOutcome((), ("AUD-0001",), 1)
    audit = Audit.objects.get(reference="AUD-0001")
    assert (audit.starts_on, audit.fieldwork_ends_on) == (date(2027, 4, 1), date(2027, 4, 5))
    assert Deadline.objects.get(record=audit, kind="audits.start").due_on == date(2027, 4, 1)
    assert Participant.objects.filter(record=audit, user=cast.analyst, role="audits.team").exists()


def test_the_trail_keeps_what_was_imported(cast):
    run(cast, {})
    entry = Entry.objects.get(action="audits.import.done")
    assert entry.subject == "plan.csv"
    assert entry.after == {
        "sha256": sha256(table({})).hexdigest(),
        "rows": 1,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
    }


class TestAFile:
    def keep(self, cast, *rows, now=NOW, user=None) -> ImportFile:
        return import_file_keep(
            user=user or cast.ciso,
            purpose="audits",
            file_name="plan.csv",
            content=table(*rows),
            sheet="",
            now=now,
        )

    def test_is_imported_once_and_its_content_forgotten(self, cast):
        file = self.keep(cast, {})
        first = audits_import_file(file=file, actor=cast.ciso, now=NOW)
        assert audits_import_file(file=file, actor=cast.ciso, now=NOW) == first
        assert Audit.objects.count() == 1
        file.refresh_from_db()
        assert (file.content, file.imported_at) == (None, NOW)

    def test_that_is_refused_stays_for_another_try(self, cast):
        file = self.keep(cast, {"Start": "x"})
        with pytest.raises(RowsRefused):
            audits_import_file(file=file, actor=cast.ciso, now=NOW)
        file.refresh_from_db()
        assert file.imported_at is None
        assert bytes(file.content) == table({"Start": "x"})

    def test_belongs_to_who_brought_it(self, cast):
        file = self.keep(cast, {})
        assert import_file_of(key=file.key, user=cast.ciso, purpose="audits") == file
        assert import_file_of(key=file.key, user=cast.analyst, purpose="audits") is None
        assert import_file_of(key=file.key, user=cast.ciso, purpose="vendors") is None

    def test_that_nobody_imported_goes_after_a_day(self, cast):
        old = self.keep(cast, {}, now=NOW - timedelta(hours=25))
        done = self.keep(cast, {}, now=NOW - timedelta(hours=25))
        audits_import_file(file=done, actor=cast.ciso, now=NOW)
        young = self.keep(cast, {}, now=NOW - timedelta(hours=23))
        import_files_drop(now=NOW)
        assert not ImportFile.objects.filter(pk=old.pk).exists()
        assert ImportFile.objects.filter(pk__in=[done.pk, young.pk]).count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_at_once_one_imports(cast):
    file = TestAFile().keep(cast, {}, {"Title": "Second"})
    start = Barrier(2)
    outcomes: list[ImportOutcome] = []

    def confirm() -> None:
        try:
            start.wait(10)
            outcomes.append(audits_import_file(file=file, actor=cast.ciso, now=NOW))
        finally:
            connection.close()

    threads = [Thread(target=confirm) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert outcomes == [ImportOutcome(("AUD-0001", "AUD-0002"), (), 0)] * 2
    assert Audit.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_file_brought_twice_at_once_is_imported_once(cast):
    start = Barrier(2)
    outcomes: list[ImportOutcome] = []

    def bring() -> None:
        try:
            start.wait(10)
            outcomes.append(run(cast, {"External reference": "A"}))
        finally:
            connection.close()

    threads = [Thread(target=bring) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(len(outcome.created) for outcome in outcomes) == [0, 1]
    assert sorted(outcome.unchanged for outcome in outcomes) == [0, 1]
