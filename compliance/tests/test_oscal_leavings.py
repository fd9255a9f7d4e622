"""What a catalogue says beyond its requirements: kept readable where it can be, and named where it can not."""

from typing import Any

import pytest

from compliance.catalogues import Catalogue, CatalogueError, Destination, MethodNote, Node, Parameter, Related
from compliance.oscal import read_catalogue
from compliance.oscal.leavings import MOST_KINDS
from compliance.tests import oscal
from compliance.tests.oscal import content, control, group


def read(*groups: dict[str, Any], **more: Any) -> Catalogue:
    return read_catalogue(content(*groups, **more))


def one(**more: Any) -> Node:
    """Return the only control of a catalogue."""
    return read(group("hb", control("hb-1", **more))).nodes[1]


def left(catalogue: Catalogue) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {out.what: (out.count, out.places) for out in catalogue.left_out}


CONTROL = "catalog.groups[0].controls[0]"


def test_parts_at_the_top_keep_their_titles_and_labels():
    parts = [
        {"name": "statement", "title": "Duty", "props": [{"name": "label", "value": "A"}], "prose": "Watch."},
        {"name": "statement", "props": [{"name": "label", "value": "B"}], "prose": "Ring."},
        {"name": "guidance", "title": "Why", "prose": "Fog."},
        {"name": "assessment-objective", "props": [{"name": "label", "value": "hb-1"}], "prose": "Was it?"},
    ]
    found = one(parts=parts)
    assert found.statement == "**Duty**\n\n**A** Watch.\n\n**B** Ring."
    assert found.guidance == "**Why**\n\nFog."
    assert found.objectives == "Was it?", "what the control is called itself says nothing new"


def test_parts_of_unknown_kinds_are_read_under_their_names_wherever_they_stand():
    parts = [
        {
            "name": "statement",
            "prose": "Watch:",
            "parts": [{"name": "item", "prose": "by day"}, {"name": "hint", "prose": "look up"}],
        },
        {"name": "tariff", "prose": "A coin.", "parts": [{"name": "item", "prose": "of silver"}]},
        {"name": "statement", "ns": "https://example.com/ns", "prose": "Somebody else's."},
    ]
    found = one(parts=parts)
    assert found.statement == "Watch:\n\n- by day\n- **hint** look up"
    assert found.guidance == "**tariff**\n\nA coin.\n\n- of silver\n\n**statement**\n\nSomebody else's."


