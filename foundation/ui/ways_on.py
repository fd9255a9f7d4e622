"""Where to go on from a page that could not be shown, as far as the address itself tells: no record is read for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from foundation.registry import RecordKind, registry
from foundation.ui.addresses import addresses_of
from foundation.ui.components import Text
from foundation.ui.navigation import entries_for

REFERENCE = re.compile(r"[A-Z]{2,5}-\d{4,}")


@dataclass(frozen=True)
class WayOn:
    """A link out of an error page."""

    label: Text
    url: str


@dataclass(frozen=True)
class Record:
    """The record that an address names."""

    reference: str
    kind: RecordKind

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return reverse(self.kind.detail_url_name, args=[self.reference])


def record_in(path: str) -> Record | None:
    """Return the record that an address names, whether there is such a one or not."""
    kinds = {kind.prefix: kind for kind in registry.all(RecordKind)}
    for part in path.split("/"):
        kind = kinds.get(part.partition("-")[0]) if REFERENCE.fullmatch(part) else None
        if kind:
            return Record(part, kind)
    return None


def what_was_asked(request: HttpRequest) -> str:
    """Return what the address is for ("Edit audit · AUD-0016"), as far as it says."""
    match = request.resolver_match
    title = getattr(getattr(match.func, "view_class", None), "title", "") if match else ""
    record = record_in(request.path)
    words = [str(title) if isinstance(title, str | Promise) else "", record.reference if record else ""]
    return " · ".join(word for word in words if word)


def way_to_record(request: HttpRequest) -> WayOn | None:
    """Return the way to the page of the record that the address names, from another of its pages."""
    record = record_in(request.path)
    if record is None or record.url == request.path:
        return None
    return WayOn(_("Back to %(reference)s") % {"reference": record.reference}, record.url)


def way_to_list(request: HttpRequest) -> WayOn | None:
    """Return the way to the list that the address lies below, if the reader has it in the side bar."""
    if not hasattr(request, "user"):
        return None
    entries = entries_for(request)
    addresses = addresses_of(tuple(entry.url_name for entry in entries))
    above = [
        (url, entry.label)
        for url, entry in zip(addresses, entries, strict=True)
        if url not in ("/", request.path) and request.path.startswith(url)
    ]
    if not above:
        return None
    url, label = max(above, key=lambda found: len(found[0]))
    return WayOn(label, url)


def way_back(request: HttpRequest) -> WayOn | None:
    """Return the way to the portal's page that the reader came from."""
    came_from = request.headers.get("Referer", "")
    try:
        own = {request.get_host()}
    except DisallowedHost:
        return None
    if not url_has_allowed_host_and_scheme(came_from, own):
        return None
    parts = urlsplit(came_from)
    url = escape_leading_slashes(parts.path + (f"?{parts.query}" if parts.query else ""))
    if (
        not url_has_allowed_host_and_scheme(url, own)
        or not parts.path
        or parts.path == resolve_url("account_login")
    ):
        return None
    if request.method in ("GET", "HEAD") and parts.path == request.path:
        return None
    label = _("Back to where you were") if request.method in ("GET", "HEAD") else _("Back to the form")
    return WayOn(label, url)


def ways_on(request: HttpRequest | None, *, known: bool = False) -> list[WayOn]:
    """Return the ways on, the best first, each address once. `known`: the reader knows of the record that is named."""
    if request is None:
        return []
    sent = request.method not in ("GET", "HEAD")
    back, record, above = way_back(request), way_to_record(request) if known else None, way_to_list(request)
    ways = [back, record, above] if sent else [record, above, back]
    found = {way.url: way for way in reversed([one for one in ways if one])}
    return [way for way in ways if way and found[way.url] is way]
