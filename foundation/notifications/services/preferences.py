"""How people want to be told."""

from collections.abc import Mapping

from django.db import transaction

from foundation.accounts.models import User
from foundation.notifications.choices import Rhythm
from foundation.notifications.models import MailPreference, MailSettings
from foundation.trail.services import entry_write


@transaction.atomic
def preferences_save(*, user: User, rhythms: Mapping[str, Rhythm], digest_hour: int, actor: User) -> None:
    """Keep by kind of notice whether a person is told at once or in the digest, and the digest's hour.

    Kinds that are not named stay as they are. What waits for the digest goes with the next one, or at the next run if
    its kind now comes at once.
    """
    settings, _created = MailSettings.objects.select_for_update().get_or_create(user=user)
    kept = dict(MailPreference.objects.filter(user=user).values_list("kind", "rhythm"))
    before = {kind: kept.get(kind, Rhythm.IMMEDIATE.value) for kind in rhythms}
    changed = {kind: rhythm.value for kind, rhythm in rhythms.items() if rhythm.value != before[kind]}
    if not changed and settings.digest_hour == digest_hour:
        return
    MailPreference.objects.bulk_create(
        [MailPreference(user=user, kind=kind, rhythm=rhythm) for kind, rhythm in changed.items()],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["rhythm"],
    )
    entry_write(
        action="notifications.preferences.changed",
        actor=actor,
        subject=user.full_name,
        before={**{kind: before[kind] for kind in changed}, "digest_hour": settings.digest_hour},
        after={**changed, "digest_hour": digest_hour},
    )
    settings.digest_hour = digest_hour
    settings.save()
