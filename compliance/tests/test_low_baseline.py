"""The LOW baseline of NIST SP 800-53 goes into the database, by the page and by the command."""

from collections.abc import Callable
from typing import Any

import pytest

from compliance.choices import NodeKind
from compliance.models import Framework, Requirement, RequirementText
from compliance.selectors import requirements_of
from compliance.tests.test_command_import_catalogue import report, run
from compliance.tests.test_oscal_reading import REAL
from compliance.tests.test_views_import import accept, bring, text_of
from foundation.accounts.models import User
from foundation.testing.cast import Cast

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not REAL.exists(), reason=f"no {REAL.name} in ../shared/data"),
]
SignIn = Callable[[User], Any]
TITLE = "NIST Special Publication 800-53 Revision 5.1.1 LOW IMPACT BASELINE"
COUNTS = {"groups": 18, "controls": 131, "enhancements": 18, "parameters": 445, "withdrawn": 0}
# One of each family, the first and the last, and enhancements.
KNOWN = {
    "AC-1": "Policy and Procedures",
    "AC-2": "Account Management",
    "AT-2(2)": "Insider Threat",
    "AU-2": "Event Logging",
    "CM-7": "Least Functionality",
    "CP-9": "System Backup",
    "IA-5(1)": "Password-based Authentication",
    "IR-4": "Incident Handling",
    "PL-4(1)": "Social Media and External Site/Application Usage Restrictions",
    "RA-5(11)": "Public Disclosure Program",
    "SI-2": "Flaw Remediation",
    "SR-12": "Component Disposal",
}


def is_there() -> None:
    """Check what is in the database."""
    framework = Framework.objects.get()
    edition = framework.current
    assert edition is not None
    assert (framework.title, edition.label, edition.oscal_version) == (TITLE, "5.1.1+u4", "1.1.2")
    assert framework.publisher == "Joint Task Force, Transformation Initiative"
    assert (edition.group_count, edition.requirement_count, edition.enhancement_count) == (18, 131, 18)
    assert (edition.parameter_count, edition.withdrawn_count, edition.testable_count) == (445, 0, 149)
    texts = RequirementText.objects.filter(edition=edition)
    assert [texts.filter(kind=kind).count() for kind in NodeKind.values] == [18, 131, 18]
    assert sum(len(text.parameters) for text in texts) == 445
    assert Requirement.objects.count() == requirements_of(edition).count() == 149
    found = {text.identifier: text for text in requirements_of(edition)}
    assert {name: found[name].title for name in KNOWN} == KNOWN
    assert list(found)[:2] + list(found)[-1:] == ["AC-1", "AC-2", "SR-12"]
    assert found["AT-2(2)"].parent.identifier == "AT-2"
    assert found["AC-1"].parent.title == "Access Control"
    first = found["AC-1"]
    assert first.statement.startswith(
        "- **a.** Develop, document, and disseminate to [Assignment: organization-defined personnel or roles]:\n"
        "  - **1.** [one or more of: organization-level; mission/business process-level; system-level]"
        " access control policy that:\n"
    )
    assert "[Assignment: frequency]" in first.statement
    assert first.parameters[1] == {
        "key": "ac-01_odp.01",
        "text": "[Assignment: personnel or roles]",
        "guidance": (
            "personnel or roles to whom the access control policy is to be disseminated is/are defined;"
        ),
    }
    assert [note["method"] for note in found["AC-2"].methods] == ["examine", "interview", "test"]
    written = " ".join(
        f"{text.title} {text.statement} {text.guidance} {text.objectives} {text.methods} {text.parameters}"
        for text in texts
    )
    assert "{{" not in written
    assert "insert:" not in written
    assert "](#" not in written, "no link leads into the file"


def test_by_the_page(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    preview = bring(browser, REAL.read_bytes(), name=REAL.name).url
    page = text_of(browser.get(preview))
    for words in (TITLE, "Accept as a new framework", "445", "131", "AC-1", "the property “alt-identifier”"):
        assert words in page
    assert not Framework.objects.exists()
    done = accept(browser, preview, "new")
    assert "Version 5.1.1+u4 of FRM-0001 is accepted" in text_of(browser.get(done.url))
    is_there()
    again = bring(browser, REAL.read_bytes(), name="again.json").url
    assert "This is there already, as version 5.1.1+u4, and the same." in text_of(browser.get(again))


def test_by_the_command(cast: Cast) -> None:
    said = report(REAL)
    assert (said["imported"], said["framework"], said["counts"]) == (True, "FRM-0001", COUNTS)
    assert said["notes"] == []
    assert {one["what"]: one["count"] for one in said["left_out"]} == {
        "the property “aggregates”": 86,
        "the property “alt-identifier”": 319,
        "the property “alt-label”": 25,
        "the property “contributes-to-assurance”": 71,
        "the property “implementation-level”": 162,
    }
    assert len(said["added"]) == 18 + 149
    is_there()
    out, _err, code = run(REAL)
    assert (out.splitlines()[-1], code) == ("This is there already, and the same. Nothing to import.", 0)
    assert "18 groups, 131 controls, 18 enhancements, 445 parameters; 0 of them withdrawn." in out


def test_its_requirements_are_read_in_the_page(cast: Cast, sign_in: SignIn) -> None:
    run(REAL)
    browser = sign_in(cast.auditor)
    page = text_of(browser.get(Requirement.objects.get(identifier="AU-2").get_absolute_url()))
    assert "Specify the following event types for logging within the system: [Assignment:" in page
    assert "(subset of the event types defined in AU-2a.)" in page
    search = text_of(browser.get("/compliance/FRM-0001/?q=IA-5(1)"))
    assert "Password-based Authentication" in search
