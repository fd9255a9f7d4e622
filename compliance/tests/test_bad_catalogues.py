"""What can be wrong with a catalogue, brought in the page and by the command: each says where, and nothing is written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compliance.models import Edition, Framework, Requirement, RequirementText
from compliance.oscal import MOST_BYTES
from compliance.tests import oscal
from compliance.tests.oscal import content, control, group
from compliance.tests.test_command_import_catalogue import report, run
from compliance.tests.test_importing import accept as imported
from compliance.tests.test_oscal_bad import nested, of_control
from compliance.tests.test_views_import import accept, bring, text_of
from foundation.accounts.models import User
from foundation.records.models import ImportFile
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Any]

SECOND = "catalog.groups[0].controls[1]"
INSERT = "{{ insert: param, %s }}"
CIRCLE: list[dict[str, Any]] = [
    {"id": "a", "label": INSERT % "b"},
    {"id": "b", "values": [INSERT % "c"]},
    {"id": "c", "select": {"choice": [INSERT % "a"]}},
]
BAD: dict[str, tuple[bytes, str, str]] = {
    "malformed": (b'{"catalog": {"uuid": x}}', "line 1, column 22", "This is no JSON"),
    "truncated": (content()[:-60], "line 1, column", "The file ends in the middle"),
    "not text": (b'{"catalog": "\xff\xfe"}', "line 1", "no text in UTF-8"),
    "another model": (b'{"profile": {}}', "", "This is an OSCAL profile"),
    "deeply nested JSON": (b'{"catalog": ' + b"[" * 50_000, "line 1, column 212", "more than 200 deep"),
    "deeply nested groups": (
        content(nested("groups", 60, controls=[control("a-1")])),
        "catalog.groups[0]" + ".groups[0]" * 20,
        "more than 20 deep",
    ),
    "deeply nested parts": (
        of_control(parts=[nested("parts", 60)]),
        SECOND + ".parts[0]" * 21,
        "more than 20 deep",
    ),
    "enormous": (b'{"catalog": "' + b"x" * MOST_BYTES + b'"}', "", "larger than 20 MB"),
    "enormous in values": (b'{"catalog": [' + b"[]," * 1_600_000 + b"[]]}", "", "more than 1,500,000 values"),
    "enormous in controls": (
        content(controls=[{"id": f"c-{number}", "title": "x"} for number in range(10_001)], groups=[]),
        "catalog.controls[10000]",
        "more than 10,000 groups and controls",
    ),
    "enormous text": (
        of_control(prose="x" * 100_001),
        f"{SECOND}.parts[0].prose",
        "more than 100,000 characters",
    ),
    "cyclic parameters": (of_control(params=CIRCLE), f"{SECOND}.params[2].select.choice[0]", "a → b → c → a"),
    "a parameter of itself": (
        of_control(params=[{"id": "a", "label": INSERT % "a"}]),
        f"{SECOND}.params[0].label",
        "Parameters insert each other without end: a → a.",
    ),
    "unknown parameter": (
        of_control(prose=INSERT % "nowhere"),
        f"{SECOND}.parts[0].prose",
        "There is no parameter “nowhere”",
    ),
    "unknown parameter in one that is not used": (
        of_control(params=[{"id": "a", "values": ["x"], "label": INSERT % "nowhere"}]),
        f"{SECOND}.params[0].label",
        "There is no parameter “nowhere”",
    ),
    "control twice": (
        content(group("hb", control("hb-1")), group("hc", control("hb-1", parts=[]))),
        "catalog.groups[1].controls[0].id",
        "The id “hb-1” is there twice: it stands at catalog.groups[0].controls[0], too.",
    ),
    "control like a group": (
        content(group("hb", control("hb"))),
        "catalog.groups[0].controls[0].id",
        "there twice",
    ),
    "parameter twice": (
        of_control(params=[{"id": "p"}, {"id": "p"}]),
        f"{SECOND}.params[1].id",
        "The parameter “p” is there twice",
    ),
    "key twice": (
        b'{"catalog": {"metadata": {"title": "a", "title": "b"}}}',
        "catalog.metadata",
        "The key “title” is there twice",
    ),
    "key that is no letter twice": (
        b'{"catalog": {"\\ud800": 1, "\\ud800": 2}}',
        "catalog",
        "The key “\N{REPLACEMENT CHARACTER}” is there twice",
    ),
}


def nothing_written() -> bool:
    written = (Framework, Edition, Requirement, RequirementText, ImportFile)
    return not any(model.objects.exists() for model in written) and not Entry.objects.filter(
        action__startswith="compliance."
    )


@pytest.mark.parametrize("name", BAD)
def test_the_page_says_where_and_writes_nothing(cast: Cast, sign_in: SignIn, name: str) -> None:
    data, where, message = BAD[name]
    answer = bring(sign_in(cast.analyst), data)
    assert answer.status_code == 422
    page = text_of(answer)
    assert where in page
    assert message in page
    assert nothing_written()


@pytest.mark.parametrize("name", BAD)
def test_the_command_says_where_and_writes_nothing(cast: Cast, tmp_path: Path, name: str) -> None:
    data, where, message = BAD[name]
    path = tmp_path / "bad.json"
    path.write_bytes(data)
    out, err, code = run(path)
    assert (out, code) == ("", 1)
    assert err.startswith(where)
    assert message in err
    assert report(path)["error"] == err.rstrip("\n")
    assert nothing_written()


def test_another_standard_of_the_same_name_is_refused_in_page_and_command(
    cast: Cast, sign_in: SignIn, tmp_path: Path
) -> None:
    imported(cast, content(metadata={"document-ids": [{"identifier": "one"}]}))
    other = content(uuid=oscal.OTHER_UUID, metadata={"document-ids": [{"identifier": "two"}]})
    refusal = "FRM-0001 is called “Harbour baseline” already."
    browser = sign_in(cast.analyst)
    preview = bring(browser, other).url
    page = text_of(browser.get(preview))
    assert refusal in page
    assert "Accept" not in page.replace("Accepted", "")
    assert accept(browser, preview, "new").status_code == 422
    path = tmp_path / "other.json"
    path.write_bytes(other)
    out, err, code = run(path)
    assert (out, code) == ("", 1)
    assert err.startswith(refusal)
    assert "choose that framework; if not, give this one another name." in err
    assert (Framework.objects.count(), Edition.objects.count()) == (1, 1)
    assert report(path)["error"].startswith(refusal)
    assert run(path, "--name", "Other baseline")[2] == 0


def test_the_preview_and_the_command_name_what_is_left_out(
    cast: Cast, sign_in: SignIn, tmp_path: Path
) -> None:
    data = content(
        group("hb", *(control(f"hb-{number}", colour="red") for number in range(5))),
        metadata={"oscal-version": "1.2.0"},
    )
    browser = sign_in(cast.analyst)
    page = text_of(browser.get(bring(browser, data).url))
    assert "The file is OSCAL 1.2.0, and 1.0 and 1.1 are what is known here." in page
    assert "“colour” of a control, which OSCAL does not know" in page
    assert "5 times: <code>catalog.groups[0].controls[0].colour</code>" in page
    path = tmp_path / "harbour.json"
    path.write_bytes(data)
    out, _err, code = run(path)
    assert code == 0
    assert "Note: The file is OSCAL 1.2.0" in out
    assert (
        "Left out: “colour” of a control, which OSCAL does not know, 5 times, at catalog.groups[0].controls[0].colour,"
    ) in out
    said = report(path)
    assert said["left_out"][0]["count"] == 5
