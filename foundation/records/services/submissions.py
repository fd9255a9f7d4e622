"""One form, one record: however often its button is pressed."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.records.models import Record, Submission
from foundation.records.selectors import specific

R = TypeVar("R", bound=Record)


class SubmissionReused(Exception):
    """The form was sent before with other content; `record` is what came of it then."""

    def __init__(self, record: Record | None) -> None:
        super().__init__(_("This form was sent before."))
        self.record = record


@transaction.atomic
def submit_once(
    *, key: UUID, actor: User, purpose: str, content: Mapping[str, Any], create: Callable[[], R]
) -> R:
    """Make what a form asks for, and return it; return the same again when the form is sent a second time.

    `key` was drawn when the form was shown, `content` is what was sent. A second sending at the same instant waits
    for the first; if that fails, it takes its place. Raises SubmissionReused when the content is another, or the
    person, since then it is no double click and what was typed must not be lost.
    """
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
    kept, is_first = Submission.objects.get_or_create(
        key=key, defaults={"user": actor, "purpose": purpose, "digest": digest}
    )
    if is_first:
        record = create()
        Submission.objects.filter(pk=kept.pk).update(record=record)
        return record
    if (kept.user_id, kept.purpose) != (actor.pk, purpose) or kept.record is None:
        raise SubmissionReused(None)
    if kept.digest != digest:
        raise SubmissionReused(kept.record)
    return cast("R", specific(kept.record))
