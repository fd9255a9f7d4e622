"""Who meets what behind the addresses of frameworks and requirements."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from compliance.selectors import requirements_of
from compliance.tests.factories import framework_make
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone, only

# A framework of the whole organisation is read by whoever reads working records anywhere.
READERS = only("ciso", "analyst", "auditor", "unit_lead", otherwise=404)
MANAGERS = answers(otherwise=404, ciso=200, analyst=200, auditor=403, unit_lead=403)


def of_framework(*more: str) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (framework_make(cast).reference, *more)

    return arguments


def of_text(cast: Cast) -> Sequence[Any]:
    return (requirements_of(framework_make(cast).current)[0].pk,)


def of_requirement(cast: Cast) -> Sequence[Any]:
    return (requirements_of(framework_make(cast).current)[0].requirement_id,)


def reason(cast: Cast) -> Mapping[str, Any]:
    return {"comment": "No longer sold there"}


ROWS = [
    UrlRow(name="compliance:framework-list", get=everyone()),
    UrlRow(name="compliance:framework-detail", get=READERS, args=of_framework()),
    UrlRow(name="compliance:framework-tab", get=READERS, args=of_framework("history")),
    UrlRow(
        name="compliance:framework-transition",
        get=MANAGERS,
        post={**MANAGERS, "ciso": 302, "analyst": 302},
        args=of_framework("retire"),
        data=reason,
    ),
    UrlRow(name="compliance:text-detail", get=READERS, args=of_text),
    UrlRow(name="compliance:requirement-detail", get=READERS, args=of_requirement),
]
