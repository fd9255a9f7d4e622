"""Pages that never count all rows, from both ends."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group

from foundation.ui.pagination import BadPage, Page, parse_page, read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> object:
    Group.objects.bulk_create([Group(name=f"{number:03}") for number in range(103)])
    return Group.objects.order_by("name", "pk")


def shown(page: Page) -> list[str]:
    return [group.name for group in page.rows]


def test_below_the_cap_every_page_has_a_number(rows: object) -> None:
    page = read_page(rows, 11, size=10, counted=200)
    assert shown(page) == ["100", "101", "102"]
    assert (page.number, page.first, page.last, page.total, page.is_capped) == (11, 101, 103, 103, False)
    assert (page.previous, page.next, page.final) == (10, None, 11)
    assert page.numbers == [1, None, 10, 11]


def test_above_the_cap_the_end_is_reached_from_the_end(rows: object) -> None:
    last = read_page(rows, -1, size=10, counted=50)
    assert shown(last) == [f"{number:03}" for number in range(93, 103)]
    assert (last.first, last.is_capped, last.previous, last.next) == (0, True, -2, None)
    before = read_page(rows, -2, size=10, counted=50)
    assert shown(before) == [f"{number:03}" for number in range(83, 93)]
    assert (before.previous, before.next) == (-3, -1)
    assert before.numbers == [1, None, -3, -2, -1]


def test_a_capped_list_offers_its_last_page_and_says_so(rows: object) -> None:
    page = read_page(rows, 5, size=10, counted=50)
    assert (page.total, page.is_capped, page.next, page.final) == (50, True, None, -1)
    assert page.numbers == [1, None, 4, 5, None, -1]


def test_negative_numbers_mean_the_same_pages_below_the_cap(rows: object) -> None:
    assert read_page(rows, -1, size=10, counted=200).number == 11


@pytest.mark.parametrize(
    ("number", "counted", "nearest"), [(12, 200, 11), (6, 50, 5), (-6, 50, -5), (-12, 200, 1)]
)
def test_pages_that_are_none_name_the_nearest(rows: object, number: int, counted: int, nearest: int) -> None:
    with pytest.raises(BadPage) as told:
        read_page(rows, number, size=10, counted=counted)
    assert told.value.nearest == nearest


def test_an_empty_list_has_one_page() -> None:
    page = read_page(Group.objects.order_by("pk"), 1)
    assert (page.rows, page.pages, page.first, page.numbers, page.next) == ([], 1, 0, [1], None)


def test_it_takes_two_queries_and_counts_to_the_cap_alone(
    rows: object, django_assert_num_queries: Callable[[int], object]
) -> None:
    with django_assert_num_queries(2) as told:  # type: ignore[attr-defined]
        read_page(rows, 1, size=10, counted=50)
    assert "LIMIT 51" in told.captured_queries[0]["sql"]


@pytest.mark.parametrize("text", ["0", "", "x", "1.5", "99999999999", "--1", "1 OR 1"])
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(BadPage):
        parse_page(text)
