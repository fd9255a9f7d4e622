"""Who meets what behind the addresses of programmes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from audits.tests.factories import programme_make
from audits.tests.urls.roles import PLANNERS, READERS, WRITERS
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, everyone, only


def of_programme(*more: str) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (programme_make(cast).reference, *more)

    return arguments


def programme_data(cast: Cast) -> Mapping[str, Any]:
    return {
        "title": "Audit programme 2028",
        "year": 2028,
        "unit": cast.units.payments.pk,
        "owner": cast.ciso.pk,
        "confidentiality": "internal",
        "version": 1,
        "submission": str(uuid4()),
    }


ROWS = [
    UrlRow(name="audits:programme-list", get=everyone()),
    UrlRow(
        name="audits:programmes-assign",
        get=only("ciso", "analyst", answer=302),
        post=only("ciso", "analyst", answer=422),
    ),
    UrlRow(
        name="audits:programme-create",
        get=only("ciso", "analyst"),
        post=only("ciso", "analyst", answer=302),
        data=programme_data,
    ),
    UrlRow(name="audits:programme-detail", get=READERS, args=of_programme()),
    UrlRow(name="audits:programme-tab", get=READERS, args=of_programme("history")),
    UrlRow(
        name="audits:programme-edit", get=PLANNERS, post=WRITERS, args=of_programme(), data=programme_data
    ),
    UrlRow(
        name="audits:programme-transition",
        get=PLANNERS,
        post={**WRITERS, "ciso": 422},  # who asks does not decide, and nobody else in the cast may approve
        args=of_programme("submit"),
    ),
]
