"""Bad catalogues: one message that says where, whatever is wrong."""

import json
import tracemalloc
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.catalogues.values import CatalogueError
from compliance.oscal import read_catalogue
from compliance.oscal.json_text import MOST_BYTES
from compliance.tests import oscal
from compliance.tests.oscal import catalog, content, control, group


def refusal(data: bytes) -> str:
    with pytest.raises(CatalogueError) as refused:
        read_catalogue(data)
    return str(refused.value)


def with_metadata(**values: Any) -> bytes:
    return content(metadata=values)


def of_control(**values: Any) -> bytes:
    return content(group("hb", control("hb-1"), control("hb-2", **values)))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty."),
        (b"  \n", "The file is empty."),
        (b"<catalog/>", "This is XML. Bring the catalogue in OSCAL's JSON format."),
        (b"catalog:\n  uuid: x", "line 1, column 1: This is no JSON."),
        (b'{"catalog": {"uuid" "x"}}', "line 1, column 21: This is no JSON (Expecting ':' delimiter)."),
        (b'{\n "catalog": {\n', "line 3, column 1: The file ends in the middle: a part of it is missing."),
        (content()[:-40], "The file ends in the middle: a part of it is missing."),
        (b'{"catalog": "\xff"}', "line 1: This is no text in UTF-8"),
        (b"[]", "This is JSON, but no object"),
        (b"3", "This is JSON, but no object"),
        (b"nul", "This is no JSON."),
        (b'{"catalog": []}', "catalog: This has to be an object, and is an array."),
        (b'{"catalog": 7}', "catalog: This has to be an object, and is a number."),
        (b'{"profile": {}}', "This is an OSCAL profile, which chooses from catalogues."),
        (b'{"system-security-plan": {}}', "This is an OSCAL system security plan, and no catalogue."),
        (b'{"vulnerabilities": []}', "This is no OSCAL catalogue: it does not begin with “catalog”."),
        (b'{"catalog": {}}', "catalog: “metadata” is missing here."),
        (content(uuid="7"), "catalog.uuid: “7” is no UUID."),
        (
            with_metadata(**{"oscal-version": "2.0.0"}),
            "catalog.metadata.oscal-version: “2.0.0” is no version of OSCAL",
        ),
        (
            with_metadata(**{"oscal-version": 1.1}),
            "catalog.metadata.oscal-version: This has to be a text, and is a number.",
        ),
        (
            with_metadata(**{"last-modified": "yesterday"}),
            "catalog.metadata.last-modified: “yesterday” is no instant",
        ),
        (with_metadata(**{"last-modified": "2026-05-04T10:00:00"}), "with a time zone"),
        (with_metadata(title="  "), "catalog.metadata.title: This is empty."),
        (with_metadata(version=None), "catalog.metadata.version: This has to be a text, and is null."),
        (content(groups=[]), "catalog: This catalogue holds no controls."),
        (content(group("hb")), "catalog: This catalogue holds no controls."),
        (content(groups={}), "catalog.groups: This has to be an array, and is an object."),
        (content(groups=[[]]), "catalog.groups[0]: This has to be an object, and is an array."),
        (
            of_control(title=["x"]),
            "catalog.groups[0].controls[1].title: This has to be a text, and is an array.",
        ),
        (of_control(title=""), "catalog.groups[0].controls[1]: “title” is missing here."),
        (
            of_control(title="x" * 501),
            "catalog.groups[0].controls[1].title: This text has more than 500 characters.",
        ),
        (of_control(id="a b"), "catalog.groups[0].controls[1].id: “a b” is no identifier: it has a blank."),
        (
            of_control(id="a" * 101),
            "catalog.groups[0].controls[1].id: This text has more than 100 characters.",
        ),
        (of_control(id=None), "catalog.groups[0].controls[1].id: This has to be a text, and is null."),
        (
            of_control(title="a\x00b"),
            "catalog.groups[0].controls[1].title: This text holds a character that stands for nothing.",
        ),
        (
            of_control(title="a\ud800b"),
            "catalog.groups[0].controls[1].title: This text holds a character that stands for nothing.",
        ),
        (
            content(group("hb", control("hb-1")), group("hc", control("hb-1", parts=[]))),
            "catalog.groups[1].controls[0].id: The id “hb-1” is there twice: it stands at catalog.groups[0].controls[0], too.",
        ),
        (
            content(group("hb", control("hb-1")), group("hb", control("hb-2"))),
            "catalog.groups[1].id: The id “hb” is there twice",
        ),
        (
            of_control(parts=[{"id": "hb-1_smt", "name": "statement"}]),
            "catalog.groups[0].controls[1].parts[0].id: The id “hb-1_smt” is there twice",
        ),
        (
            of_control(params=[{"id": "p"}, {"id": "p"}]),
            "catalog.groups[0].controls[1].params[1].id: The parameter “p” is there twice: it stands at catalog.groups[0].controls[1].params[0], too.",
        ),
        (
            of_control(prose="Watch {{ insert: param, nowhere }}."),
            "catalog.groups[0].controls[1].parts[0].prose: There is no parameter “nowhere”, which is to be inserted here.",
        ),
        (of_control(prose="Watch {{ insert: control, hb-1 }}."), "is no insertion of a parameter."),
        (of_control(prose="Watch {{ insert: param, "), "An insertion begins here with {{ and never ends."),
        (of_control(prose="Watch {{ }}."), "“{{ }}” is no insertion of a parameter."),
        (
            of_control(
                prose="{{ insert: param, a }}",
                params=[
                    {"id": "a", "select": {"choice": ["{{ insert: param, b }}"]}},
                    {"id": "b", "values": ["{{ insert: param, a }}"]},
                ],
            ),
            "Parameters insert each other without end: a → b → a.",
        ),
        (
            of_control(params=[{"id": "a", "label": "{{ insert: param, a }}"}]),
            "Parameters insert each other without end: a → a.",
        ),
        (
            of_control(params=[{"id": "a", "select": "x"}]),
            "catalog.groups[0].controls[1].params[0].select: This has to be an object",
        ),
        (
            of_control(links=[{"rel": "related"}]),
            "catalog.groups[0].controls[1].links[0]: “href” is missing here.",
        ),
        (
            of_control(props=[{"name": "label"}]),
            "catalog.groups[0].controls[1].props[0]: “value” is missing here.",
        ),
        (
            of_control(parts=[{"prose": "x"}]),
            "catalog.groups[0].controls[1].parts[0]: “name” is missing here.",
        ),
        (
            b'{"catalog": {"metadata": {"parties": [{"name": "a", "name": "b"}]}}}',
            "catalog.metadata.parties[0]: The key “name” is there twice in this object.",
        ),
        (b'{"catalog": {"uuid": "a"}, "catalog": {}}', "The key “catalog” is there twice in this object."),
        (
            content(**{"back-matter": {"resources": [{"title": "x"}]}}),
            "catalog.back-matter.resources[0]: “uuid” is missing here.",
        ),
    ],
)
def test_the_message_says_where(data: bytes, message: str):
    assert message in refusal(data)


