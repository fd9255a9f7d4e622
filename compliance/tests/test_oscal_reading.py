"""Reading OSCAL: what the prose, the tree and the links become."""

from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from compliance.catalogues.values import Destination, Kind, MethodNote, Node, Parameter, Reference, Related
from compliance.oscal import read_catalogue
from compliance.tests import oscal
from compliance.tests.oscal import content, control, group

REAL = Path(settings.BASE_DIR).parent / "shared/data/NIST_SP-800-53_rev5_LOW-baseline_catalog.json"


def nodes(*groups: dict[str, object], **more: object) -> dict[str, Node]:
    return {node.key: node for node in read_catalogue(content(*groups, **more)).nodes}


def statement(prose: str, **more: object) -> str:
    return nodes(group("hb", control("hb-1", prose=prose, **more)))["hb-1"].statement


def test_what_is_said_of_the_catalogue():
    read = read_catalogue(
        content(
            metadata={
                "remarks": "For small harbours.",
                "parties": [
                    {"uuid": oscal.OTHER_UUID, "type": "person", "name": "N. Riba"},
                    {"uuid": oscal.UUID, "type": "organization", "name": "Harbour board"},
                ],
                "responsible-parties": [{"role-id": "publisher", "party-uuids": [oscal.UUID.upper()]}],
            }
        )
    )
    assert (read.title, read.label, read.oscal_version) == ("Harbour baseline", "1.0", "1.1.2")
    assert (read.publisher, read.description) == ("Harbour board", "For small harbours.")
    assert read.uuid == UUID(oscal.UUID)
    assert read.last_modified.isoformat() == "2026-05-04T10:00:00+00:00"
    assert read.counts() == {"groups": 1, "controls": 2, "enhancements": 0, "parameters": 0, "withdrawn": 0}


def test_groups_and_controls_stand_where_the_file_has_them():
    inner = group("hb-in", control("hb-3"), title="Inside")
    strong = control("hb-1", controls=[control("hb-1.1"), control("hb-1.2")])
    found = read_catalogue(
        content(group("hb", strong, control("hb-2"), groups=[inner]), controls=[control("top-1")])
    )
    assert [(node.key, node.kind.value, node.depth, node.parent) for node in found.nodes] == [
        ("hb", "group", 0, None),
        ("hb-in", "group", 1, 0),
        ("hb-3", "requirement", 2, 1),
        ("hb-1", "requirement", 1, 0),
        ("hb-1.1", "enhancement", 2, 3),
        ("hb-1.2", "enhancement", 2, 3),
        ("hb-2", "requirement", 1, 0),
        ("top-1", "requirement", 0, None),
    ]


def test_lettered_items_become_nested_lists():
    parts = [
        {
            "name": "statement",
            "prose": "The crew:",
            "parts": [
                {
                    "name": "item",
                    "props": [{"name": "label", "value": "a."}],
                    "prose": "keeps watch",
                    "parts": [
                        {"name": "item", "props": [{"name": "label", "value": "1."}], "prose": "by day; and"},
                        {"name": "item", "props": [{"name": "label", "value": "2."}], "prose": "by night."},
                    ],
                }
            ],
        }
    ]
    text = nodes(group("hb", control("hb-1", parts=parts)))["hb-1"].statement
    assert text == "The crew:\n\n- **a.** keeps watch\n  - **1.** by day; and\n  - **2.** by night."


PARAMS = [
    {"id": "p-label", "label": "period"},
    {"id": "p-value", "label": "period", "values": ["each day"]},
    {"id": "p-one", "select": {"choice": ["by day", "by night"]}},
    {
        "id": "p-more",
        "select": {"how-many": "one-or-more", "choice": ["each {{ insert: param, p-label }}", "at once"]},
    },
    {"id": "p-bare"},
]


@pytest.mark.parametrize(
    ("prose", "reads"),
    [
        ("Watch {{ insert: param, p-label }} .", "Watch [Assignment: period]."),
        ("Watch {{insert:param,p-value}}; log.", "Watch each day; log."),
        ("Watch {{ insert: param, p-one }}.", "Watch [one of: by day; by night]."),
        ("Watch {{ insert: param, p-more }}.", "Watch [one or more of: each [Assignment: period]; at once]."),
        ("Watch {{ p-bare }}.", "Watch [Assignment: p-bare]."),
        ("{{ insert: param, p-label }}: watch", "[Assignment: period] : watch"),
        ("Every {{ insert: param, p-label }}(s)", "Every [Assignment: period] (s)"),
    ],
)
def test_parameters_are_readable_in_the_prose(prose: str, reads: str):
    assert statement(prose, params=PARAMS) == reads


def test_parameters_of_groups_and_of_the_catalogue_are_known_everywhere():
    found = nodes(
        group(
            "hb",
            control("hb-1", prose="{{ insert: param, of-group }} {{ insert: param, of-all }}"),
            params=[{"id": "of-group", "label": "a"}],
        ),
        params=[{"id": "of-all", "label": "b"}],
    )
    assert found["hb-1"].statement == "[Assignment: a] [Assignment: b]"


def test_parameters_are_listed_with_what_is_said_on_setting_them():
    param = {
        "id": "p-1",
        "label": "period",
        "guidelines": [{"prose": "How often."}],
        "constraints": [{"description": "At most a week."}, {}],
    }
    found = nodes(group("hb", control("hb-1", params=[param])))["hb-1"]
    assert found.parameters == (Parameter("p-1", "[Assignment: period]", "How often.\n\nAt most a week."),)


