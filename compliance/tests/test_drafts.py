"""Writing a version by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from compliance.catalogues.values import TEXT_LENGTH
from compliance.models import Edition, Framework, Requirement, RequirementText
from compliance.selectors import nodes_of, requirements_of
from compliance.services import (
    EditionRefused,
    LineRefused,
    StaleLine,
    draft_begin,
    draft_drop,
    edition_accept,
    line_add,
    line_change,
    line_move,
    line_place,
    line_remove,
)
from compliance.tests.factories import NOW, framework_make
from foundation.accounts.models import User
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast
from foundation.testing.forms import filled
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Any]


@pytest.fixture
def draft(cast: Cast) -> Edition:
    return draft_begin(framework=framework_make(cast), label="2.0", actor=cast.analyst, now=NOW)


def add(
    cast: Cast, draft: Edition, parent: str = "", kind: str = "requirement", **said: Any
) -> RequirementText:
    inside = draft.texts.get(key=parent) if parent else None
    return line_add(
        edition=draft, parent=inside, kind=kind, said={"title": "New", **said}, actor=cast.analyst, now=NOW
    )


def order(draft: Edition) -> list[tuple[str, int]]:
    rows = draft.texts.order_by("position").values_list("key", "depth", "parent__depth")
    assert all(depth == (0 if above is None else above + 1) for _key, depth, above in rows)
    return [(key, depth) for key, depth, _above in rows]


def test_a_draft_is_a_copy_of_what_counts(cast: Cast, draft: Edition) -> None:
    assert nodes_of(draft) == nodes_of(draft.framework.current)
    with pytest.raises(EditionRefused, match="There is a draft, “2.0”, already"):
        draft_begin(framework=draft.framework, label="3.0", actor=cast.ciso, now=NOW)


def test_lines_are_added_where_they_belong(cast: Cast, draft: Edition) -> None:
    add(cast, draft, "hb-1", identifier="HB-1(1)")
    add(cast, draft, "hb", identifier="HB-4")
    add(cast, draft, kind="group", title="Quay")
    add(cast, draft, "group-quay", identifier="QY-1")
    assert order(draft) == [
        ("hb", 0),
        ("hb-1", 1),
        ("hb-1(1)", 2),
        ("hb-2", 1),
        ("hb-3", 1),
        ("hb-4", 1),
        ("group-quay", 0),
        ("qy-1", 1),
    ]
    assert draft.texts.get(key="hb-1(1)").kind == "enhancement"


@pytest.mark.parametrize(
    ("parent", "kind", "said", "message"),
    [
        ("hb", "requirement", {"identifier": ""}, "This must be filled in."),
        ("hb", "requirement", {"identifier": "hb-2"}, "“hb-2” is there already."),
        ("hb-1", "group", {"identifier": "X"}, "A group stands in a group"),
    ],
)
def test_what_can_not_stand_there_is_refused(
    cast: Cast, draft: Edition, *, parent: str, kind: str, said: dict[str, Any], message: str
) -> None:
    with pytest.raises(LineRefused, match=message):
        add(cast, draft, parent, kind, **said)
    assert draft.texts.count() == 4


def test_lines_move_with_all_that_stands_in_them(cast: Cast, draft: Edition) -> None:
    add(cast, draft, "hb-1", identifier="HB-1(1)")
    line = draft.texts.get(key="hb-1")
    assert line_move(line=line, up=False, actor=cast.analyst, now=NOW)
    assert [key for key, _depth in order(draft)] == ["hb", "hb-2", "hb-1", "hb-1(1)", "hb-3"]
    assert line_move(line=draft.texts.get(key="hb-2"), up=True, actor=cast.analyst, now=NOW) is None
    assert line_move(line=draft.texts.get(key="hb-3"), up=True, actor=cast.analyst, now=NOW)
    assert [key for key, _depth in order(draft)] == ["hb", "hb-2", "hb-3", "hb-1", "hb-1(1)"]


def test_lines_are_removed_with_all_that_stands_in_them(cast: Cast, draft: Edition) -> None:
    add(cast, draft, "hb-1", identifier="HB-1(1)")
    line_remove(line=draft.texts.get(key="hb-1"), actor=cast.analyst, now=NOW)
    assert [key for key, _depth in order(draft)] == ["hb", "hb-2", "hb-3"]
    assert RequirementText.objects.filter(edition=draft.framework.current, key="hb-1").exists()


def test_accepting_lets_the_draft_count_and_fixes_it(cast: Cast, draft: Edition) -> None:
    line = draft.texts.get(key="hb-1")
    line_change(
        line=line,
        said={"identifier": "HB-10", "statement": "Keep good watch."},
        actor=cast.analyst,
        now=NOW,
        digest=line.digest,
    )
    line_remove(line=draft.texts.get(key="hb-3"), actor=cast.analyst, now=NOW)
    add(cast, draft, "hb", identifier="HB-4")
    stood = Requirement.objects.get(key="hb-1")
    edition_accept(edition=draft, actor=cast.ciso, now=NOW)
    framework = Framework.objects.get()
    assert framework.current == draft
    assert list(draft.texts.order_by("position").values_list("position", flat=True)) == [0, 1, 2, 3]
    assert [text.identifier for text in requirements_of(framework.current)] == ["HB-10", "HB-2", "HB-4"]
    stood.refresh_from_db()
    assert stood.identifier == "HB-10", "another number, and the same requirement"
    assert Requirement.objects.get(key="hb-3").is_withdrawn
    after = Entry.objects.get(action="compliance.edition.accepted").after
    assert (after["lines_changed"], after["lines_added"], after["lines_withdrawn"]) == (
        "HB-10",
        "HB-4",
        "HB-3",
    )
    with pytest.raises(EditionRefused, match="no draft any more"):
        add(cast, draft, "hb", identifier="HB-5")
    with pytest.raises(EditionRefused, match="no draft any more"):
        draft_drop(edition=draft, actor=cast.ciso, now=NOW)


def test_a_retired_framework_takes_no_version(cast: Cast, draft: Edition) -> None:
    line, other = draft.texts.get(key="hb-1"), draft.texts.get(key="hb-2")
    apply_transition(record=draft.framework, name="retire", actor=cast.ciso, now=NOW, comment="Gone")
    before = order(draft)
    doors: list[Callable[[], Any]] = [
        lambda: edition_accept(edition=draft, actor=cast.ciso, now=NOW),
        lambda: add(cast, draft, "hb", identifier="HB-9"),
        lambda: line_change(line=line, said={"title": "New"}, actor=cast.ciso, now=NOW, digest=line.digest),
        lambda: line_move(line=other, up=True, actor=cast.ciso, now=NOW),
        lambda: line_place(line=other, parent=line, after=None, actor=cast.ciso, now=NOW),
        lambda: line_remove(line=other, actor=cast.ciso, now=NOW),
    ]
    for door in doors:
        with pytest.raises(EditionRefused, match="FRM-0001 is retired"):
            door()
    assert order(draft) == before
    assert draft.texts.get(key="hb-1").title == line.title
    draft_drop(edition=draft, actor=cast.ciso, now=NOW)
    with pytest.raises(EditionRefused, match="is retired"):
        draft_begin(framework=draft.framework, label="3.0", actor=cast.ciso, now=NOW)


def test_dropping_leaves_what_counts(cast: Cast, draft: Edition) -> None:
    draft_drop(edition=draft, actor=cast.analyst, now=NOW)
    assert Edition.objects.get() == Framework.objects.get().current


def test_a_stale_change_is_told(cast: Cast, draft: Edition) -> None:
    line = draft.texts.get(key="hb-1")
    line_change(line=line, said={"title": "Theirs"}, actor=cast.ciso, now=NOW, digest=line.digest)
    with pytest.raises(StaleLine):
        line_change(line=line, said={"title": "Mine"}, actor=cast.analyst, now=NOW, digest=line.digest)


def test_a_framework_is_written_by_hand_in_the_pages(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.analyst)
    form = filled(browser, "/compliance/new/", title="Quay rules", publisher="Harbour board")
    begun = browser.post("/compliance/new/", form)
    draft = "/compliance/FRM-0001/draft/"
    assert begun.url == draft
    assert browser.post("/compliance/new/", form).url == draft, "sent twice, it is made once"
    assert Framework.objects.count() == 1
    browser.post(f"{draft}new/", {"kind": "group", "title": "Quay"})
    group = RequirementText.objects.get()
    answer = browser.post(f"{draft}new/", filled(browser, f"{draft}new/?in={group.pk}", title="Watch"))
    assert answer.status_code == 422
    assert "This must be filled in." in answer.content.decode()
    browser.post(
        f"{draft}new/?in={group.pk}",
        {
            "kind": "requirement",
            "parent": group.pk,
            "identifier": "QY-1",
            "title": "Watch",
            "methods": ["test"],
            "related": "QY-2; X-1",
        },
    )
    line = RequirementText.objects.get(key="qy-1")
    assert line.methods == [{"method": "test", "objects": []}]
    edit = f"{draft}{line.pk}/"
    browser.post(edit, filled(browser, edit, statement="Keep watch."))
    page = browser.get(f"{draft}accept/").content.decode()
    assert "QY-1" in page
    stale = browser.post(f"{draft}accept/", {"seen": "x"})
    assert stale.status_code == 409
    seen = page.split('name="seen" value="', 1)[1].split('"', 1)[0]
    assert browser.post(f"{draft}accept/", {"seen": seen}).url == "/compliance/FRM-0001/"
    assert Framework.objects.get().current.texts.get(key="qy-1").statement == "Keep watch."


def test_a_stale_line_shows_both_versions(cast: Cast, sign_in: SignIn, draft: Edition) -> None:
    browser = sign_in(cast.analyst)
    line = draft.texts.get(key="hb-1")
    path = f"/compliance/FRM-0001/draft/{line.pk}/"
    form = filled(browser, path, title="Mine")
    line_change(line=line, said={"title": "Theirs"}, actor=cast.ciso, now=NOW, digest=line.digest)
    answer = browser.post(path, form)
    assert answer.status_code == 409
    for title in ("Mine", "Theirs"):
        assert title in answer.content.decode()


def test_a_line_as_long_as_a_file_may_bring_it_is_edited_by_hand(
    cast: Cast, sign_in: SignIn, draft: Edition
) -> None:
    browser = sign_in(cast.analyst)
    line = draft.texts.get(key="hb-1")
    said = {"guidance": "a" * TEXT_LENGTH}
    line_change(line=line, said=said, actor=cast.ciso, now=NOW, digest=line.digest)
    path = f"/compliance/FRM-0001/draft/{line.pk}/"
    form = filled(browser, path, title="Mine")
    assert browser.post(path, {**form, "guidance": form["guidance"] + "a"}).status_code == 422
    assert browser.post(path, form).status_code == 302
    line = draft.texts.get(key="hb-1")
    assert (line.title, len(line.guidance)) == ("Mine", TEXT_LENGTH)


def test_moving_and_removing_in_the_pages(cast: Cast, sign_in: SignIn, draft: Edition) -> None:
    browser = sign_in(cast.analyst)
    line = draft.texts.get(key="hb-3")
    assert browser.post(f"/compliance/FRM-0001/draft/{line.pk}/move/up/").status_code == 404
    browser.post(f"/compliance/FRM-0001/draft/{line.pk}/up/")
    assert [key for key, _depth in order(draft)] == ["hb", "hb-1", "hb-3", "hb-2"]
    browser.post(f"/compliance/FRM-0001/draft/{line.pk}/remove/")
    assert [key for key, _depth in order(draft)] == ["hb", "hb-1", "hb-2"]
    browser.post("/compliance/FRM-0001/draft/drop/")
    assert not Edition.objects.filter(label="2.0").exists()


def test_a_framework_is_renamed_but_not_to_a_name_that_is_taken(cast: Cast, sign_in: SignIn) -> None:
    framework_make(cast, title="Quay rules")
    framework = framework_make(cast)
    browser = sign_in(cast.analyst)
    path = f"{framework.get_absolute_url()}edit/"
    answer = browser.post(path, filled(browser, path, title="QUAY  rules"))
    assert answer.status_code == 422
    assert "FRM-0001 is called “Quay rules” already." in answer.content.decode()
    assert browser.post(path, filled(browser, path, title="Harbour rules")).status_code == 302
    assert Framework.objects.get(pk=framework.pk).name_key == "harbour rules"
