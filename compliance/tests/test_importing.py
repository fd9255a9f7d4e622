"""What a catalogue does when it is brought: its framework is found, compared, and given another edition, or nothing happens."""

import json
from typing import Any

import pytest

from compliance.catalogues import Change
from compliance.imports import NEW, ImportPlan, plan_import, read_brought
from compliance.models import Edition, Framework, Requirement, RequirementText
from compliance.selectors import requirements_of
from compliance.selectors.nodes import nodes_of
from compliance.services import EditionRefused, FrameworkRefused, edition_accept, framework_create
from compliance.tests import oscal
from compliance.tests.factories import NOW, framework_make
from compliance.tests.oscal import catalog, content, control, group
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

LATER = {"version": "2.0", "last-modified": "2027-01-01T00:00:00Z"}


def plan(cast: Cast, data: bytes, **options: Any) -> ImportPlan:
    return plan_import(read_brought(data, file_name="harbour.json"), actor=cast.analyst, **options)


def accept(cast: Cast, data: bytes, **options: Any) -> Edition:
    return plan(cast, data, **options).accept(actor=cast.analyst, now=NOW)


def second(**more: Any) -> bytes:
    """The next version: HB-1 says more, HB-2 was withdrawn, HB-3 is new."""
    gone = control(
        "hb-2",
        "Log",
        parts=[],
        props=[{"name": "label", "value": "HB-2"}, {"name": "status", "value": "withdrawn"}],
        links=[{"rel": "incorporated-into", "href": "#hb-1"}],
    )
    metadata = {**LATER, **more.pop("metadata", {})}
    return content(
        group("hb", control("hb-1", prose="Keep watch day and night."), gone, control("hb-3", "Ring")),
        uuid=oscal.OTHER_UUID,
        metadata=metadata,
        **more,
    )


def test_a_new_standard_becomes_a_framework(cast: Cast):
    edition = accept(cast, content())
    framework = edition.framework
    assert (framework.title, framework.reference, framework.current) == (
        "Harbour baseline",
        "FRM-0001",
        edition,
    )
    assert (edition.label, edition.source, edition.oscal_version, edition.number) == (
        "1.0",
        "oscal",
        "1.1.2",
        1,
    )
    assert (edition.group_count, edition.requirement_count, edition.testable_count) == (1, 2, 2)
    assert [text.requirement.identifier for text in requirements_of(edition)] == ["HB-1", "HB-2"]
    entry = Entry.objects.get(action="compliance.edition.accepted")
    assert entry.after["lines_added"] == "HB, HB-1, HB-2"
    assert entry.after["sha256"] == edition.source_sha256


def test_what_was_written_reads_back_the_same(cast: Cast):
    data = content(
        group(
            "hb",
            control(
                "hb-1",
                params=[{"id": "p", "label": "period", "guidelines": [{"prose": "How often."}]}],
                prose="Each {{ insert: param, p }}.",
                links=[
                    {"rel": "related", "href": "#hb-2"},
                    {"rel": "reference", "href": "https://example.com/"},
                ],
                controls=[control("hb-1.1")],
            ),
            control("hb-2"),
        )
    )
    assert nodes_of(accept(cast, data)) == read_brought(data, file_name="").catalogue.nodes


def test_a_newer_version_goes_into_its_framework(cast: Cast):
    first = accept(cast, content())
    planned = plan(cast, second())
    assert planned.framework == first.framework
    named = {change: [line.node.identifier for line in planned.difference.only(change)] for change in Change}
    assert named == {
        Change.ADDED: ["HB-3"],
        Change.CHANGED: ["HB-1"],
        Change.WITHDRAWN: ["HB-2"],
        Change.MOVED: [],
        Change.REINSTATED: [],
    }
    edition = planned.accept(actor=cast.analyst, now=NOW)
    assert Framework.objects.get().current == edition
    assert edition.number == 2
    assert [text.identifier for text in requirements_of(edition)] == ["HB-1", "HB-3"]
    stood = Requirement.objects.get(identifier="HB-1")
    assert [text.statement for text in stood.texts.order_by("edition__number")] == [
        "Keep watch.",
        "Keep watch day and night.",
    ]
    assert Requirement.objects.get(identifier="HB-2").is_withdrawn
    assert not first.texts.get(key="hb-2").is_withdrawn, "what was tested then stays as it was"


def test_looking_writes_nothing(cast: Cast):
    plan(cast, content())
    accept(cast, content())
    before = (Edition.objects.count(), RequirementText.objects.count(), Entry.objects.count())
    plan(cast, second())
    assert (Edition.objects.count(), RequirementText.objects.count(), Entry.objects.count()) == before


def test_the_same_file_again_changes_nothing(cast: Cast):
    edition = accept(cast, content())
    again = plan(cast, content())
    assert again.same == edition
    assert not again.may_be_accepted
    with pytest.raises(EditionRefused, match="is there already, as version 1.0, and the same"):
        again.accept(actor=cast.analyst, now=NOW)
    assert Edition.objects.get() == edition


