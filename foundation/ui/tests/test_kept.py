"""What is drawn once and kept: the same for the same values, and never for others."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse, set_script_prefix
from django.utils.safestring import SafeString

from foundation.testing.cast import Cast
from foundation.ui.addresses import address_of, addresses_of
from foundation.ui.columns import Column, draw_rows
from foundation.ui.components import Badge
from foundation.ui.templatetags.ui import MOST_KEPT
from foundation.ui.tests.sample_pages import GroupFilters

IN_SAMPLE = pytest.mark.urls("foundation.ui.tests.sample_pages")


@pytest.fixture
def browser(cast: Cast, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.analyst)


class Counting:
    """Counts how often it is drawn."""

    def __init__(self) -> None:
        self.times = 0

    def __str__(self) -> str:
        self.times += 1
        return f"drawn {self.times}"


@pytest.fixture
def template() -> Template:
    return Template("{% load ui %}{% kept look theme %}{{ text }} {{ look }}{% endkept %}")


def draw(template: Template, text: Any, look: Any, theme: str = "dark") -> str:
    return template.render(Context({"text": text, "look": look, "theme": theme}))


def test_a_part_is_drawn_once_for_each_of_its_values(template: Template) -> None:
    text = Counting()
    assert [draw(template, text, look) for look in ("a", "b", "a")] == ["drawn 1 a", "drawn 2 b", "drawn 1 a"]
    assert draw(template, text, "a", theme="light") == "drawn 3 a"


def test_markup_does_not_stand_in_for_the_same_characters_as_typed(template: Template) -> None:
    assert draw(template, "", SafeString("<b>")) == " <b>"
    assert draw(template, "", "<b>") == " &lt;b&gt;"


def test_none_among_the_values_keeps_nothing(template: Template) -> None:
    text = Counting()
    assert [draw(template, text, None) for _time in range(2)] == ["drawn 1 None", "drawn 2 None"]


def test_the_oldest_gives_way(template: Template) -> None:
    text = Counting()
    for look in range(MOST_KEPT + 1):
        draw(template, text, look)
    assert draw(template, text, MOST_KEPT) == f"drawn {MOST_KEPT + 1} {MOST_KEPT}", "the newest is kept"
    assert draw(template, text, 0) == f"drawn {MOST_KEPT + 2} 0"


def test_no_more_are_kept_than_is_said(template: Template) -> None:
    for number in range(MOST_KEPT * 2 + 1):
        draw(template, "", number)
    (node,) = [node for node in template.nodelist if hasattr(node, "drawn")]
    assert 0 < len(node.drawn) <= MOST_KEPT


def test_a_cell_that_is_drawn_for_one_row_never_stands_in_for_another() -> None:
    made = ([Badge(f"State {number}")] for number in range(500))  # each may be gone when the next is made
    html = draw_rows([Column("state", "State")], made)
    assert all(f"State {number}<" in html for number in range(500))


@IN_SAMPLE
def test_filters_offer_what_there_is_at_the_moment(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    offered = [("short", "Short")]
    monkeypatch.setitem(GroupFilters.base_filters["size"].extra, "choices", lambda: list(offered))
    assert "Gigantic" not in browser.get("/sample/").content.decode()
    offered.append(("giant", "Gigantic"))
    assert "Gigantic" in browser.get("/sample/").content.decode()


@IN_SAMPLE
def test_the_frame_of_a_list_follows_what_the_address_asks_for(browser: Client) -> None:
    for _time in range(2):
        assert 'value="needle"' in browser.get("/sample/?q=needle").content.decode()
        assert 'value="needle"' not in browser.get("/sample/?q=thread").content.decode()


@pytest.fixture
def below_a_folder() -> Iterator[None]:
    set_script_prefix("/portal/")
    yield
    set_script_prefix("/")


def test_addresses_are_those_of_the_urls() -> None:
    assert address_of("audits:audit-detail", "AUD-0016") == reverse("audits:audit-detail", args=["AUD-0016"])
    assert addresses_of(("desk:desk",)) == (reverse("desk:desk"),)


@pytest.mark.usefixtures("below_a_folder")
def test_addresses_follow_where_the_portal_stands() -> None:
    assert address_of("audits:audit-detail", "AUD-0016").startswith("/portal/")
    assert addresses_of(("desk:desk",)) == ("/portal/",)
