"""Where the lines of a draft stand, and how they come to stand elsewhere."""

from typing import Any

import pytest

from compliance.catalogues.values import MOST_DEPTH
from compliance.models import Edition, RequirementText
from compliance.services import (
    LineGone,
    LineRefused,
    draft_begin,
    edition_accept,
    line_add,
    line_change,
    line_move,
    line_place,
    line_remove,
)
from compliance.tests.factories import NOW, framework_make
from compliance.tests.test_drafts import add, order
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast: Cast) -> Edition:
    """HB with HB-1 (and HB-1(1)), HB-2, HB-3; and QY with QY-1."""
    found = draft_begin(framework=framework_make(cast), label="2.0", actor=cast.analyst, now=NOW)
    add(cast, found, "hb-1", identifier="HB-1(1)")
    add(cast, found, kind="group", identifier="QY")
    add(cast, found, "qy", identifier="QY-1")
    return found


def place(cast: Cast, draft: Edition, key: str, parent: str = "", after: str = "") -> RequirementText:
    def line(name: str) -> RequirementText | None:
        return draft.texts.get(key=name) if name else None

    return line_place(
        line=draft.texts.get(key=key), parent=line(parent), after=line(after), actor=cast.analyst, now=NOW
    )


def keys(draft: Edition) -> list[str]:
    return [key for key, _depth in order(draft)]


def test_a_line_goes_to_another_group_with_all_that_stands_in_it(cast: Cast, draft: Edition) -> None:
    place(cast, draft, "hb-1", "qy")
    assert order(draft) == [
        ("hb", 0),
        ("hb-2", 1),
        ("hb-3", 1),
        ("qy", 0),
        ("qy-1", 1),
        ("hb-1", 1),
        ("hb-1(1)", 2),
    ]
    assert draft.texts.get(key="hb-1").parent.key == "qy"
    entry = Entry.objects.get(action="compliance.line.moved")
    assert entry.after["line"] == "HB-1"


def test_it_comes_behind_the_one_that_is_named(cast: Cast, draft: Edition) -> None:
    place(cast, draft, "qy-1", "hb", "hb-1")
    assert keys(draft) == ["hb", "hb-1", "hb-1(1)", "qy-1", "hb-2", "hb-3", "qy"]
    place(cast, draft, "qy-1", "hb", "qy-1")
    assert keys(draft) == ["hb", "hb-1", "hb-1(1)", "qy-1", "hb-2", "hb-3", "qy"], (
        "behind itself: where it is"
    )
    place(cast, draft, "hb-1", "hb", "hb-2")
    assert keys(draft) == ["hb", "qy-1", "hb-2", "hb-1", "hb-1(1)", "hb-3", "qy"]


def test_groups_go_into_groups_and_to_the_top(cast: Cast, draft: Edition) -> None:
    place(cast, draft, "qy", "hb", "hb-2")
    assert order(draft)[4:] == [("qy", 1), ("qy-1", 2), ("hb-3", 1)]
    place(cast, draft, "qy")
    assert order(draft)[-2:] == [("qy", 0), ("qy-1", 1)]


def test_what_comes_into_a_requirement_strengthens_it_and_what_leaves_one_stands_by_itself(
    cast: Cast, draft: Edition
) -> None:
    assert place(cast, draft, "hb-2", "hb-3").kind == "enhancement"
    assert place(cast, draft, "hb-1(1)", "qy").kind == "requirement"
    assert order(draft)[2:] == [("hb-3", 1), ("hb-2", 2), ("qy", 0), ("qy-1", 1), ("hb-1(1)", 1)]


@pytest.mark.parametrize(
    ("key", "parent", "after", "field", "message"),
    [
        ("qy", "hb-1", "", "parent", "A group stands in a group"),
        ("hb-1", "hb-1(1)", "", "parent", "can't stand in itself"),
        ("hb-1", "hb-1", "", "parent", "can't stand in itself"),
        ("hb-1", "qy", "hb-2", "after", "“HB-2 Duty 2” does not stand there"),
    ],
)
def test_what_can_not_stand_there_is_refused(
    cast: Cast, draft: Edition, *, key: str, parent: str, after: str, field: str, message: str
) -> None:
    before = order(draft)
    with pytest.raises(LineRefused, match=message) as refused:
        place(cast, draft, key, parent, after)
    assert list(refused.value.errors) == [field]
    assert order(draft) == before


def test_nothing_stands_deeper_than_a_version_holds(cast: Cast, draft: Edition) -> None:
    above = draft.texts.get(key="qy-1")
    for number in range(2, MOST_DEPTH):
        above = add(cast, draft, above.key, identifier=f"QY-{number}")
    assert above.depth == MOST_DEPTH - 1
    with pytest.raises(LineRefused, match="stand in each other"):
        place(cast, draft, "hb-1", above.key)
    place(cast, draft, "hb-2", above.key)


def test_lines_that_are_gone_are_told_at_every_door(cast: Cast, draft: Edition) -> None:
    gone, kept = draft.texts.get(key="hb-1(1)"), draft.texts.get(key="hb-2")
    line_remove(line=draft.texts.get(key="hb-1"), actor=cast.ciso, now=NOW)
    before, entries = order(draft), Entry.objects.count()
    who: dict[str, Any] = {"actor": cast.analyst, "now": NOW}
    for door in (
        lambda: line_add(edition=draft, parent=gone, kind="requirement", said={"identifier": "X"}, **who),
        lambda: line_change(line=gone, said={"title": "New"}, digest=gone.digest, **who),
        lambda: line_move(line=gone, up=True, **who),
        lambda: line_place(line=gone, parent=None, after=None, **who),
        lambda: line_place(line=kept, parent=gone, after=None, **who),
        lambda: line_place(line=kept, parent=kept.parent, after=gone, **who),
        lambda: line_remove(line=gone, **who),
    ):
        with pytest.raises(LineGone, match=r"“HB-1\(1\) New” was taken out of the draft meanwhile"):
            door()
    assert order(draft) == before
    assert Entry.objects.count() == entries, "nothing is said of what was not done"


def test_where_there_is_no_room_all_lines_get_new_places(cast: Cast, draft: Edition) -> None:
    """Two lines of a draft may stand so close that none comes between them."""
    for number, pk in enumerate(draft.texts.order_by("position").values_list("pk", flat=True)):
        RequirementText.objects.filter(pk=pk).update(position=number)
    add(cast, draft, "hb-1", identifier="HB-1(2)")
    assert keys(draft) == ["hb", "hb-1", "hb-1(1)", "hb-1(2)", "hb-2", "hb-3", "qy", "qy-1"]
    assert line_move(line=draft.texts.get(key="qy"), up=True, actor=cast.analyst, now=NOW)
    assert keys(draft) == ["qy", "qy-1", "hb", "hb-1", "hb-1(1)", "hb-1(2)", "hb-2", "hb-3"]


def test_many_lines_at_one_place_keep_their_order(cast: Cast, draft: Edition) -> None:
    for number in range(2, 30):
        line = add(cast, draft, "qy", identifier=f"QY-{number}")
        line_place(
            line=line, parent=line.parent, after=draft.texts.get(key="qy-1"), actor=cast.analyst, now=NOW
        )
    assert keys(draft)[6:] == ["qy-1", *(f"qy-{number}" for number in range(29, 1, -1))]
    edition_accept(edition=draft, actor=cast.ciso, now=NOW)
    places = list(draft.texts.order_by("position").values_list("position", flat=True))
    assert places == list(range(len(places)))
