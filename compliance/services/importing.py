"""Bringing a catalogue in: its framework, its edition, and that it counts from now on, in one transaction."""

from datetime import datetime

from django.db import transaction

from compliance.catalogues import Catalogue
from compliance.models import Edition, Framework
from compliance.services.editions import check_against, edition_accept, edition_write
from compliance.services.frameworks import framework_create, framework_lock
from foundation.accounts.models import User


@transaction.atomic
def catalogue_import(
    *,
    catalogue: Catalogue,
    framework: Framework | None,
    against: int | None,
    source: str,
    source_name: str,
    source_sha256: str,
    actor: User,
    now: datetime,
) -> Edition:
    """Accept a catalogue as the current edition of a framework, or of a new one.

    `against` is the edition that counted when somebody looked at what would change: EditionStale is raised when it is another by
    now. Raises FrameworkRefused or EditionRefused, too, and writes nothing then.
    """
    if framework is None:
        framework = framework_create(
            title=catalogue.title,
            key=catalogue.key,
            publisher=catalogue.publisher,
            description=catalogue.description,
            actor=actor,
            now=now,
        )
    locked = framework_lock(framework)
    check_against(locked, against)
    edition = edition_write(
        framework=locked,
        catalogue=catalogue,
        source=source,
        source_name=source_name,
        source_sha256=source_sha256,
        actor=actor,
        now=now,
    )
    edition_accept(edition=edition, actor=actor, now=now)
    return edition
