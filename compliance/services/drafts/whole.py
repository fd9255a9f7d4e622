"""Beginning a draft, and dropping it."""

from datetime import datetime

from django.db import transaction

from compliance.catalogues import Catalogue
from compliance.choices import Source
from compliance.models import Edition, Framework
from compliance.selectors.nodes import nodes_of
from compliance.services.drafts.locks import draft_lock
from compliance.services.drafts.places import lines_delete
from compliance.services.editions import edition_write
from foundation.accounts.models import User
from foundation.trail.services import entry_write


@transaction.atomic
def draft_begin(*, framework: Framework, label: str, actor: User, now: datetime) -> Edition:
    """Begin a draft with the lines of the current edition, or with none.

    Raises EditionRefused while there is another draft, and of a retired framework.
    """
    current = framework.current
    catalogue = Catalogue(
        title=framework.title, key=framework.key, label=label, nodes=nodes_of(current) if current else ()
    )
    edition = edition_write(
        framework=framework, catalogue=catalogue, source=Source.HAND, actor=actor, now=now
    )
    entry_write(
        action="compliance.draft.begun", actor=actor, record=framework, after={"edition": edition.label}
    )
    return edition


@transaction.atomic
def draft_drop(*, edition: Edition, actor: User, now: datetime) -> None:
    """Drop a draft with all its lines, also of a retired framework; raise EditionRefused when it is none any more."""
    draft = draft_lock(edition, to_drop=True)
    lines_delete(draft.texts.all())
    draft.delete()
    entry_write(
        action="compliance.draft.dropped",
        actor=actor,
        record=draft.framework,
        before={"edition": draft.label},
    )
