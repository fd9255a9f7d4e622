"""Keeping views of lists."""

from foundation.lists.services.views import (
    MOST_VIEWS,
    clean_query,
    view_remove,
    view_save,
)

__all__ = ["MOST_VIEWS", "clean_query", "view_remove", "view_save"]
