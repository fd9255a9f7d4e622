"""What everybody may read of documents: the words of what is in force, all of them."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.records.fields import WordsField
from policies.models.documents import Document
from policies.models.versions import DocumentVersion

MOST_WORDS = 15_000  # of one text, each counted once


class LibraryEntry(models.Model):
    """A document in force, and the words of its whole text, by which readers find it.

    Search over all records keeps the first few hundred words of each; the library keeps all that a text says. Written when a
    version comes in force, and gone with the last one.
    """

    document = models.OneToOneField(
        Document, models.CASCADE, primary_key=True, related_name="shelved", verbose_name=_("document")
    )
    version = models.OneToOneField(
        DocumentVersion, models.CASCADE, related_name="shelved", verbose_name=_("version in force")
    )
    words = WordsField(_("words"), most=MOST_WORDS)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("entry of the library")
        verbose_name_plural = _("entries of the library")
        indexes = [GinIndex(fields=["words"], name="library_words", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.version)

    def searched_text(self) -> dict[str, str]:
        """Return what the document is found by: its reference, its title, what changed last, and its text."""
        version = self.version
        return {
            "A": self.document.reference,
            "B": version.title,
            "C": version.summary,
            "D": version.body,
        }
