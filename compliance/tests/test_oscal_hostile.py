"""Catalogues that somebody bent on purpose: whatever is done to a file, it reads or is refused, soon and in little memory."""

import copy
import json
import signal
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.catalogues import Catalogue, CatalogueError, Kind
from compliance.catalogues.values import IMPOSSIBLE, KEY_LENGTH, LABEL_LENGTH, TITLE_LENGTH
from compliance.oscal import read_catalogue
from compliance.tests import oscal
from compliance.tests.oscal import content, control, group
from compliance.tests.test_oscal_bad import JSON, places_in, rich

MOST_SECONDS = (
    20.0  # of the processor: what ends ends in a fraction of it, and what does not would take minutes
)
MOST_MEBIBYTES = 400


@contextmanager
def soon() -> Iterator[None]:
    """Stop what takes the processor for too long."""

    def stop(_number: int, _frame: Any) -> None:
        raise TimeoutError(f"more than {MOST_SECONDS} s of the processor")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def small() -> Iterator[None]:
    """Fail when something took too much memory."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1] / 1024 / 1024
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEBIBYTES, f"{peak:.0f} MiB"


def read_or_refused(data: bytes) -> Catalogue | None:
    """Return what a file reads as, fit for the database; None where it is refused, with a message that can be shown."""
    try:
        catalogue = read_catalogue(data)
    except CatalogueError as refused:
        message = str(refused)
        message.encode()  # which it can't be where no page could show it
        return None
    assert not IMPOSSIBLE.search(repr(catalogue))
    assert len(catalogue.label) <= LABEL_LENGTH
    assert len(catalogue.oscal_version) <= 20
    assert len({node.key for node in catalogue.nodes}) == len(catalogue.nodes)
    required = [node.identifier for node in catalogue.nodes if node.kind != Kind.GROUP]
    assert required
    assert len(set(required)) == len(required)
    for place, node in enumerate(catalogue.nodes):
        assert node.parent is None or node.parent < place
        assert 0 < len(node.key) <= KEY_LENGTH
        assert len(node.identifier) <= KEY_LENGTH
        assert 0 < len(node.title) <= TITLE_LENGTH
        assert bool(node.identifier) or node.kind == Kind.GROUP
    return catalogue


def _parent(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path[:-1]:
        document = document[step]
    return document


def bend(document: Any, way: str, place: int, other: int, value: Any) -> None:
    """Do one thing to a document where it says."""
    places = places_in(document)
    if not places:
        return
    path, source = places[place % len(places)], places[other % len(places)]
    inner = _parent(document, path)
    taken = copy.deepcopy(_parent(document, source)[source[-1]])
    if way == "delete":
        del inner[path[-1]]
    elif way == "replace":
        inner[path[-1]] = value
    elif way == "exchange":
        inner[path[-1]] = taken
    elif way == "wrap":
        inner[path[-1]] = [inner[path[-1]]] if place % 2 else {"parts": [inner[path[-1]]]}
    elif way == "nest" and isinstance(inner[path[-1]], list):
        inner[path[-1]].append(taken)
    elif way == "repeat" and isinstance(inner, list):
        inner.insert(path[-1], copy.deepcopy(inner[path[-1]]))
    elif way == "name" and isinstance(inner, dict):
        inner[str(source[-1])] = inner.pop(path[-1])


WAYS = st.sampled_from(["delete", "replace", "exchange", "wrap", "nest", "repeat", "name"])
BENDS = st.lists(st.tuples(WAYS, st.integers(0, 500), st.integers(0, 500), JSON), min_size=1, max_size=5)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BENDS)
def test_a_bent_catalogue_reads_or_is_refused(bends: list[tuple[str, int, int, Any]]) -> None:
    document = rich()
    for way, place, other, value in bends:
        bend(document, way, place, other, value)
    read_or_refused(json.dumps(document).encode())


PROSE = st.text(alphabet="`{}[]()#:, ab\n-", max_size=60) | st.lists(
    st.sampled_from(
        [
            "`",
            "``",
            "{{ insert: param, p-1 }}",
            "{{",
            "}}",
            "{{ }}",
            "[a](#hb-2)",
            "[",
            "](#",
            ")",
            "x",
            "\n",
            "- ",
        ]
    ),
    max_size=14,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(PROSE, PROSE)
def test_any_prose_reads_or_is_refused(prose: str, title: str) -> None:
    params = [{"id": "p-1", "values": ["a `b` c"]}]
    found = read_or_refused(
        content(group("hb", control("hb-1", title or "x", prose, params=params), control("hb-2")))
    )
    if found is not None and "`" not in prose:
        assert "{{" not in found.nodes[1].statement, "outside of code, whatever is to be inserted was"


ONES = "{{ insert: param, p }}"
LONG = [{"id": "p", "values": ["x" * 4_900]}]


def huge(name: str) -> bytes:
    """Return a file that is made to take long, or much memory."""
    controls: dict[str, dict[str, Any]] = {
        "braces": control("c", prose="{{" * 49_000),
        "braces that end": control("c", prose="{{ a" * 24_000 + "}}"),
        "backquotes": control("c", prose=" ".join("`" * number for number in range(1, 440))),
        "brackets": control("c", prose="[" * 99_000 + "](#"),
        "opened links": control("c", prose="[a](#" * 19_000),
        "parts": control("c", parts=[{"name": "item", "prose": ONES * 20}] * 2_000, params=LONG),
        "deep parts": control(
            "c",
            parts=[{"name": "statement", "parts": [{"name": "item", "prose": ONES}] * 10_000}],
            params=LONG,
        ),
        "guidelines": control("c", params=[*LONG, {"id": "q", "guidelines": [{"prose": ONES * 20}] * 2_000}]),
        "objects": control(
            "c",
            params=LONG,
            parts=[
                {
                    "name": "assessment-method",
                    "props": [{"name": "method", "value": "TEST"}],
                    "parts": [{"name": "objects", "prose": ONES * 20}] * 2_000,
                }
            ],
        ),
        "parameters": control(
            "c", params=[*LONG, *({"id": f"q{number}", "values": [ONES]} for number in range(14_000))]
        ),
        "links": control("c", links=[{"rel": "related", "href": f"#x{number}"} for number in range(100_000)]),
        "names": control("c", **{f"n{number}": number for number in range(100_000)}),
        "labels": control("c", props=[{"name": "label", "value": f"l{number}"} for number in range(100_000)]),
    }
    if name in controls:
        return content(group("g", controls[name]))
    if name == "controls":
        many = [control(f"c{number}", prose=ONES * 20) for number in range(800)]
        return content(group("g", *many, params=LONG))
    if name == "addresses":
        resource = {"uuid": "u", "title": "x", "rlinks": [{"href": "https://example.com/" + "x" * 1_900}]}
        many = [control(f"c{number}", prose="[a](#u)" * 14_000) for number in range(20)]
        return content(group("g", *many), **{"back-matter": {"resources": [resource]}})
    if name == "title":
        return content(metadata={"title": "((((-" * 1_999})
    assert name == "groups"
    return content(*({"title": "Same", "controls": []} for _number in range(5_000)), group("g", control("c")))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("braces", "An insertion begins here"),
        ("braces that end", "no parameter “a”"),
        ("backquotes", ""),
        ("brackets", ""),
        ("opened links", ""),
        ("links", ""),
        ("names", ""),
        ("labels", ""),
        ("title", ""),
        ("groups", ""),
    ],
)
def test_what_is_made_to_take_long_ends_soon(name: str, message: str) -> None:
    data = huge(name)
    with soon():
        if message:
            with pytest.raises(CatalogueError, match=message):
                read_catalogue(data)
        else:
            assert read_or_refused(data)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("parts", "characters together"),
        ("deep parts", "characters together"),
        ("guidelines", "more than 100,000 characters"),
        ("objects", "characters together"),
        ("parameters", "longer than can be read"),
        ("controls", "longer than can be read"),
        ("addresses", "longer than can be read"),
    ],
)
def test_what_is_made_to_grow_is_refused_while_it_is_small(name: str, message: str) -> None:
    data = huge(name)
    with soon(), small(), pytest.raises(CatalogueError, match=message):
        read_catalogue(data)


@pytest.mark.parametrize(
    "data",
    [
        b'{"catalog": {"\\ud800": 1, "\\ud800": 2}}',
        b'{"catalog": {"metadata": {"\\ud800": {"a": 1, "a": 2}}}}',
        b'{"catalog": {"' + b"x" * 100_000 + b'": {"a": 1, "a": 2}}}',
        json.dumps({"catalog": {"metadata": "\x00"}}).encode(),
        content(group("hb", control("hb-1", **{"\ud800\x00": 1}))),
        content(
            group("hb", control("hb-1", props=[{"name": "x", "ns": "https://example.com/", "value": "y"}]))
        ),
        content(metadata={"oscal-version": "1.100.100-" + "a" * 20}),
        content(group("hb", control("ß" * KEY_LENGTH, props=[]))),
        content(group("hb", control("hb-1", "{{ insert: param, p }}" + "x" * 470, params=LONG))),
        content(
            group("hb", control("hb-1", f"{ONES} {'x' * 450}", params=[{"id": "p", "values": ["y" * 90]}]))
        ),
        content(
            group("hb", control("hb-1", "[](#u)")), **{"back-matter": {"resources": [{"uuid": oscal.UUID}]}}
        ),
    ],
)
def test_what_no_database_or_page_could_hold_is_refused_or_made_fit(data: bytes) -> None:
    read_or_refused(data)
