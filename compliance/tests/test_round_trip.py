"""An edition goes out as a table and comes back: nothing is different, and requirements stay themselves."""

from collections.abc import Callable
from typing import Any

import pytest

from compliance.catalogues import (
    Change,
    Kind,
    MethodNote,
    Reference,
    Related,
)
from compliance.choices import Source
from compliance.imports import COLUMNS, ImportPlan, plan_import, read_brought
from compliance.imports.sheets import cells_of
from compliance.models import Edition, Framework, Requirement
from compliance.selectors import requirements_of
from compliance.selectors.nodes import nodes_of
from compliance.services import draft_begin, edition_accept, line_add, line_change
from compliance.tests import oscal
from compliance.tests.factories import NOW
from compliance.tests.oscal import content, control, group
from compliance.tests.test_importing import accept
from compliance.tests.test_oscal_reading import REAL
from compliance.tests.test_views_import import bring, text_of
from foundation.accounts.models import User
from foundation.testing.cast import Cast
from foundation.ui.exports import csv_lines

SignIn = Callable[[User], Any]
FORMATS = ["csv", "xlsx"]


def rich() -> bytes:
    """A catalogue that says all that a catalogue can, and calls several things alike."""
    parts = [
        {
            "name": "statement",
            "prose": "- by day",
            "parts": [{"name": "item", "prose": "each {{ insert: param, p }}", "id": "hb-1_smt.a"}],
        },
        {"name": "guidance", "prose": "= look  up\u00a0twice e\u0301"},
        {
            "name": "assessment-method",
            "props": [{"name": "method", "value": "TEST"}],
            "parts": [{"name": "assessment-objects", "prose": "the bell"}],
        },
    ]
    links = [
        {"rel": "related", "href": "#hb-1.1"},
        {"rel": "related", "href": "#zz-9"},
        {"rel": "reference", "href": f"#{oscal.UUID}"},
        {"rel": "reference", "href": "https://example.com/rules"},
    ]
    resource = {
        "uuid": oscal.UUID,
        "title": "Harbour act",
        "citation": {"text": "Act of 1911"},
        "rlinks": [{"href": "https://example.com/act"}],
    }
    gone = control(
        "gone",
        parts=[],
        props=[{"name": "label", "value": "A.11"}, {"name": "status", "value": "withdrawn"}],
        links=[{"rel": "moved-to", "href": "#hb-1_smt.a"}],
    )
    first = control(
        "hb-1",
        parts=parts,
        links=links,
        params=[{"id": "p", "label": "period", "guidelines": [{"prose": "How often."}]}],
        controls=[control("hb-1.1", props=[{"name": "label", "value": "HB-1(1)"}])],
    )
    deep = control(
        "a.1.1",
        controls=[control("x", props=[{"name": "label", "value": "A.1.1 (1)"}])],
    )
    return content(
        group("hb", first, control("hb-2")),
        {
            "title": "Quay",
            "controls": [control("q-1")],
            "groups": [{"title": "Inner", "controls": [control("q-1i")]}],
        },
        {
            "title": "Quay",
            "controls": [control("q-2")],
            "groups": [{"title": "Inner", "controls": [control("q-2i")]}],
        },
        group("same", control("c.1", props=[{"name": "label", "value": "SAME"}]), gone, deep),
        group("p", control("a11", props=[{"name": "label", "value": "A.111"}], controls=[control("y")])),
        **{"back-matter": {"resources": [resource]}, "params": [{"id": "of-all", "label": "all"}]},
    )


def exported(browser: Any, fmt: str) -> bytes:
    file = browser.get(f"/compliance/FRM-0001/?export={fmt}")
    return b"".join(file.streaming_content) if file.streaming else bytes(file.content)


def table(cast: Cast, data: bytes, *, label: str = "next") -> ImportPlan:
    framework = Framework.objects.get()
    brought = read_brought(data, file_name="t.csv", title=framework.title, label=label)
    return plan_import(brought, actor=cast.analyst, chosen=framework.reference)


def csv_of(edition: Edition, change: Callable[[dict[str, str]], Any] = lambda row: None) -> bytes:
    """Return an edition as the CSV that it is exported as, each row changed so."""
    nodes = nodes_of(edition)
    return table_of(nodes, change)


def table_of(nodes: Any, change: Callable[[dict[str, str]], Any] = lambda row: None) -> bytes:
    rows = [cells_of(node, None if node.parent is None else nodes[node.parent]) for node in nodes]
    for row in rows:
        change(row)
    header = [str(column.label) for column in COLUMNS]
    return "".join(csv_lines(header, [[row[column.key] for column in COLUMNS] for row in rows])).encode()


@pytest.mark.django_db
@pytest.mark.parametrize("fmt", FORMATS)
def test_what_was_exported_comes_back_the_same(cast: Cast, sign_in: SignIn, fmt: str) -> None:
    before = accept(cast, rich())
    stood = set(Requirement.objects.values_list("pk", "key", "identifier", "is_withdrawn"))
    browser = sign_in(cast.analyst)
    preview = bring(
        browser, exported(browser, fmt), name=f"harbour.{fmt}", framework="FRM-0001", version="1.1"
    ).url
    page = text_of(browser.get(preview))
    assert "Nothing is different." in page
    assert "what version 1.0 says of these is kept" in page
    browser.post(f"{preview}confirm/", {"against": f"FRM-0001/{before.pk}"})
    after = Framework.objects.get().current
    assert (after.label, after.source) == ("1.1", Source.TABLE)
    assert nodes_of(after) == nodes_of(before)
    assert after.parameter_count == 1, "of its lines: what the catalogue as a whole sets is of the file"
    assert set(Requirement.objects.values_list("pk", "key", "identifier", "is_withdrawn")) == stood


