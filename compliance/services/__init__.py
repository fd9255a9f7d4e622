"""Writes of frameworks, their editions and what stands in drafts."""

from compliance.services.editions import EditionRefused, edition_accept, edition_write
from compliance.services.frameworks import FrameworkRefused, framework_change, framework_create
from compliance.services.importing import catalogue_import

__all__ = [
    "EditionRefused",
    "FrameworkRefused",
    "catalogue_import",
    "edition_accept",
    "edition_write",
    "framework_change",
    "framework_create",
]
