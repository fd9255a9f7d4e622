"""The page of a requirement, the tree, and what search finds."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from compliance.models import Framework, Requirement, RequirementText
from compliance.selectors import requirements_matching
from compliance.services import draft_begin, edition_accept, line_add
from compliance.tests import oscal
from compliance.tests.factories import NOW, framework_make
from compliance.tests.oscal import content, control, group
from compliance.tests.test_importing import accept, second
from foundation.accounts.models import BusinessUnit, User
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def html_of(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def framework(cast: Cast) -> Framework:
    accept(cast, content())
    return accept(cast, second()).framework


def test_it_shows_what_counts_and_what_changed(cast: Cast, sign_in: SignIn, framework: Framework) -> None:
    requirement = Requirement.objects.get(identifier="HB-1")
    browser = sign_in(cast.auditor)
    browser.get(requirement.get_absolute_url())
    with assert_queries("requirement-detail"):
        page = html_of(browser, requirement.get_absolute_url())
    assert "Keep watch day and night." in page
    assert "What changed since version 1.0" in page
    assert 'Keep watch<ins><span class="visually-hidden">added: </span> day and night</ins>.' in page
    assert "HB-2" in page, "the next one"


def test_an_earlier_text_stays_and_says_that_it_is_one(
    cast: Cast, sign_in: SignIn, framework: Framework
) -> None:
    text = RequirementText.objects.get(key="hb-1", edition__number=1)
    page = html_of(sign_in(cast.auditor), text.get_absolute_url())
    assert "This is what version 1.0 says, which is not the current one." in page
    assert "Keep watch." in page
    assert f'href="{text.requirement.get_absolute_url()}"' in page


def test_what_was_withdrawn_leads_to_what_took_it_up(
    cast: Cast, sign_in: SignIn, framework: Framework
) -> None:
    page = html_of(sign_in(cast.auditor), Requirement.objects.get(identifier="HB-2").get_absolute_url())
    kept = RequirementText.objects.get(key="hb-1", edition__number=2)
    assert "Withdrawn" in page
    assert "Incorporated into" in page
    assert kept.get_absolute_url() in page


def test_it_can_be_compared_with_any_version(cast: Cast, sign_in: SignIn, framework: Framework) -> None:
    path = Requirement.objects.get(identifier="HB-1").get_absolute_url()
    browser = sign_in(cast.auditor)
    assert "What changed since version 1.0" in html_of(browser, f"{path}?against=1")
    for bad in ("7", "x", "9" * 30):
        assert browser.get(f"{path}?against={bad}").status_code == 404


def test_markup_in_a_text_does_no_harm(cast: Cast, sign_in: SignIn) -> None:
    prose = "<script>alert(1)</script> [x](javascript:alert(1)) **bold**"
    edition = accept(cast, content(group("hb", control("hb-1", title="<b>T</b>", prose=prose))))
    page = html_of(sign_in(cast.auditor), edition.texts.get(key="hb-1").get_absolute_url())
    assert "<script>alert" not in page
    assert "javascript:alert" not in page.split("<main", 1)[1].replace("[x](javascript:alert(1))", "")
    assert "<strong>bold</strong>" in page
    assert "&lt;b&gt;T&lt;/b&gt;" in page


def test_a_draft_text_has_no_page_yet(cast: Cast, sign_in: SignIn, framework: Framework) -> None:
    draft = draft_begin(framework=framework, label="3", actor=cast.ciso, now=NOW)
    assert sign_in(cast.ciso).get(draft.texts.get(key="hb-1").get_absolute_url()).status_code == 404


def test_a_long_framework_opens_group_by_group(cast: Cast, sign_in: SignIn) -> None:
    groups = [
        group(
            f"g{number}",
            *[control(f"g{number}-{place}", f"Duty {number}.{place}") for place in range(1, 41)],
            title=f"Group {number}",
        )
        for number in range(1, 6)
    ]
    accept(cast, content(*groups))
    browser = sign_in(cast.auditor)
    closed = html_of(browser, "/compliance/FRM-0001/")
    assert "Group 5" in closed
    assert "Duty 5.1" not in closed
    opened = html_of(browser, "/compliance/FRM-0001/?group=g5")
    assert "Duty 5.40" in opened
    assert "Duty 4.1" not in opened
    found = html_of(browser, "/compliance/FRM-0001/?q=G3-7")
    assert "Duty 3.7" in found
    assert "1 requirement found" in found


def test_the_way_to_a_group_holds_whatever_its_name(cast: Cast, sign_in: SignIn) -> None:
    framework = framework_make(cast, requirements=120)
    draft = draft_begin(framework=framework, label="2.0", actor=cast.ciso, now=NOW)
    who = {"edition": draft, "actor": cast.ciso, "now": NOW}
    within = line_add(parent=None, kind="group", said={"identifier": "R&D", "title": "Research"}, **who)
    said = {"identifier": "RD-1", "title": "Keep apart"}
    line_add(parent=within, kind="requirement", said=said, **who)
    edition_accept(edition=draft, actor=cast.ciso, now=NOW)
    browser = sign_in(cast.auditor)
    page = html_of(browser, Requirement.objects.get(identifier="RD-1").get_absolute_url())
    way = re.search(r'<a href="(/compliance/FRM-0001/\?group=[^"]+)">R&amp;D Research</a>', page)
    assert way
    assert "Keep apart" in html_of(browser, unescape(way[1]))


def test_the_tree_is_narrowed_by_kind_and_method(cast: Cast, sign_in: SignIn) -> None:
    tested = control("hb-1", controls=[control("hb-1.1", "Stronger")])
    tested["parts"].append({"name": "assessment-method", "props": [{"name": "method", "value": "TEST"}]})
    accept(cast, content(group("hb", tested, control("hb-2", "Log"))))
    browser = sign_in(cast.auditor)
    page = html_of(browser, "/compliance/FRM-0001/?kind=enhancement")
    assert "Stronger" in page
    assert "HB-2" not in page
    page = html_of(browser, "/compliance/FRM-0001/?method=test")
    assert "1 requirement found" in page
    assert browser.get("/compliance/FRM-0001/?version=9").status_code == 404


def test_an_earlier_version_can_be_looked_at(cast: Cast, sign_in: SignIn, framework: Framework) -> None:
    page = html_of(sign_in(cast.auditor), "/compliance/FRM-0001/?version=1")
    assert "This is version 1.0, which no longer counts." in page
    assert "HB-3" not in page
    versions = html_of(sign_in(cast.auditor), "/compliance/FRM-0001/versions/")
    assert "/compliance/FRM-0001/versions/2/" in versions
    assert 'Keep watch<ins><span class="visually-hidden">added: </span> day and night</ins>.' in html_of(
        sign_in(cast.auditor), "/compliance/FRM-0001/versions/2/"
    )


@pytest.mark.parametrize(
    ("asked", "first"),
    [("hb-1", "HB-1"), ("HB-3", "HB-3"), ("night", "HB-1"), ("hb 1", "HB-1"), ("ring", "HB-3")],
)
def test_search_finds_it_by_identifier_and_words(
    cast: Cast, framework: Framework, asked: str, first: str
) -> None:
    hits = requirements_matching(user=cast.auditor, text=asked, now=NOW, limit=5)
    assert str(hits[0].title).startswith(first)
    assert hits[0].record.reference == "FRM-0001"


def test_search_bears_any_text_and_shows_what_may_be_read(cast: Cast, framework: Framework) -> None:
    for text in ("", "   ", "%", "'", "\\", "a" * 2_000, "<>", "!!", "hb\x001", "\x00", "\ud800"):
        requirements_matching(user=cast.auditor, text=text, now=NOW, limit=5)
    assert not requirements_matching(user=cast.outsider, text="hb-1", now=NOW, limit=5)
    assert requirements_matching(user=cast.unit_lead, text="hb-1", now=NOW, limit=5), (
        "of a unit, and it holds for all"
    )
    Record.objects.filter(pk=framework.pk).update(confidentiality=Confidentiality.RESTRICTED)
    assert not requirements_matching(user=cast.auditor, text="hb-1", now=NOW, limit=5)


def test_a_framework_of_a_unit_is_read_there_alone(cast: Cast) -> None:
    framework = framework_make(cast, title="Of retail")
    retail = BusinessUnit.objects.get(pk=cast.units.retail.pk)
    Record.objects.filter(pk=framework.pk).update(unit=retail)
    assert not Framework.objects.visible_to(cast.unit_lead).exists()
    assert oscal.UUID