def test_guidance_objectives_and_methods():
    parts = [
        {"name": "statement", "prose": "Watch."},
        {"name": "guidance", "prose": "Two people see more."},
        {"name": "example", "title": "For instance", "prose": "A tower."},
        {
            "name": "assessment-objective",
            "prose": "tell whether:",
            "parts": [
                {
                    "name": "assessment-objective",
                    "props": [{"name": "label", "value": "[01]"}],
                    "prose": "there is a watch",
                }
            ],
        },
        {
            "name": "assessment-method",
            "props": [{"name": "method", "value": "TEST"}],
            "parts": [{"name": "assessment-objects", "prose": "the bell\n\nthe  lamp"}],
        },
        {
            "name": "assessment",
            "props": [{"name": "method", "value": "INTERVIEW"}],
            "parts": [{"name": "objects", "prose": "the crew"}],
        },
    ]
    found = nodes(group("hb", control("hb-1", parts=parts)))["hb-1"]
    assert found.guidance == "Two people see more.\n\n**For instance**\n\nA tower."
    assert found.objectives == "tell whether:\n\n- **[01]** there is a watch"
    assert found.methods == (
        MethodNote("interview", ("the crew",)),
        MethodNote("test", ("the bell", "the lamp")),
    )


def test_links_are_resolved():
    links = [
        {"rel": "related", "href": "#hb-2"},
        {"rel": "related", "href": "#zz-2.1"},
        {"rel": "reference", "href": f"#{oscal.UUID.upper()}"},
        {"rel": "reference", "href": "#00000000-0000-4000-8000-000000000000"},
        {"rel": "reference", "href": "https://example.com/rules", "text": "Rules"},
        {"rel": "reference", "href": "javascript:alert(1)"},
    ]
    resource = {
        "uuid": oscal.UUID,
        "title": "Harbour act",
        "citation": {"text": "Act of the harbour, 1911"},
        "rlinks": [{"href": "act.pdf"}, {"href": "https://example.com/act"}],
    }
    found = nodes(
        group("hb", control("hb-1", links=links), control("hb-2")),
        **{"back-matter": {"resources": [resource]}},
    )["hb-1"]
    assert found.related == (Related("hb-2", "HB-2"), Related("zz-2.1", "ZZ-2(1)"))
    assert found.references == (
        Reference("Harbour act", "Act of the harbour, 1911", "https://example.com/act"),
        Reference("Rules", "", "https://example.com/rules"),
    )


def test_what_was_withdrawn_says_where_it_went_even_in_a_circle():
    def gone(key: str, to: str, rel: str) -> dict[str, object]:
        return control(
            key,
            props=[{"name": "status", "value": "withdrawn"}],
            links=[{"rel": rel, "href": f"#{to}"}],
            parts=[],
        )

    found = nodes(
        group(
            "hb", gone("hb-1", "hb-2", "incorporated-into"), gone("hb-2", "hb-1", "moved-to"), control("hb-3")
        )
    )
    assert found["hb-1"].is_withdrawn
    assert found["hb-1"].withdrawn_to == (Destination("incorporated", "hb-2", "HB-2"),)
    assert found["hb-2"].withdrawn_to == (Destination("moved", "hb-1", "HB-1"),)


def test_identifiers_are_what_is_printed_unless_two_print_the_same():
    padded = [{"name": "label", "value": "HB-01", "class": "zero-padded"}, {"name": "label", "value": "HB-1"}]
    same = [{"name": "label", "value": "1."}]
    found = nodes(
        group(
            "hb",
            control("hb-1", props=padded),
            control("x-1", props=same),
            control("x-2", props=same),
            {"id": "hb-4.2", "title": "No label"},
        )
    )
    assert [found[key].identifier for key in ("hb-1", "x-1", "x-2", "hb-4.2")] == [
        "HB-1",
        "x-1",
        "x-2",
        "HB-4(2)",
    ]


def test_a_group_without_an_id_keeps_its_key_from_version_to_version():
    nameless = [
        {"title": "Quay", "controls": [control("a-1")]},
        {"title": "Quay", "controls": [control("a-2")]},
    ]
    assert [key for key, node in nodes(*nameless).items() if node.kind == Kind.GROUP] == [
        "group-quay",
        "group-quay-2",
    ]


@pytest.mark.skipif(not REAL.exists(), reason=f"no {REAL.name} in ../shared/data")
def test_the_low_baseline_of_nist():
    read = read_catalogue(REAL.read_bytes())
    assert read.counts() == {
        "groups": 18,
        "controls": 131,
        "enhancements": 18,
        "parameters": 445,
        "withdrawn": 0,
    }
    assert read.count(Kind.REQUIREMENT) + read.count(Kind.ENHANCEMENT) == 149
    by_identifier = {node.identifier: node for node in read.nodes}
    for known in ("AC-1", "AC-2", "AT-2(2)", "IA-5(1)", "PL-4(1)", "SI-12", "SR-12"):
        assert known in by_identifier
    assert "to [Assignment: organization-defined personnel or roles]:" in by_identifier["AC-1"].statement
    assert "[one or more of: organization-level; " in by_identifier["AC-1"].statement
    assert [note.method for note in by_identifier["AC-2"].methods] == ["examine", "interview", "test"]
    assert "PM-9" in [one.identifier for one in by_identifier["AC-1"].related]
    assert by_identifier["AC-1"].references[0].url.startswith("https://")
    assert not [node.key for node in read.nodes if "{{" in str(node) or "insert:" in str(node)]
    assert read.key == "nist-special-publication-800-53-low-impact-baseline"
