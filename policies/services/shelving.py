"""The library's shelf: what is in force stands there, by all its words."""

from django.db import transaction

from policies.models import Document, LibraryEntry


def document_shelve(*, document: Document) -> None:
    """Let readers find a document by the words of its version in force. Must be called inside the step's transaction."""
    LibraryEntry.objects.update_or_create(document_id=document.pk, defaults={"version": document.current})


def document_unshelve(*, document: Document) -> None:
    """Take a document that holds no more from the shelf. Must be called inside the step's transaction."""
    LibraryEntry.objects.filter(document_id=document.pk).delete()


def documents_unshelved() -> list[int]:
    """Return the keys of documents in force that stand on the shelf not at all, or as an earlier version."""
    missing = Document.objects.in_force().not_shelved()
    return list(missing.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def document_find_back(*, key: int) -> None:
    """Put a document in force on the shelf as it is now."""
    document = Document.objects.select_for_update(of=("self",)).select_related("current").get(pk=key)
    if document.current_id is not None and not document.is_retired:
        document_shelve(document=document)
