"""Addresses that are asked for row by row."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse

_ANY = "ANY-0000"
_ANY_KEY = "1000000001"


@lru_cache(maxsize=256)
def _ends(url_name: str, prefix: str, urlconf: str, example: str = _ANY) -> tuple[str, str]:
    before, _example, after = reverse(url_name, args=[example]).rpartition(example)
    return before, after


def address_of(url_name: str, reference: str) -> str:
    """Return what `reverse` would for a page whose one argument is a reference (letters, digits, - and _), much quicker."""
    before, after = _ends(url_name, get_script_prefix(), settings.ROOT_URLCONF)
    return f"{before}{reference}{after}"


def address_of_key(url_name: str, key: int) -> str:
    """Return the same for a page whose one argument is a row's number."""
    before, after = _ends(url_name, get_script_prefix(), settings.ROOT_URLCONF, _ANY_KEY)
    return f"{before}{key}{after}"


@lru_cache(maxsize=64)
def _addresses(url_names: tuple[str, ...], prefix: str, urlconf: str) -> tuple[str, ...]:
    return tuple(reverse(name) for name in url_names)


def addresses_of(url_names: tuple[str, ...]) -> tuple[str, ...]:
    """Return what `reverse` would for pages without arguments."""
    return _addresses(url_names, get_script_prefix(), settings.ROOT_URLCONF)
