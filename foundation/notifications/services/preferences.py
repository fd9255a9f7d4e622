"""How people want to be told."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from foundation.accounts.models import User
from foundation.accounts.versions import StaleEdit
from foundation.notifications.choices import Rhythm
from foundation.notifications.digests import usual_rhythm
from foundation.notifications.models import MailPreference, MailSettings
from foundation.notifications.selectors import preferences_of
from foundation.trail.services import entry_write


@transaction.atomic
def preferences_save(
    *,
    user: User,
    rhythms: Mapping[str, Rhythm],
    digest_hour: int,
    actor: User,
    unshown: Collection[str] = (),
    seen: str | None = None,
) -> None:
    """Keep by kind of notice how a person is told by mail, and the digest's hour; those `unshown` not in the portal.

    Kinds that are not among the rhythms stay as they are. What waits for the digest goes with the next one, or at the next
    run if its kind now comes at once. `seen` is the version of the choices that these were made on; raises StaleEdit when
    there are others by now, of another tab or by the link in a mail.
    """
    settings, _created = MailSettings.objects.select_for_update().get_or_create(user=user)
    if seen is not None and (current := preferences_of(user)).version != seen:
        raise StaleEdit(current)
    before: dict[str, Any] = {"digest_hour": settings.digest_hour}
    after: dict[str, Any] = {"digest_hour": digest_hour}
    wanted = {kind: (rhythm, kind not in unshown) for kind, rhythm in rhythms.items()}
    changed = _change(user, wanted, before, after)
    if not changed and settings.digest_hour == digest_hour:
        return
    _tell(user, actor, before, after)
    settings.digest_hour = digest_hour
    settings.save()


@transaction.atomic
def mails_silence(*, user: User, kinds: Collection[str]) -> None:
    """End mails of some kinds to a person, who asked for it by the link in one; in the portal they are shown as before.

    Once more changes nothing.
    """
    MailSettings.objects.select_for_update().get_or_create(user=user)
    shown = dict(MailPreference.objects.filter(user=user).values_list("kind", "in_app"))
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    if _change(user, {kind: (Rhythm.NEVER, shown.get(kind, True)) for kind in kinds}, before, after):
        _tell(user, user, before, after)


def _change(
    user: User, wanted: Mapping[str, tuple[Rhythm, bool]], before: dict[str, Any], after: dict[str, Any]
) -> bool:
    """Write what differs from what is kept, and add it to what was before and is after; tell whether anything does."""
    kept = {one.kind: (Rhythm(one.rhythm), one.in_app) for one in MailPreference.objects.filter(user=user)}
    changed = []
    for kind, (rhythm, in_app) in wanted.items():
        old_rhythm, old_in_app = kept.get(kind, (usual_rhythm(kind), True))
        if rhythm != old_rhythm:
            before[kind], after[kind] = old_rhythm.value, rhythm.value
        if in_app != old_in_app:
            before[f"{kind}.in_app"], after[f"{kind}.in_app"] = old_in_app, in_app
        if (rhythm, in_app) != (old_rhythm, old_in_app):
            changed.append(MailPreference(user=user, kind=kind, rhythm=rhythm, in_app=in_app))
    MailPreference.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["user", "kind"], update_fields=["rhythm", "in_app"]
    )
    return bool(changed)


def _tell(user: User, actor: User, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    entry_write(
        action="notifications.preferences.changed",
        actor=actor,
        subject=user.full_name,
        before=dict(before),
        after=dict(after),
    )
