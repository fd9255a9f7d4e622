"""Keeping views of lists, and writing files of long ones."""

from foundation.lists.services.exports import (
    KEPT_FOR,
    export_request,
    export_run,
    export_stop,
    exports_tidy,
    is_outdated,
)
from foundation.lists.services.views import (
    MOST_VIEWS,
    VIEW_FIELDS,
    VIEW_NAMING,
    clean_query,
    view_remove,
    view_save,
)

__all__ = [
    "KEPT_FOR",
    "MOST_VIEWS",
    "VIEW_FIELDS",
    "VIEW_NAMING",
    "clean_query",
    "export_request",
    "export_run",
    "export_stop",
    "exports_tidy",
    "is_outdated",
    "view_remove",
    "view_save",
]
