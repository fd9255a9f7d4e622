"""What documents are found by, besides their references and titles; and the library as something that is searched."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from foundation.accounts.models import User
from foundation.records.lexemes import question_of
from foundation.records.querysets import visible_records
from foundation.registry import SearchHit
from policies.models import Document
from policies.selectors import coming_of, library_excerpts, library_for, library_found


def document_search_text(document: Document) -> str:
    """Return the text of the version in force; before there is one, that of the draft."""
    version = document.current or (coming_of(document) if document.pk else None)
    return version.body if version else ""


def library_matching(*, user: User, text: str, now: datetime, limit: int) -> Sequence[SearchHit]:
    """Return what is in force and meant for a person, but what is found already among the records that they know of.

    Records are found by the first words of a text, and these by all: so they are searched for who knows of all records, too. Three
    queries at most.
    """
    question = question_of(text)
    if not question:
        return ()
    among_records = visible_records(user, "document__") & Q(document__words__matches=question)
    versions = list(library_found(library_for(user), question).exclude(among_records)[:limit])
    around = library_excerpts(versions, question) if versions else {}
    return [
        SearchHit(
            title=version.title,
            url=reverse("policies:library-document", args=[version.document.reference]),
            text=around[version.pk].text,
            note=version.document.get_type_display(),
        )
        for version in versions
    ]
