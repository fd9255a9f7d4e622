"""Reads of frameworks and of what they require."""

from compliance.selectors.frameworks import frameworks_visible, requirements_of

__all__ = ["frameworks_visible", "requirements_of"]
