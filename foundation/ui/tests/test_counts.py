"""Several small counts by one statement."""

import pytest
from django.contrib.auth.models import Group

from foundation.ui.counts import count_each

pytestmark = pytest.mark.django_db


def test_each_is_counted_to_a_cap_by_one_statement(django_assert_num_queries) -> None:
    Group.objects.bulk_create(Group(name=f"100% {number}") for number in range(5))
    every = Group.objects.all()
    wanted = [every, every.filter(name__contains="% 3"), every.none(), every.order_by("name")]
    with django_assert_num_queries(1):
        assert count_each(wanted, most=4) == [4, 1, 0, 4]


def test_nothing_costs_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert count_each([]) == []
        assert count_each([Group.objects.none()]) == [0]
