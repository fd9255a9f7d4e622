"""Catalogues as plain values: what a file or an edition says, whatever it was read from."""

from compliance.catalogues.differences import Change, ChangedNode, Difference, compare
from compliance.catalogues.identity import name_key, standard_key
from compliance.catalogues.matching import match
from compliance.catalogues.values import (
    Catalogue,
    CatalogueError,
    Destination,
    Kind,
    LeftOut,
    MethodNote,
    Node,
    Parameter,
    Reference,
    Related,
)

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Change",
    "ChangedNode",
    "Destination",
    "Difference",
    "Kind",
    "LeftOut",
    "MethodNote",
    "Node",
    "Parameter",
    "Reference",
    "Related",
    "compare",
    "match",
    "name_key",
    "standard_key",
]