def test_methods_of_unknown_kinds_stand_among_the_objectives_and_none_of_their_objects_is_lost():
    def method(value: str, *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
        props = [{"name": "method", "value": value}] if value else []
        return {"name": "assessment-method", "props": props, "parts": list(parts), **more}

    parts = [
        {"name": "assessment-objective", "prose": "Was it?"},
        method("OBSERVE", {"name": "assessment-objects", "prose": "the quay\n\nthe crane"}),
        method("", {"name": "objects", "prose": "a bell"}),
        method(
            "TEST",
            {
                "name": "assessment-objects",
                "prose": "the bell",
                "parts": [{"name": "objects", "prose": "its rope"}],
            },
            {"name": "tool", "title": "Hammer", "prose": "of wood"},
            title="At noon",
        ),
    ]
    found = one(parts=parts)
    assert found.objectives == (
        "Was it?\n\n**OBSERVE**\n\n- the quay\n- the crane\n\n**assessment-method**\n\n- a bell"
    )
    assert found.methods == (MethodNote("test", ("At noon", "the bell", "its rope", "Hammer", "of wood")),)


def test_parameters_keep_what_a_value_stands_for():
    params = [
        {"id": "a", "label": "period", "values": ["a week"], "usage": "As short as can be."},
        {"id": "b", "label": "period", "select": {"choice": ["a day"]}},
        {"id": "c", "values": ["noon"], "select": {"choice": ["noon", "midnight"]}},
    ]
    assert one(params=params).parameters == (
        Parameter("a", "a week", "period\n\nAs short as can be."),
        Parameter("b", "[one of: a day]", "period"),
        Parameter("c", "noon", "midnight"),
    )


def test_what_went_into_an_item_says_into_which():
    parts = [
        {
            "id": "hb-2_smt",
            "name": "statement",
            "parts": [
                {
                    "id": "hb-2_smt.k",
                    "name": "item",
                    "props": [{"name": "label", "value": "k."}],
                    "parts": [
                        {"id": "hb-2_smt.k.1", "name": "item", "props": [{"name": "label", "value": "1."}]}
                    ],
                }
            ],
        }
    ]
    links = [
        {"rel": "incorporated-into", "href": f"#{key}"}
        for key in ("hb-2_smt.k", "hb-2_smt.k.1", "hb-2_smt", "zz-2.1_smt.b", "hb")
    ]
    gone = control("hb-1", links=links, props=[{"name": "status", "value": "withdrawn"}], parts=[])
    assert read(group("hb", gone, control("hb-2", parts=parts))).nodes[1].withdrawn_to == (
        Destination("incorporated", "hb-2", "HB-2 k."),
        Destination("incorporated", "hb-2", "HB-2 k.1."),
        Destination("incorporated", "hb-2", "HB-2"),
        Destination("incorporated", "zz-2.1", "ZZ-2(1) b."),
        Destination("incorporated", "hb", "HB"),
    )


def test_braces_in_code_are_meant_as_they_stand():
    params = [{"id": "p", "values": ["now"]}]
    found = one(
        prose="Write `{{ }}` or ``a `{{ insert: param, q }}` b``, {{ insert: param, p }}.", params=params
    )
    assert found.statement == "Write `{{ }}` or ``a `{{ insert: param, q }}` b``, now."
    with pytest.raises(CatalogueError, match="no parameter “q”"):
        one(prose="`Write {{ insert: param, q }}.")
    with pytest.raises(CatalogueError, match="no parameter “q”"):
        one(prose="``Write` {{ insert: param, q }}.")


@pytest.mark.parametrize(
    ("param", "where"),
    [
        ({"id": "p", "label": "{{ insert: param, q }}"}, "label"),
        ({"id": "p", "values": ["x"], "label": "{{ insert: param, q }}"}, "label"),
        ({"id": "p", "values": ["x"], "select": {"choice": ["{{ insert: param, q }}"]}}, "select.choice[0]"),
        ({"id": "p", "usage": "{{ insert: param, q }}"}, "usage"),
        ({"id": "p", "guidelines": [{"prose": "{{ insert: param, q }}"}]}, "guidelines[0].prose"),
        (
            {"id": "p", "constraints": [{"description": "{{ insert: param, q }}"}]},
            "constraints[0].description",
        ),
    ],
)
@pytest.mark.parametrize("of", ["catalog", "catalog.groups[0]", CONTROL])
def test_parameters_that_nothing_inserts_are_read_too(param: dict[str, Any], where: str, of: str):
    def refusal(params: list[dict[str, Any]]) -> str:
        more = {"params": params}
        of_control, of_group, of_all = (
            more if of == name else {} for name in (CONTROL, "catalog.groups[0]", "catalog")
        )
        with pytest.raises(CatalogueError) as refused:
            read(group("hb", control("hb-1", **of_control), **of_group), **of_all)
        return str(refused.value)

    assert (
        refusal([param])
        == f"{of}.params[0].{where}: There is no parameter “q”, which is to be inserted here."
    )
    circle = {"id": "q", "label": "{{ insert: param, r }}"}, {"id": "r", "label": "{{ insert: param, q }}"}
    assert "Parameters insert each other without end: " in refusal([param, *circle])


def test_labels_of_other_namespaces_are_somebody_elses():
    props = [
        {"name": "label", "ns": "https://example.com/ns", "value": "X-9"},
        {"name": "status", "ns": "https://example.com/ns", "value": "withdrawn"},
    ]
    catalogue = read(group("hb", control("hb-1", props=props)))
    assert (catalogue.nodes[1].identifier, catalogue.nodes[1].is_withdrawn) == ("HB-1", False)
    assert left(catalogue) == {
        "the property “label” of https://example.com/ns": (1, (f"{CONTROL}.props[0]",)),
        "the property “status” of https://example.com/ns": (1, (f"{CONTROL}.props[1]",)),
    }


def test_a_publication_that_is_there_twice_is_refused():
    twice = [{"uuid": oscal.UUID, "title": "Act"}, {"uuid": oscal.UUID.upper(), "title": "Other"}]
    with pytest.raises(CatalogueError) as refused:
        read(**{"back-matter": {"resources": twice}})
    assert str(refused.value) == (
        f"catalog.back-matter.resources[1].uuid: The id “{oscal.UUID}” is there twice:"
        " it stands at catalog.back-matter.resources[0], too."
    )


def test_a_group_in_a_control_is_refused_since_its_requirements_would_be_lost():
    with pytest.raises(
        CatalogueError, match="A group stands in a group or in the catalogue, and not in a control"
    ):
        read(group("hb", control("hb-1", groups=[group("in", control("in-1"))])))


def test_a_label_that_two_controls_have_is_named():
    same = [{"name": "label", "value": "1."}]
    catalogue = read(
        group("hb", control("hb-1", "Watch", props=same), control("hb-2", "Ring", "Ring.", props=same))
    )
    assert [node.identifier for node in catalogue.nodes[1:]] == ["hb-1", "hb-2"]
    assert left(catalogue) == {
        "the label “1.”, which more than one control has: their ids stand for it": (
            2,
            (CONTROL, "catalog.groups[0].controls[1]"),
        )
    }


def test_links_within_the_file_lead_somewhere_or_are_words():
    resource = {"uuid": oscal.UUID, "title": "Act", "rlinks": [{"href": "https://example.com/act_(1911)"}]}
    paper = {"uuid": oscal.OTHER_UUID, "title": "Old paper"}
    gone = "00000000-0000-4000-8000-000000000000"
    prose = (
        f"See [the act](#{oscal.UUID.upper()}), [](#{oscal.OTHER_UUID}), [paper](#{oscal.OTHER_UUID}), [HB-2](#hb-2),"
        f" [](#hb-2_smt), [gone](#{gone}), `[x](#hb-2)`, [web](https://example.com/)."
    )
    catalogue = read(
        group(
            "hb",
            control(
                "hb-1",
                prose=prose,
                links=[
                    {"rel": "reference", "href": f"#{gone}"},
                    {"rel": "related", "href": f"#{oscal.OTHER_UUID}"},
                    {"rel": "related", "href": "#hb-2"},
                ],
            ),
            control("hb-2"),
        ),
        **{"back-matter": {"resources": [resource, paper]}},
    )
    found = catalogue.nodes[1]
    assert found.statement == (
        "See [the act](<https://example.com/act_(1911)>), Old paper, paper, HB-2, HB-2, gone, `[x](#hb-2)`,"
        " [web](https://example.com/)."
    )
    assert found.related == (Related("hb-2", "HB-2"),)
    assert [one.title for one in found.references] == ["Old paper"]
    assert left(catalogue) == {"links to what is not in the file": (2, (CONTROL, f"{CONTROL}.links[0]"))}


def test_what_oscal_does_not_know_or_no_page_shows_is_counted_with_its_first_places():
    strange = control("hb-1", colour="red", links=[{"rel": "corresp", "href": "#hb-2"}])
    strange["props"].append({"name": "priority", "value": "P1", "remarks": "Soon."})
    strange["parts"][0]["links"] = [{"rel": "reference", "href": "https://example.com/"}]
    strange["params"] = [{"id": "p", "remarks": "x", "links": [], "props": [{"name": "alt", "value": "q"}]}]
    catalogue = read(
        group("hb", strange, *(control(f"hb-{number}", colour="blue") for number in range(2, 6))),
        weather="fair",
        **{"back-matter": {"resources": [{"uuid": oscal.UUID, "title": "Act", "base64": {}}]}},
    )
    assert left(catalogue) == {
        "links “corresp”": (1, (f"{CONTROL}.links[0]",)),
        "“weather” of a catalogue, which OSCAL does not know": (1, ("catalog.weather",)),
        "“colour” of a control, which OSCAL does not know": (
            5,
            tuple(f"catalog.groups[0].controls[{place}].colour" for place in range(3)),
        ),
        "“remarks” of a parameter": (1, (f"{CONTROL}.params[0].remarks",)),
        "“links” of a parameter": (1, (f"{CONTROL}.params[0].links",)),
        "the property “alt”": (1, (f"{CONTROL}.params[0].props[0]",)),
        "the property “priority”": (1, (f"{CONTROL}.props[1]",)),
        "“remarks” of a property": (1, (f"{CONTROL}.props[1].remarks",)),
        "links of parts": (1, (f"{CONTROL}.parts[0].links[0]",)),
        "“base64” of a publication": (1, ("catalog.back-matter.resources[0].base64",)),
    }


def test_of_very_many_kinds_the_rest_is_one():
    catalogue = read(**{f"strange-{number}": 1 for number in range(5_000)})
    assert len(catalogue.left_out) == MOST_KINDS + 1
    assert (catalogue.left_out[-1].what, catalogue.left_out[-1].count) == ("others", 5_000 - MOST_KINDS)


@pytest.mark.parametrize("version", ["1.0.0", "1.0.4", "1.1.2", "1.1.3"])
def test_versions_of_oscal_that_are_known_need_no_note(version: str):
    assert read(metadata={"oscal-version": version}).notes == ()


@pytest.mark.parametrize("version", ["1.2.0", "1.10.0", "1.0.0-rc1"])
def test_a_version_of_oscal_that_is_not_known_is_read_with_a_note(version: str):
    (note,) = read(metadata={"oscal-version": version}).notes
    assert note.startswith(f"The file is OSCAL {version}, and 1.0 and 1.1 are what is known here.")
