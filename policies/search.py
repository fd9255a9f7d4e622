"""What documents are found by, besides their references and titles."""

from policies.models import Document
from policies.selectors import coming_of


def document_search_text(document: Document) -> str:
    """Return the text of the version in force; before there is one, that of the draft."""
    version = document.current or (coming_of(document) if document.pk else None)
    return version.body if version else ""
