"""The URL × role table: what each part of the cast meets behind each address.

Every app declares its rows as `ROWS` in `<app>/tests/urls.py`; `ciso_portal/tests/test_url_rights.py` walks them
all, and fails for an address without a row and for a row without an address.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from foundation.testing.cast import Cast

ANONYMOUS = "anonymous"
PARTS = (
    ANONYMOUS,
    "ciso",
    "analyst",
    "auditor",
    "executive",
    "unit_lead",
    "personnel",
    "administrator",
    "outsider",
)
SIGN_IN: Literal["sign-in"] = "sign-in"  # a redirect to the sign-in page

Answer = int | Literal["sign-in"]
Answers = Mapping[str, Answer]


def answers(*, otherwise: Answer, anonymous: Answer = SIGN_IN, **parts: Answer) -> dict[str, Answer]:
    """Return what each part is answered: as given by name, and `otherwise` for everyone else who is signed in."""
    if unknown := parts.keys() - set(PARTS):
        raise ValueError(f"Unknown parts: {sorted(unknown)}")
    return {part: parts.get(part, otherwise) for part in PARTS} | {ANONYMOUS: anonymous}


def only(*names: str, answer: Answer = 200, otherwise: Answer = 403) -> dict[str, Answer]:
    """Return `answer` for the parts named, `otherwise` for the others, and the sign-in page for strangers."""
    return answers(otherwise=otherwise, **dict.fromkeys(names, answer))


def everyone(answer: Answer = 200, *, anonymous: Answer = SIGN_IN) -> dict[str, Answer]:
    """Return the same for all who are signed in."""
    return answers(otherwise=answer, anonymous=anonymous)


def _nothing(cast: Cast) -> Sequence[Any]:
    return ()


def _no_data(cast: Cast) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class UrlRow:
    """One address. `post` None: it takes no POST, so whoever may see it is answered 405.

    `args` makes the objects that the address names and returns its arguments; `data` is what is posted (an empty form
    by default). Both run once per row; what a POST changes is undone before the next part plays.

    `confirmed` is what a POST is answered in a browser whose person has just proved who they are: needed where the page asks
    everybody for that, for such an answer tells nothing of rights.

    Who is answered 403 is led to the page of the right that is missing, unless it is `refused_otherwise`: for a reason
    that no right would change.
    """

    name: str
    get: Answers
    post: Answers | None = None
    confirmed: Answers | None = None
    args: Callable[[Cast], Sequence[Any]] = _nothing
    data: Callable[[Cast], Mapping[str, Any]] = _no_data
    query: str = ""
    path: str = ""
    refused_otherwise: bool = False

    @property
    def makes_something(self) -> bool:
        """Tell whether objects are made for the address."""
        return self.args is not _nothing

    def url(self, cast: Cast) -> str:
        """Return the address, made for this cast."""
        return (self.path or reverse(self.name, args=self.args(cast))) + self.query


def declared_rows() -> list[UrlRow]:
    """Return the rows of all apps of the project and of the project itself."""
    packages = [config.name for config in apps.get_app_configs() if _is_ours(config.path)]
    rows: list[UrlRow] = []
    for package in [*packages, "ciso_portal"]:
        if find_spec(f"{package}.tests") and find_spec(f"{package}.tests.urls"):
            rows.extend(import_module(f"{package}.tests.urls").ROWS)
    return rows


def url_names(patterns: Iterable[URLPattern | URLResolver] | None = None, prefix: str = "") -> set[str]:
    """Return the names of all addresses, with their namespaces.

    One without a name (the admin site has some) goes by `?` and its pattern; its row gives the `path` itself.
    """
    names: set[str] = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            names |= url_names(pattern.url_patterns, inner)
        else:
            names.add(f"{prefix}{pattern.name or f'?{pattern.pattern}'}")
    return names


def _is_ours(path: str) -> bool:
    return Path(path).is_relative_to(settings.BASE_DIR) and ".venv" not in Path(path).parts
