"""What the database itself keeps true of editions."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from compliance.models import Edition, Requirement, RequirementText
from compliance.selectors import frameworks_visible, requirements_of
from compliance.tests.factories import NOW, framework_make
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def test_an_accepted_edition_never_changes(cast: Cast) -> None:
    edition = framework_make(cast).current
    assert edition is not None
    text = edition.texts.get(key="hb-1")
    group = edition.texts.get(key="hb")
    for attempt in (
        lambda: Edition.objects.filter(pk=edition.pk).update(label="9.9"),
        edition.delete,
        lambda: RequirementText.objects.filter(pk=text.pk).update(statement="Do nothing."),
        text.delete,
        lambda: RequirementText.objects.create(
            edition=edition,
            parent=group,
            position=9,
            depth=1,
            kind="requirement",
            key="x",
            identifier="X",
            title="X",
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert edition.texts.get(key="hb-1").statement == text.statement


def test_a_line_of_a_draft_is_not_moved_into_an_accepted_edition(cast: Cast) -> None:
    framework = framework_make(cast)
    draft = Edition.objects.create(framework=framework, number=2, label="2", source="hand", imported_at=NOW)
    line = RequirementText.objects.create(
        edition=draft, position=0, depth=0, kind="group", key="new", identifier="N", title="New"
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        RequirementText.objects.filter(pk=line.pk).update(edition=framework.current, position=99)


def test_a_framework_has_one_draft_at_a_time(cast: Cast) -> None:
    framework = framework_make(cast)
    Edition.objects.create(framework=framework, number=2, label="2", source="hand", imported_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(framework=framework, number=3, label="3", source="hand", imported_at=NOW)


def test_no_requirement_is_in_a_framework_twice(cast: Cast) -> None:
    framework = framework_make(cast)
    for key, identifier in (("hb-1", "Other"), ("other", "HB-1")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Requirement.objects.create(framework=framework, key=key, identifier=identifier)
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end of a transaction


def test_what_is_tested_leaves_out_headings_and_what_was_withdrawn(cast: Cast) -> None:
    framework = framework_make(cast)
    assert [text.identifier for text in requirements_of(framework.current)] == ["HB-1", "HB-2", "HB-3"]


def test_a_framework_of_the_whole_is_read_by_who_reads_records_anywhere(cast: Cast) -> None:
    framework = framework_make(cast)
    for person in (cast.ciso, cast.analyst, cast.auditor, cast.unit_lead):
        assert list(frameworks_visible(person)) == [framework]
    for person in (cast.executive, cast.personnel, cast.administrator, cast.outsider):
        assert not frameworks_visible(person)