@pytest.mark.parametrize("begin", [b"[", b'{"a":'])
def test_a_hundred_thousand_deep_is_refused_where_it_is_too_deep(begin: bytes):
    assert "line 1, column" in refusal(begin * 100_000)
    assert "more than 200 deep" in refusal(b'{"catalog": ' + begin * 100_000)


def nested(name: str, depth: int, **leaf: Any) -> dict[str, Any]:
    inner: dict[str, Any] = {"id": f"{name}-0", "name": "item", "title": "Leaf", **leaf}
    for number in range(1, depth):
        inner = {"id": f"{name}-{number}", "name": "item", "title": "Branch", name: [inner]}
    return inner


def test_trees_deeper_than_any_standard_are_refused():
    assert "more than 20 deep" in refusal(content(nested("groups", 60, controls=[control("a-1")])))
    assert "more than 20 deep" in refusal(content(controls=[nested("controls", 60)]))
    assert "more than 20 deep" in refusal(of_control(parts=[nested("parts", 60)]))
    assert read_catalogue(content(nested("groups", 12, controls=[nested("controls", 8)]))).nodes


def test_what_is_too_large_is_refused_before_it_is_read():
    assert "larger than 20 MB" in refusal(b" " * (MOST_BYTES + 1))
    tracemalloc.start()
    try:
        assert "more than 1,500,000 values" in refusal(b"[" + b"[]," * 2_000_000 + b"[]]")
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 60 * 1024 * 1024


