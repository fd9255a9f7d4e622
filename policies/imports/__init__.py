"""Bringing a set of documents that there is: a ZIP of Markdown, DOCX and PDF with a manifest; seen first, then whole or not at all."""

from policies.imports.services import DOCUMENT_IMPORT

__all__ = ["DOCUMENT_IMPORT"]
