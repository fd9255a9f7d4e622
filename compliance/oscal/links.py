"""What links point to: other lines of the catalogue, parts of them, publications, and lines of other catalogues."""

from __future__ import annotations

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from compliance.catalogues.values import (
    INCORPORATED,
    KEY_LENGTH,
    MOVED,
    Destination,
    Node,
    Reference,
    Related,
)
from compliance.oscal.leavings import WITHDRAWN, Leavings, What
from compliance.oscal.metadata import UUID_FORM
from compliance.oscal.places import Place

ADDRESS_LENGTH = 2_000
WITHDRAWN_TO = {"incorporated-into": INCORPORATED, "moved-to": MOVED}
RELATED = ("related", "required")
ENHANCEMENT_FORM = re.compile(r"([a-z]{2}-\d+)\.(\d+)")
ITEM_FORM = re.compile(r"(?P<key>[^_]+)_smt\.(?P<items>[\w.]+)")
WEB = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)


class Links:
    """The links of one catalogue; first everything is taken in that they may point to."""

    def __init__(self, leavings: Leavings) -> None:
        self.leavings = leavings
        self.printed: dict[str, str] = {}  # what is printed of each line, by its id
        self.parts: dict[
            str, tuple[str, str]
        ] = {}  # the line of each part and the labels on the way to it, by its id
        self.publications: dict[str, Reference] = {}
        self.places: dict[str, str] = {}

    def take_publications(self, root: Place) -> None:
        """Take in the resources of the back matter; an id that is there already is refused."""
        if not root.has("back-matter"):
            return
        for place in root.child("back-matter").as_object().items("resources"):
            uuid = place.text("uuid", required=True, most=KEY_LENGTH).lower()
            if other := self.places.get(uuid):
                place.child("uuid").fail(
                    _("The id “%(key)s” is there twice: it stands at %(other)s, too.")
                    % {"key": uuid, "other": other}
                )
            self.places[uuid] = place.path
            citation = place.child("citation").as_object().text("text") if place.has("citation") else ""
            urls = [link.text("href", required=True) for link in place.items("rlinks")]
            title = place.text("title") or citation or next(iter(urls), "")
            url = next((url for url in urls if is_web(url)), "")
            self._leave_addresses([one for one in urls if one != url], place)
            self.publications[uuid] = Reference(title, citation if citation != title else "", url)

    def _leave_addresses(self, urls: list[str], place: Place) -> None:
        for _url in urls:
            self.leavings.note(What.ADDRESS, place.path)

    def target(self, key: str) -> tuple[str, str]:
        """Return the id of the line that a link points to, or into, and how that is printed."""
        if key in self.printed:
            return key, self.printed[key] or printed_id(key)
        if key in self.parts:
            line, labels = self.parts[key]
            return line, f"{self.printed[line] or printed_id(line)} {labels}".strip()
        if item := ITEM_FORM.fullmatch(key):
            return item["key"], f"{printed_id(item['key'])} {item['items']}."
        return key, printed_id(key)

    def linked(self, node: Node, place: Place) -> Node:
        """Return a line with what it points to."""
        related: dict[str, Related] = {}
        references: dict[Reference, None] = {}
        went: dict[Destination, None] = {}
        for link in place.items("links"):
            rel, href = link.text("rel"), link.text("href", required=True)
            key = href[1:] if href.startswith("#") else ""
            if reference := self._reference(link, href):
                references[reference] = None
            elif not key or UUID_FORM.fullmatch(key):
                self._leave(rel, href, link)
            elif rel in RELATED:
                line, identifier = self.target(key)
                related.setdefault(identifier, Related(line, identifier))
            elif rel in WITHDRAWN_TO:
                went[Destination(WITHDRAWN_TO[rel], *self.target(key))] = None
            else:
                self._leave(rel, href, link)
        return replace(
            node,
            related=tuple(related.values()),
            references=tuple(references),
            is_withdrawn=any(value.lower() == WITHDRAWN for value, _class in place.props("status")),
            withdrawn_to=tuple(went),
        )

    def in_prose(self, words: str, key: str, place: Place) -> str:
        """Return what a link within the file reads like in a text: a link to its publication, else its words alone.

        A line has no address before it is kept, and afterwards is found by what is printed of it.
        """
        publication = self.publications.get(key.lower())
        if publication is not None:
            return (
                f"[{words}](<{publication.url}>)" if publication.url and words else words or publication.title
            )
        if key not in self.printed and key not in self.parts and (UUID_FORM.fullmatch(key) or not key):
            self.leavings.note(What.DEAD_LINK, place.path)
        return words or (self.target(key)[1] if key else "")

    def _reference(self, link: Place, href: str) -> Reference | None:
        """Return the publication that a link points to, whatever it calls that: one of the back matter, or an address."""
        if href.startswith("#"):
            return self.publications.get(href[1:].lower())
        return Reference(link.text("text") or href, "", href) if is_web(href) else None

    def _leave(self, rel: str, href: str, link: Place) -> None:
        if href.startswith("#") and UUID_FORM.fullmatch(href[1:]):
            self.leavings.note(What.DEAD_LINK, link.path)
        else:
            self.leavings.note(What.LINK, link.path, rel)


def printed_id(key: str) -> str:
    """Return how an id of another catalogue is printed, as NIST does: `ac-2.1` is AC-2(1)."""
    if enhancement := ENHANCEMENT_FORM.fullmatch(key):
        return f"{enhancement[1].upper()}({enhancement[2]})"
    upper = key.upper()
    return upper if len(upper) <= KEY_LENGTH else key[:KEY_LENGTH]


def is_web(url: str) -> bool:
    """Tell whether this is an address of the web that can be linked to."""
    return len(url) <= ADDRESS_LENGTH and WEB.fullmatch(url) is not None
