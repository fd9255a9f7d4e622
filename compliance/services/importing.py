"""Bringing a catalogue in: its framework, its edition, and that it counts from now on, in one transaction."""

from datetime import datetime

from django.db import transaction

from compliance.catalogues import Catalogue
from compliance.models import Edition, Framework
from compliance.services.editions import edition_accept, edition_write
from compliance.services.frameworks import framework_create
from foundation.accounts.models import User


@transaction.atomic
def catalogue_import(
    *,
    catalogue: Catalogue,
    framework: Framework | None,
    source: str,
    source_name: str,
    source_sha256: str,
    actor: User,
    now: datetime,
) -> Edition:
    """Accept a catalogue as the current edition of a framework, or of a new one.

    Raises FrameworkRefused or EditionRefused, and writes nothing then.
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
    edition = edition_write(
        framework=framework,
        catalogue=catalogue,
        source=source,
        source_name=source_name,
        source_sha256=source_sha256,
        actor=actor,
        now=now,
    )
    edition_accept(edition=edition, actor=actor, now=now)
    return edition
