"""The page of a draft: group by group, page by page, and every line with what can be done to it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from compliance.models import Edition, RequirementText
from compliance.services import draft_begin, line_remove
from compliance.tests.factories import NOW, framework_make
from compliance.tests.oscal import content, control, group
from compliance.tests.test_importing import accept
from foundation.accounts.models import User
from foundation.testing.cast import Cast
from foundation.testing.forms import filled
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
DRAFT = "/compliance/FRM-0001/draft/"
LINE = re.compile(
    r'<li data-level="\d+" id="line-\d+">(?:<span.*?</span>)?<a [^>]+><span class="outline-id">([^<]+)<'
)


def begin(cast: Cast, *groups: dict[str, Any]) -> Edition:
    framework = accept(cast, content(*groups)).framework
    return draft_begin(framework=framework, label="2.0", actor=cast.analyst, now=NOW)


def long_group(name: str, count: int) -> dict[str, Any]:
    return group(
        name, *[control(f"{name}-{place}", f"Duty {place}") for place in range(1, count + 1)], title=name
    )


def shown(browser: Client, path: str) -> list[str]:
    """Return the identifiers of the lines that are shown in groups, or found, in their order."""
    answer = browser.get(path)
    assert answer.status_code == 200
    return LINE.findall(answer.content.decode())


def test_a_short_draft_is_shown_whole(cast: Cast, sign_in: SignIn) -> None:
    begin(cast, long_group("g1", 3), long_group("g2", 2))
    assert len(shown(sign_in(cast.analyst), DRAFT)) == 5


def test_a_long_draft_opens_group_by_group_and_page_by_page(cast: Cast, sign_in: SignIn) -> None:
    begin(cast, long_group("g1", 130), long_group("g2", 2))
    browser = sign_in(cast.analyst)
    assert shown(browser, DRAFT) == []
    assert shown(browser, f"{DRAFT}?group=g1") == [f"G1-{place}" for place in range(1, 51)]
    with assert_queries("draft-page"):
        last = shown(browser, f"{DRAFT}?group=g1&page=3")
    assert last == [f"G1-{place}" for place in range(101, 131)]
    assert shown(browser, f"{DRAFT}?group=g1&page=9") == last, "the nearest page that there is"
    assert shown(browser, f"{DRAFT}?group=g2") == ["G2-1", "G2-2"]
    assert shown(browser, f"{DRAFT}?group=none") == []
    part = browser.get(f"{DRAFT}?group=g1&page=2", headers={"HX-Request": "true", "HX-Target": "results"})
    assert part.content.decode().startswith("<form")
    assert "<html" not in part.content.decode()


def test_a_long_draft_without_groups_is_paged(cast: Cast, sign_in: SignIn) -> None:
    draft = begin(cast, group("g1", control("g1-1")))
    for line in draft.texts.order_by("-depth"):
        line.delete()
    rows = [
        RequirementText(
            edition=draft,
            position=place,
            depth=0,
            kind="requirement",
            key=f"a{place}",
            identifier=f"A-{place}",
        )
        for place in range(200)
    ]
    RequirementText.objects.bulk_create(rows)
    browser = sign_in(cast.analyst)
    assert shown(browser, DRAFT)[0] == "A-0"
    assert shown(browser, f"{DRAFT}?page=2")[0] == "A-50"


def test_what_stands_in_no_group_can_be_opened(cast: Cast, sign_in: SignIn) -> None:
    draft = begin(cast, long_group("g1", 130))
    path = f"{DRAFT}new/"
    browser = sign_in(cast.analyst)
    answer = browser.post(path, filled(browser, path, identifier="Z-1", title="Alone"))
    line = draft.texts.get(key="z-1")
    assert answer["Location"] == f"{DRAFT}?group=z-1&page=1#line-{line.pk}"
    assert shown(browser, answer["Location"]) == ["Z-1"]


def test_how_deep_a_line_stands_is_said(cast: Cast, sign_in: SignIn) -> None:
    deepest = control("a-3", "Deepest")
    framework = accept(
        cast, content(group("a", control("a-1", controls=[control("a-2", controls=[deepest])])))
    ).framework
    draft_begin(framework=framework, label="2.0", actor=cast.analyst, now=NOW)
    browser = sign_in(cast.analyst)
    for path in (DRAFT, "/compliance/FRM-0001/"):
        lines = browser.get(path).content.decode().split("<li data-level=")[1:]
        heard = [re.findall(r'<span class="visually-hidden">(Level \d+) </span>', line) for line in lines]
        assert heard == [[], ["Level 2"], ["Level 3"]]


def test_a_line_is_found_by_its_words(cast: Cast, sign_in: SignIn) -> None:
    begin(cast, long_group("g1", 130))
    browser = sign_in(cast.analyst)
    assert shown(browser, f"{DRAFT}?q=G1-77") == ["G1-77"]
    assert len(shown(browser, f"{DRAFT}?q=duty&page=3")) == 30


def test_moving_up_leads_back_to_the_button_on_the_page_where_the_line_now_is(
    cast: Cast, sign_in: SignIn
) -> None:
    draft = begin(cast, long_group("g1", 130))
    browser = sign_in(cast.analyst)
    line = draft.texts.get(key="g1-51")
    moved = browser.post(f"{DRAFT}{line.pk}/up/")
    assert moved["Location"] == f"{DRAFT}?group=g1&page=1#up-{line.pk}"
    page = browser.get(moved["Location"]).content.decode()
    assert f'id="up-{line.pk}"' in page
    assert shown(browser, moved["Location"])[-1] == "G1-51"
    first = draft.texts.get(key="g1-1")
    edge = browser.post(f"{DRAFT}{first.pk}/up/", follow=True)
    assert "G1-1 Duty 1 is the first there already." in edge.content.decode()


def test_a_line_is_moved_to_another_group_in_the_page(cast: Cast, sign_in: SignIn) -> None:
    draft = begin(cast, long_group("g1", 3), long_group("g2", 2))
    browser = sign_in(cast.analyst)
    line = draft.texts.get(key="g1-1")
    path = f"{DRAFT}{line.pk}/place/"
    target = draft.texts.get(key="g2")
    form = filled(browser, path, parent=str(target.pk), after="g2-1")
    assert filled(browser, path)["parent"] == str(line.parent_id), "at first, where it stands"
    assert browser.post(path, form)["Location"] == f"{DRAFT}#line-{line.pk}"
    assert shown(browser, DRAFT) == ["G1-2", "G1-3", "G2-1", "G1-1", "G2-2"]
    bad = browser.post(path, {"parent": str(target.pk), "after": "G1-3"})
    assert bad.status_code == 422
    assert "Nothing there is called “G1-3”." in bad.content.decode()
    browser.post(path, {"parent": "", "strengthens": "g2-2", "after": ""})
    line.refresh_from_db()
    assert (line.kind, line.parent.key, line.depth) == ("enhancement", "g2-2", 2)
    form = filled(browser, path)
    assert (form["strengthens"], form["parent"]) == ("G2-2", str(target.pk))


def test_nothing_is_written_yet(cast: Cast, sign_in: SignIn) -> None:
    framework = framework_make(cast)
    draft = draft_begin(framework=framework, label="2.0", actor=cast.analyst, now=NOW)
    RequirementText.objects.filter(edition=draft, depth=1).delete()
    RequirementText.objects.filter(edition=draft).delete()
    assert "Nothing is written yet" in sign_in(cast.analyst).get(DRAFT).content.decode()


def test_the_framework_says_that_there_is_a_draft_and_what_it_holds_by_now(
    cast: Cast, sign_in: SignIn
) -> None:
    draft = begin(cast, long_group("g1", 3))
    browser = sign_in(cast.analyst)
    assert "Go on with draft 2.0" in browser.get("/compliance/FRM-0001/").content.decode()
    line_remove(line=draft.texts.get(key="g1-2"), actor=cast.analyst, now=NOW)
    page = browser.get("/compliance/FRM-0001/versions/").content.decode()
    assert "1 group, 2 requirements" in page
    assert "Draft a version" not in page
