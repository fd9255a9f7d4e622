"""What follows from a decision, and what ends an exception: its day, a renewal, or somebody who revokes it."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from exceptions.choices import ExceptionState
from exceptions.models import PolicyException
from exceptions.services.telling import DECIDE_AGAIN, ENDED, concerned_tell
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.approvals.selectors import latest_request
from foundation.deadlines.services import deadline_close, deadline_set
from foundation.lifecycle.services import apply_transition
from foundation.notifications.services import told
from foundation.records.services import record_update
from foundation.trail.services import entry_write
from foundation.ui.dates import day_words

EXPIRY, REDECISION = "exceptions.expiry", "exceptions.redecision"
REDECIDE_DAYS = 14


# What follows from the steps of an exception. Each must be called inside the step's transaction.


def exception_granted(*, exception: PolicyException, now: datetime) -> None:
    """Keep what was granted, remind of its end, and let it take the place of what it renews."""
    request = latest_request(exception)
    assert request is not None, "it was asked for"
    exception.approval, exception.digest, exception.granted_at = request, request.digest, now
    exception.save()
    expiry_follow(exception=exception, now=now)
    if exception.renews_id is not None:
        _replace(exception, now)


def _replace(renewal: PolicyException, now: datetime) -> None:
    """Let a renewal take the place of the exception before from its first day, unless that is over by then, or holds longer."""
    today = organisation_day(now)
    renewed = PolicyException.objects.select_for_update(of=("self",)).get(pk=renewal.renews_id)
    begins = max(renewal.starts_on, today)
    if renewed.state_on(today) != ExceptionState.GRANTED or begins > renewed.expires_on + timedelta(days=1):
        return
    if renewal.expires_on < renewed.expires_on:
        return  # nothing ends before its own day because of what ends sooner
    renewed.replaced_on = max(begins, renewed.starts_on + timedelta(days=1))
    renewed.save()
    dates_close(exception=renewed, now=now)
    if renewed.replaced_on <= today:
        exception_end_due(key=renewed.pk, now=now)


def exception_revoked(*, exception: PolicyException, actor: User, now: datetime, why: str) -> None:
    """End an exception before its day; what it was to take the place of goes on."""
    dates_close(exception=exception, now=now)
    _give_place_back(exception, now)
    what = told(lambda: _("Revoked: it holds no more."))
    concerned_tell(exception=exception, kind=ENDED, what=what, why=why, actor=actor, now=now)


def _give_place_back(renewal: PolicyException, now: datetime) -> None:
    if renewal.renews_id is None:
        return
    renewed = PolicyException.objects.select_for_update(of=("self",)).get(pk=renewal.renews_id)
    if renewed.replaced_on and renewed.state_on(organisation_day(now)) == ExceptionState.GRANTED:
        renewed.replaced_on = None
        renewed.save()
        expiry_follow(exception=renewed, now=now)


def exception_over(*, exception: PolicyException, now: datetime) -> None:
    """Tell that an exception ended on its day; of one that a renewal goes on from, nothing is to be told."""
    dates_close(exception=exception, now=now)
    if exception.state == ExceptionState.EXPIRED:
        what = told(
            lambda: (
                _("It expired on %(day)s: what it was from has to be followed now, or it is to be renewed.")
                % {"day": day_words(exception.expires_on)}
            )
        )
        concerned_tell(exception=exception, kind=ENDED, what=what, actor=None, now=now)


def expiry_follow(*, exception: PolicyException, now: datetime) -> None:
    """Let the owner of an exception that holds be reminded of its end, and of deciding again where that was asked for."""
    if exception.state != ExceptionState.GRANTED or exception.replaced_on:
        return
    deadline_set(
        record=exception, kind=EXPIRY, assignee=exception.owner, due_on=exception.expires_on, now=now
    )
    if exception.overtaken_at:
        deadline_set(
            record=exception,
            kind=REDECISION,
            assignee=exception.owner,
            due_on=_redecided_by(exception, organisation_day(exception.overtaken_at)),
            now=now,
        )


def dates_close(*, exception: PolicyException, now: datetime) -> None:
    """Remind nobody any more of an exception that is over, or goes on as another."""
    for kind in (EXPIRY, REDECISION):
        deadline_close(record=exception, kind=kind, now=now)


def _redecided_by(exception: PolicyException, asked_on: date) -> date:
    return min(asked_on + timedelta(days=REDECIDE_DAYS), exception.expires_on)


# What days and documents do by themselves.


@transaction.atomic
def exception_end_due(*, key: int, now: datetime) -> bool:
    """Write down that an exception ended on its day, or goes on as its renewal, and tell whether it did; of two that try, one does."""
    exception = PolicyException.objects.select_for_update(of=("self",)).get(pk=key)
    stands = exception.state_on(organisation_day(now))
    if exception.state != ExceptionState.GRANTED or stands == ExceptionState.GRANTED:
        return False
    name = "renew" if stands == ExceptionState.RENEWED else "expire"
    apply_transition(record=exception, name=name, actor=None, now=now, by_approval=True)
    return True


def exceptions_to_end(*, now: datetime) -> list[int]:
    """Return the keys of exceptions that the day has ended, in the organisation's time zone."""
    due = PolicyException.objects.to_end(organisation_day(now)).order_by("expires_on", "pk")
    return list(due.values_list("pk", flat=True))


def exceptions_overtaken(*, now: datetime) -> list[int]:
    """Return the keys of exceptions that hold, whose document says something else by now, and whose owner was not told yet."""
    found = (
        PolicyException.objects.all()
        .standing_in(ExceptionState.GRANTED, on=organisation_day(now))
        .overtaken()
    )
    return list(found.filter(overtaken_at__isnull=True).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def exception_overtake(*, key: int, now: datetime) -> bool:
    """Tell the owner of an exception to decide again, since its document says something else by now; once."""
    exception = (
        PolicyException.objects.select_for_update(of=("self",))
        .select_related("document__current", "document__owner", "version_in_force", "owner")
        .get(pk=key)
    )
    stands = exception.state_on(organisation_day(now))
    if exception.overtaken_at or stands != ExceptionState.GRANTED or not exception.is_overtaken:
        return False
    exception.overtaken_at = now
    exception.version += 1
    exception.save()
    entry_write(
        action="exceptions.exception.overtaken",
        actor=None,
        record=exception,
        before={"version_label": exception.version_in_force.label},
        after={"version_label": "" if exception.document.is_retired else exception.document.current.label},
    )
    expiry_follow(exception=exception, now=now)
    what = told(lambda: overtaken_words(exception))
    concerned_tell(exception=exception, kind=DECIDE_AGAIN, what=what, actor=None, now=now)
    return True


def overtaken_words(exception: PolicyException) -> str:
    """Return what happened to the document of an exception, and what its owner is to do."""
    document = exception.document
    if document.is_retired or document.current is None:
        return _("The document is retired: revoke the exception, or ask for one from what took its place.")
    return _(
        "The document has a new material version, %(label)s: is the exception still needed? Renew it from the new version, or revoke it."
    ) % {"label": document.current.label}


def exception_give(*, record: PolicyException, to: User, leaving: User, actor: User, now: datetime) -> None:
    """Give an exception another owner, who is reminded of its end."""
    given = record_update(record=record, changes={"owner": to}, actor=actor, version=record.version)
    expiry_follow(exception=given, now=now)
