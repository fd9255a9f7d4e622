"""Writes of frameworks, their editions and what stands in drafts."""

from compliance.services.drafts import (
    LineGone,
    LineRefused,
    StaleLine,
    draft_begin,
    draft_drop,
    line_add,
    line_change,
    line_move,
    line_place,
    line_remove,
)
from compliance.services.editions import (
    EditionRefused,
    EditionStale,
    StaleDraft,
    edition_accept,
    edition_restore,
    edition_write,
)
from compliance.services.frameworks import (
    FrameworkRefused,
    framework_change,
    framework_create,
    retired_refusal,
)
from compliance.services.importing import catalogue_import

__all__ = [
    "EditionRefused",
    "EditionStale",
    "FrameworkRefused",
    "LineGone",
    "LineRefused",
    "StaleDraft",
    "StaleLine",
    "catalogue_import",
    "draft_begin",
    "draft_drop",
    "edition_accept",
    "edition_restore",
    "edition_write",
    "framework_change",
    "framework_create",
    "line_add",
    "line_change",
    "line_move",
    "line_place",
    "line_remove",
    "retired_refusal",
]
