"""The errors that views raise to have their page shown: see `error_pages`."""

import math
from typing import Any, TypeVar

from django.core.exceptions import SuspiciousOperation
from django.db.models import Model, QuerySet
from django.http import Http404

Found = TypeVar("Found", bound=Model)


class RequestTooLarge(SuspiciousOperation):
    """The body of a request is larger than the portal takes (`most` bytes); shown as 413."""

    def __init__(self, most: int) -> None:
        super().__init__(f"More than {most} bytes")
        self.most = most


class LengthMissing(SuspiciousOperation):
    """The body of a request comes in pieces, and nobody knows how many; shown as 411."""


class TooManyRequests(Exception):
    """Someone tried too often; shown as 429 with the seconds to wait."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Too many requests; again in {retry_after:.0f} s")
        self.retry_after = max(1, math.ceil(retry_after))


class Gone(Http404):
    """What an address led to is there no longer, as far as its reader may know; shown as 404, with words and a way on.

    Who asks for what is another's, or never was, gets the very same: the words must not tell one from the other.
    """

    def __init__(self, words: str, *, way_on: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.way_on = way_on


def found_or_gone(rows: QuerySet[Found], gone: Gone, **lookup: Any) -> Found:
    """Return the one of some rows that a lookup finds; raise Gone where there is none."""
    found = rows.filter(**lookup).first()
    if found is None:
        raise gone
    return found