def test_another_file_that_says_the_same_under_the_same_version_changes_nothing(cast: Cast):
    edition = accept(cast, content())
    spaced = json.dumps(catalog(), indent=3).encode()
    assert plan(cast, spaced).same == edition


def test_requirements_that_change_their_numbers_with_each_other_stay_themselves(cast: Cast):
    accept(
        cast,
        content(
            group(
                "hb",
                control("a", props=[{"name": "label", "value": "1"}]),
                control("b", props=[{"name": "label", "value": "2"}]),
            )
        ),
    )
    pks = dict(Requirement.objects.values_list("key", "pk"))
    accept(
        cast,
        content(
            group(
                "hb",
                control("a", props=[{"name": "label", "value": "2"}]),
                control("b", props=[{"name": "label", "value": "1"}]),
            ),
            metadata=LATER,
        ),
    )
    assert dict(Requirement.objects.values_list("key", "pk")) == pks
    assert Requirement.objects.get(pk=pks["a"]).identifier == "2"


def test_a_number_that_goes_to_another_requirement_leaves_the_older_one_findable(cast: Cast):
    def labelled(**numbers: str) -> list[dict[str, Any]]:
        return [control(key, props=[{"name": "label", "value": number}]) for key, number in numbers.items()]

    accept(cast, content(group("hb", *labelled(a="1", b="2"))))
    gone = Requirement.objects.get(key="b")
    accept(cast, content(group("hb", *labelled(a="2")), metadata=LATER))
    gone.refresh_from_db()
    assert gone.is_withdrawn
    assert gone.identifier.startswith("2 #")
    assert Requirement.objects.get(key="a").identifier == "2"


def test_the_uuid_finds_the_framework_whatever_it_is_called_now(cast: Cast):
    framework = accept(cast, content()).framework
    renamed = content(metadata={"title": "Quay rules", **LATER})
    assert plan(cast, renamed).framework == framework


def test_another_standard_of_a_taken_name_is_refused_until_somebody_says_what_it_is(cast: Cast):
    accept(cast, content(metadata={"document-ids": [{"scheme": "https://doi.org/", "identifier": "one"}]}))
    other = content(
        uuid=oscal.OTHER_UUID,
        metadata={"document-ids": [{"scheme": "https://doi.org/", "identifier": "two"}]},
    )
    planned = plan(cast, other)
    assert planned.framework is None
    assert planned.refusal.startswith("FRM-0001 is called “Harbour baseline” already.")
    with pytest.raises(FrameworkRefused):
        planned.accept(actor=cast.analyst, now=NOW)
    assert Framework.objects.count() == 1
    assert accept(cast, other, name="Other harbour").framework.title == "Other harbour"
    assert plan(cast, second(), chosen="FRM-0001").framework.reference == "FRM-0001"


def test_a_framework_may_be_said_to_be_another_though_the_file_looks_like_it(cast: Cast):
    accept(cast, content())
    planned = plan(cast, second(), chosen=NEW, name="Second harbour")
    assert planned.framework is None
    made = planned.accept(actor=cast.analyst, now=NOW).framework
    assert made.reference == "FRM-0002"
    assert plan(cast, second(metadata={"version": "3.0", "title": "Harbour baseline"})).framework == made, (
        "the UUID tells"
    )


def test_an_older_file_is_told_to_be_older(cast: Cast):
    accept(cast, second())
    (note,) = plan(cast, content()).notes
    assert "older than the current version, 2.0" in note
    assert not plan(cast, second(metadata={"version": "2.1", "last-modified": "2028-01-01T00:00:00Z"})).notes


def test_a_draft_or_a_retired_framework_takes_no_import(cast: Cast):
    framework = framework_make(cast)
    draft = Edition.objects.create(
        framework=framework, number=2, label="next", source="hand", imported_at=NOW
    )
    planned = plan(cast, content(), chosen=framework.reference)
    assert "has a draft, “next”" in planned.refusal
    with pytest.raises(EditionRefused):
        planned.accept(actor=cast.analyst, now=NOW)
    with pytest.raises(EditionRefused, match="no requirement"):
        edition_accept(edition=draft, actor=cast.ciso, now=NOW)
    draft.delete()
    apply_transition(record=framework, name="retire", actor=cast.ciso, now=NOW, comment="Gone")
    assert "is retired" in plan(cast, content(), chosen=framework.reference).refusal


def test_names_are_taken_whatever_their_case(cast: Cast):
    framework_create(title="Harbour rules", actor=cast.ciso, now=NOW)
    with pytest.raises(FrameworkRefused, match="FRM-0001 is called “Harbour rules” already"):
        framework_create(title=" harbour  RULES", key="other", actor=cast.ciso, now=NOW)
    with pytest.raises(FrameworkRefused, match="is of this standard already"):
        framework_create(title="Harbour rules 2.0", actor=cast.ciso, now=NOW)