def test_too_many_controls_are_refused():
    many = [{"id": f"c-{number}", "title": "x"} for number in range(10_001)]
    assert "catalog.controls[10000]: The catalogue has more than 10,000 groups" in refusal(
        content(controls=many, groups=[])
    )


def test_parameters_that_grow_by_doubling_are_refused():
    params: list[dict[str, Any]] = [{"id": "p0", "label": "laughter"}]
    for number in range(1, 40):
        inserted = f"{{{{ insert: param, p{number - 1} }}}}"
        params.append({"id": f"p{number}", "values": [inserted * 10]})
    message = refusal(of_control(prose="{{ insert: param, p39 }}", params=params))
    assert "more than 5,000 characters" in message or "more than 12 deep" in message


def test_many_insertions_of_a_long_parameter_are_refused():
    params = [{"id": "p", "values": ["x" * 4_000]}]
    assert "With its parameters written out" in refusal(
        of_control(prose="{{ insert: param, p }}" * 1_000, params=params)
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        return found + [one for name in value for one in places_in(value[name], (*path, name))]
    if isinstance(value, list):
        return found + [one for place in range(len(value)) for one in places_in(value[place], (*path, place))]
    return found


def rich() -> dict[str, Any]:
    strong = control(
        "hb-1",
        prose="Watch {{ insert: param, p-1 }}.",
        params=[
            {
                "id": "p-1",
                "select": {"how-many": "one-or-more", "choice": ["{{ insert: param, p-2 }}", "now"]},
            },
            {"id": "p-2", "label": "soon", "guidelines": [{"prose": "How soon."}]},
        ],
        links=[{"rel": "related", "href": "#hb-2"}, {"rel": "reference", "href": f"#{oscal.UUID}"}],
        controls=[control("hb-1.1")],
    )
    strong["parts"].append(
        {
            "name": "assessment-method",
            "props": [{"name": "method", "value": "TEST"}],
            "parts": [{"name": "assessment-objects", "prose": "the bell"}],
        }
    )
    resource = {
        "uuid": oscal.UUID,
        "title": "Act",
        "citation": {"text": "Act, 1911"},
        "rlinks": [{"href": "https://example.com/"}],
    }
    return catalog(group("hb", strong, control("hb-2")), **{"back-matter": {"resources": [resource]}})


PLACES = places_in(rich())


@settings(max_examples=250, deadline=None)
@given(path=st.sampled_from(PLACES), value=JSON, removed=st.booleans())
def test_whatever_stands_anywhere_either_reads_or_is_refused(
    path: tuple[Any, ...], value: Any, removed: bool
):
    document: Any = rich()
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    if removed:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    with suppress(CatalogueError):
        assert read_catalogue(json.dumps(document).encode()).nodes


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps({"catalog": value}).encode()))
def test_any_bytes_either_read_or_are_refused(data: bytes):
    with pytest.raises(CatalogueError):
        read_catalogue(data)


@settings(max_examples=200, deadline=None)
@given(cut=st.integers(min_value=0), byte=st.integers(0, 255))
def test_a_catalogue_cut_or_with_a_wrong_byte_is_refused_or_read(cut: int, byte: int):
    whole = json.dumps(rich()).encode()
    place = cut % len(whole)
    with pytest.raises(CatalogueError):
        read_catalogue(whole[:place])
    with suppress(CatalogueError):
        assert read_catalogue(whole[:place] + bytes([byte]) + whole[place + 1 :]).nodes