@pytest.mark.django_db
@pytest.mark.skipif(not REAL.exists(), reason=f"no {REAL.name} in ../shared/data")
@pytest.mark.parametrize("fmt", FORMATS)
def test_the_low_baseline_comes_back_the_same(cast: Cast, sign_in: SignIn, fmt: str) -> None:
    accept(cast, REAL.read_bytes())
    browser = sign_in(cast.analyst)
    label = Framework.objects.get().current.label
    again = bring(browser, exported(browser, fmt), name=f"low.{fmt}", framework="FRM-0001", version=label).url
    assert "This is there already, as version 5.1.1+u4, and the same." in text_of(browser.get(again))


@pytest.mark.django_db
def test_what_is_changed_in_the_table_is_changed_and_the_rest_is_kept(cast: Cast) -> None:
    before = accept(cast, rich())

    def change(row: dict[str, str]) -> None:
        if row["identifier"] == "HB-1":
            row["title"] = "Look out"
            row["methods"] = "interview, test"
            row["related"] += "; A.1.1; NEW-1"
            row["references"] += "\nOther act"

    planned = table(cast, csv_of(before, change))
    (line,) = planned.difference.lines
    assert (line.change, line.fields) == (Change.CHANGED, ("title", "methods", "related", "references"))
    old, new = line.old, line.new
    assert old is not None
    assert new is not None
    assert new.title == "Look out"
    assert new.methods == (MethodNote("interview"), MethodNote("test", ("the bell",)))
    assert new.related == (*old.related, Related("a.1.1", "A.1.1"), Related("new-1", "NEW-1"))
    assert new.references == (*old.references, Reference("Other act"))
    assert new.parameters == old.parameters
    assert planned.catalogue.counts()["parameters"] == 1
    assert planned.report()["notes"][0].startswith("A table has no columns for parameters")


@pytest.mark.django_db
def test_a_table_that_loses_nothing_needs_no_note(cast: Cast) -> None:
    before = accept(cast, content())
    assert table(cast, csv_of(before)).notes == ()


def renamed(cast: Cast, names: dict[str, str], *, add: str = "") -> Edition:
    """Accept a version written by hand in which these identifiers are others, and perhaps a line more."""
    framework = Framework.objects.get()
    draft = draft_begin(framework=framework, label="by hand", actor=cast.analyst, now=NOW)
    # By way of names that nobody has, since no two lines of a draft share one.
    for step in (lambda name: f"{name} (was)", lambda name: names[name.removesuffix(" (was)")]):
        for line in draft.texts.exclude(kind=Kind.GROUP.value):
            if line.identifier.removesuffix(" (was)") in names:
                line_change(
                    line=line,
                    said={"identifier": step(line.identifier)},
                    actor=cast.analyst,
                    now=NOW,
                    digest=line.digest,
                )
    if add:
        line_add(
            edition=draft,
            parent=None,
            kind="requirement",
            said={"identifier": add, "title": "New"},
            actor=cast.analyst,
            now=NOW,
        )
    edition_accept(edition=draft, actor=cast.analyst, now=NOW)
    return draft


def who() -> dict[str, int]:
    return dict(Requirement.objects.filter(is_withdrawn=False).values_list("identifier", "pk"))


TABLE = b"Identifier,Title\nA.1,Watch\nA.2,Ring\n"


def first_table(cast: Cast) -> Edition:
    brought = read_brought(TABLE, file_name="a.csv", title="Quay rules", label="1")
    return plan_import(brought, actor=cast.analyst).accept(actor=cast.analyst, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("names", "add"),
    [
        ({"A.1": "B.1"}, ""),
        ({"A.1": "B.1"}, "A.1"),  # the number that is free again is given to something new
        ({"A.1": "A.2", "A.2": "A.1"}, ""),
        ({"A.1": "A.2", "A.2": "A.3"}, "A.1"),
    ],
)
def test_requirements_that_were_renamed_by_hand_stay_themselves_when_the_table_comes_back(
    cast: Cast, names: dict[str, str], add: str
) -> None:
    first_table(cast)
    edition = renamed(cast, names, add=add)
    stood = who()
    data = csv_of(edition)
    assert not table(cast, data).difference
    row = b'"C.9","","","Nine"' + b',""' * (len(COLUMNS) - 4) + b"\n"
    planned = table(cast, data + row)
    assert [line.node.identifier for line in planned.difference.lines] == ["C.9"]
    planned.accept(actor=cast.analyst, now=NOW)
    now = who()
    del now["C.9"]
    assert now == stood


@pytest.mark.django_db
def test_the_old_table_undoes_a_rename_and_a_new_row_takes_nobodys_place(cast: Cast) -> None:
    first_table(cast)
    stood = who()
    renamed(cast, {"A.1": "B.1"})
    planned = table(cast, TABLE + b"A.3,New\n")
    assert [(line.change, line.node.identifier) for line in planned.difference.lines] == [
        (Change.CHANGED, "A.1"),
        (Change.ADDED, "A.3"),
    ]
    planned.accept(actor=cast.analyst, now=NOW)
    assert {name: pk for name, pk in who().items() if name in stood} == stood


@pytest.mark.django_db
def test_a_requirement_that_was_gone_comes_back_by_the_table_as_itself(cast: Cast) -> None:
    edition = accept(cast, rich())
    stood = Requirement.objects.get(identifier="A.1.1 (1)")
    assert stood.key == "x"
    data = csv_of(edition)
    accept(cast, content(metadata={"version": "2"}))
    table(cast, data).accept(actor=cast.analyst, now=NOW)
    assert Requirement.objects.get(identifier="A.1.1 (1)").pk == stood.pk
    assert [
        text.requirement.pk for text in requirements_of(Framework.objects.get().current) if text.key == "x"
    ] == [stood.pk]
