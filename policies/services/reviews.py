"""The review of documents in force: when it is due, and what comes of it."""

from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import right_missing
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_close, deadline_set
from foundation.lifecycle.services import apply_transition
from foundation.records.models import Record
from foundation.records.services import record_update
from foundation.registry import registry
from foundation.trail.services import entry_write
from foundation.ui.dates import day_words
from policies.choices import IN_FORCE, ReviewOutcome
from policies.models import Document, DocumentReview
from policies.permissions import WRITE, can_write, moving_refusal, reviewing_refusal
from policies.services.errors import DocumentRefused

REVIEW = "policies.review"


@transaction.atomic
def document_review(
    *, document: Document, outcome: str, reason: str, actor: User, now: datetime, version: int
) -> Document:
    """Write down what a look at the version in force came to, as the document was read at `version`.

    Still right: the next review is due a cadence from today. A new version: its draft is begun, and publishing it sets the
    next date. Raises DocumentRefused where there is nothing to review, no reason, or somebody was faster.
    """
    locked = Document.objects.select_for_update(of=("self",)).select_related("owner").get(pk=document.pk)
    if refusal := reviewing_refusal(locked):
        raise DocumentRefused(refusal)
    if locked.version != version:
        raise DocumentRefused(_("The document was changed or reviewed meanwhile. Look at it again."))
    if not reason.strip():
        raise DocumentRefused({"reason": _("Say why: a review needs a reason.")})
    DocumentReview.objects.create(
        document=locked,
        version=locked.current,
        outcome=outcome,
        reason=reason.strip(),
        due_on=locked.review_on,
        reviewed_by=actor,
        reviewed_at=now,
    )
    before = locked.review_on
    if outcome == ReviewOutcome.STILL_RIGHT:
        locked.right_on = organisation_day(now)
        locked.review_on = next_review(locked.right_on, locked.cadence_months)
    else:
        locked.review_on = None
    locked.version += 1
    locked.save()
    entry_write(
        action=f"policies.document.{outcome}",
        actor=actor,
        record=locked,
        before={"review_on": before.isoformat() if before else None},
        after={"review_on": locked.review_on.isoformat() if locked.review_on else None},
        comment=reason.strip(),
    )
    review_follow(document=locked, now=now)
    if outcome == ReviewOutcome.NEW_VERSION:
        apply_transition(record=locked, name="revise", actor=actor, now=now)
    return Document.objects.get(pk=locked.pk)


def next_review(day: date, months: int) -> date:
    """Return the day so many months later; a month's end stays one."""
    return day + relativedelta(months=months)


def review_follow(*, document: Document, now: datetime) -> None:
    """Let the document's owner be reminded of the review that is due, and of none where there is none.

    Must be called inside a transaction, in which the document's row is locked.
    """
    if document.review_on and document.state in IN_FORCE:
        deadline_set(
            record=document, kind=REVIEW, assignee=document.owner, due_on=document.review_on, now=now
        )
    else:
        deadline_close(record=document, kind=REVIEW, now=now, was_dropped=document.state not in IN_FORCE)


def reviews_astray() -> list[int]:
    """Return the keys of documents in force whose review nobody, or another than the owner, is reminded of, or of another day."""
    reminded = Deadline.objects.open().filter(
        record_id=OuterRef("pk"), kind=REVIEW, assignee_id=OuterRef("owner_id"), due_on=OuterRef("review_on")
    )
    astray = Document.objects.filter(~Exists(reminded), review_on__isnull=False, state__in=IN_FORCE)
    return list(astray.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def review_move(*, record: Record, to: date, version: int, actor: User, now: datetime) -> None:
    """Let the review of a document be due on another day: earlier at will, and no later than its cadence lets it be.

    Raises ValidationError for a day that can't be, StaleRecord when somebody was faster.
    """
    locked = Document.objects.select_for_update(of=("self",)).select_related("owner").get(pk=record.pk)
    if refusal := moving_refusal(locked):
        raise ValidationError(refusal)
    if to < organisation_day(now):
        raise ValidationError(_("It can't be due on a day that is over."))
    latest = next_review(locked.right_on, locked.cadence_months) if locked.right_on else None
    if latest and to > latest:
        raise ValidationError(
            _(
                "It is reviewed every %(count)d months, so by %(day)s at the latest. Change that in its details first."
            )
            % {"count": locked.cadence_months, "day": day_words(latest)}
        )
    moved = record_update(record=locked, changes={"review_on": to}, actor=actor, version=version)
    review_follow(document=moved, now=now)


def review_move_refusal(*, record: Record, user: User) -> str | None:
    """Return why the day of a review can't be moved, or None; raise PermissionDenied for who may not write the document."""
    document = Document.objects.select_related("owner").get(pk=record.pk)
    if not can_write(user, document):
        raise right_missing(WRITE, document.unit_id)
    return moving_refusal(document)


@transaction.atomic
def review_find_back(*, key: int, now: datetime) -> None:
    """Let the owner of a document be reminded of its review."""
    document = Document.objects.select_for_update(of=("self",)).select_related("owner").get(pk=key)
    review_follow(document=document, now=now)


# What follows from the steps of a document. Each must be called inside the step's transaction.


def review_after_publishing(*, document: Document, now: datetime) -> None:
    """Let the next review be due a cadence after the day on which a version came in force."""
    document.right_on = organisation_day(now)
    _set(document, next_review(document.right_on, document.cadence_months), now)


def review_after_discarding(*, document: Document, now: datetime) -> None:
    """Let the review be due again that asked for the version which was given up."""
    last = document.reviews.order_by("-pk").first()
    if document.review_on is None and last is not None:
        _set(document, last.due_on or organisation_day(now), now)


def review_after_retiring(*, document: Document, now: datetime) -> None:
    """Let nothing be reviewed any more."""
    _set(document, None, now)


def review_after_change(*, document: Document, cadence_before: int, now: datetime) -> None:
    """Let the review follow another cadence or another owner; where the cadence stays, a day that was chosen stays, too."""
    if document.review_on and document.right_on and document.cadence_months != cadence_before:
        _set(document, next_review(document.right_on, document.cadence_months), now)
    else:
        review_follow(document=document, now=now)


def document_give(*, record: Document, to: User, leaving: User, actor: User, now: datetime) -> None:
    """Give a document another owner, who is reminded of its review; what hangs on it in other apps follows."""
    given = record_update(record=record, changes={"owner": to}, actor=actor, version=record.version)
    review_follow(document=given, now=now)
    registry.record_changed(record=given, actor=actor, now=now)


def _set(document: Document, day: date | None, now: datetime) -> None:
    document.review_on = day
    Document.objects.filter(pk=document.pk).update(review_on=day, right_on=document.right_on)
    review_follow(document=document, now=now)
