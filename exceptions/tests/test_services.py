"""What becomes of exceptions: asked for, decided by others, over on their day, renewed, revoked, overtaken."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from exceptions.choices import ExceptionState, RiskLevel
from exceptions.models import PolicyException
from exceptions.services import (
    EXPIRY,
    ExceptionRefused,
    exception_change,
    exception_give,
)
from exceptions.tasks import end
from exceptions.tests.factories import END, NOW, START, decide, exception_make, granted, step, submitted
from foundation import clock
from foundation.accounts.models import Organisation
from foundation.accounts.organisation import forget_organisation
from foundation.approvals.choices import Verdict
from foundation.approvals.selectors import latest_request
from foundation.approvals.services import ApprovalRefused, approval_withdraw
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import TransitionRefused, apply_transition
from foundation.notifications.models import Notice
from foundation.records.services import FieldsRefused, StaleRecord
from foundation.testing.cast import Cast
from policies.tests.factories import document_make, published

pytestmark = pytest.mark.django_db


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def stands(exception: PolicyException, day: date) -> str:
    found = PolicyException.objects.get(pk=exception.pk)
    state = found.state_on(day)
    counted = PolicyException.objects.filter(pk=exception.pk).standing_in(state, on=day).count()
    assert counted == 1, "the list and the page say the same"
    others = [one for one in ExceptionState.values if one != state]
    assert not PolicyException.objects.filter(pk=exception.pk).standing_in(*others, on=day).exists()
    return state


def open_dates(exception: PolicyException) -> set[tuple[str, date, int]]:
    return set(
        Deadline.objects.open().filter(record_id=exception.pk).values_list("kind", "due_on", "assignee_id")
    )


def told(exception: PolicyException, kind: str) -> set[int]:
    return set(
        Notice.objects.filter(record_id=exception.pk, kind=kind).values_list("recipient_id", flat=True)
    )


def test_the_owner_of_the_policy_grants_it_and_its_owner_is_reminded(cast: Cast) -> None:
    exception = granted(cast)
    assert exception.state == ExceptionState.GRANTED
    assert exception.digest == latest_request(exception).digest
    assert open_dates(exception) == {(EXPIRY, END, cast.unit_lead.pk)}


def test_a_grave_risk_is_for_the_ciso_too(cast: Cast) -> None:
    exception = submitted(cast, risk=RiskLevel.HIGH)
    exception = decide(exception, cast.analyst)
    assert exception.state == ExceptionState.IN_REVIEW
    with pytest.raises(ApprovalRefused):
        decide(exception, cast.analyst)
    assert decide(exception, cast.ciso).state == ExceptionState.GRANTED


def test_who_owns_the_policy_and_asks_is_decided_on_by_the_ciso(cast: Cast) -> None:
    exception = submitted(cast, actor=cast.analyst)
    with pytest.raises(ApprovalRefused):
        decide(exception, cast.analyst)
    assert decide(exception, cast.ciso).state == ExceptionState.GRANTED


@pytest.mark.parametrize("part", ["owner", "asker"])
def test_nobody_decides_on_what_they_asked_for_or_own(cast: Cast, part: str) -> None:
    document = published(cast, owner=cast.ciso)
    said = {"actor": cast.ciso} if part == "asker" else {"actor": cast.unit_lead, "owner": cast.ciso}
    exception = exception_make(cast, document=document, **said)
    with pytest.raises(ApprovalRefused):
        step(exception, "submit", exception.created_by)


def test_who_wrote_on_it_before_somebody_else_did_does_not_decide_on_it(cast: Cast) -> None:
    exception = exception_make(cast, actor=cast.unit_lead)
    for actor, words in ((cast.analyst, "We have no locks"), (cast.unit_lead, "We have no locks yet")):
        exception = exception_change(
            exception=exception, changes={"reason": words}, actor=actor, now=NOW, version=exception.version
        )
    exception = step(exception, "submit", cast.unit_lead)
    with pytest.raises(ApprovalRefused):
        decide(exception, cast.analyst)
    assert decide(exception, cast.ciso).state == ExceptionState.GRANTED


def test_a_refusal_ends_it_and_a_wish_for_changes_takes_it_back(cast: Cast) -> None:
    exception = decide(submitted(cast), cast.analyst, Verdict.CHANGES, comment="Say more")
    assert exception.state == ExceptionState.DRAFT
    exception = decide(step(exception, "submit", cast.unit_lead), cast.analyst, Verdict.REJECT, comment="No")
    assert exception.state == ExceptionState.REFUSED
    assert open_dates(exception) == set()


def test_a_withdrawn_request_takes_it_back(cast: Cast) -> None:
    exception = submitted(cast)
    approval_withdraw(request=latest_request(exception), actor=cast.unit_lead, now=NOW)
    exception.refresh_from_db()
    assert exception.state == ExceptionState.DRAFT


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ((START, START - timedelta(days=1)), "expires_on"),
        ((START, START + timedelta(days=367)), "expires_on"),
        ((START - timedelta(days=9), START - timedelta(days=2)), "expires_on"),
    ],
)
def test_days_that_there_are_not(cast: Cast, days: tuple[date, date], field: str) -> None:
    with pytest.raises(FieldsRefused) as refused:
        exception_make(cast, starts_on=days[0], expires_on=days[1])
    assert field in refused.value.errors


def test_a_section_that_there_is_not(cast: Cast) -> None:
    with pytest.raises(FieldsRefused):
        exception_make(cast, section="section-of-another")


def test_nothing_is_excepted_from_what_holds_for_nobody(cast: Cast) -> None:
    with pytest.raises(ExceptionRefused):
        exception_make(cast, document=document_make(cast))


def test_what_is_from_a_restricted_policy_is_restricted(cast: Cast) -> None:
    document = published(cast, confidentiality="restricted")
    exception = exception_make(cast, document=document)
    assert exception.is_restricted
    changed = exception_change(
        exception=exception,
        changes={"confidentiality": "internal"},
        actor=cast.unit_lead,
        now=NOW,
        version=exception.version,
    )
    assert changed.is_restricted


def test_a_draft_is_changed_and_nothing_else(cast: Cast) -> None:
    exception = exception_make(cast)
    change: dict[str, Any] = {"changes": {"reason": "Late locks"}, "actor": cast.unit_lead, "now": NOW}
    changed = exception_change(exception=exception, version=exception.version, **change)
    assert (changed.reason, changed.section_title) == ("Late locks", "Rules")
    with pytest.raises(StaleRecord):
        exception_change(
            exception=exception,
            version=exception.version,
            changes={"reason": "Other"},
            actor=cast.unit_lead,
            now=NOW,
        )
    submitted_one = step(changed, "submit", cast.unit_lead)
    with pytest.raises(ExceptionRefused, match="waits"):
        exception_change(exception=submitted_one, version=submitted_one.version, **change)


def test_it_expires_at_midnight_of_the_organisation_whether_or_not_anybody_wrote_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    Organisation.objects.update(time_zone="Asia/Singapore")
    forget_organisation()
    exception = granted(cast)
    last = datetime(2027, 5, 31, 15, 59, tzinfo=UTC)  # 23:59 in Singapore
    monkeypatch.setattr(clock, "now", lambda: last)
    end()
    assert stands(exception, END) == ExceptionState.GRANTED
    monkeypatch.setattr(clock, "now", lambda: last + timedelta(minutes=1))
    assert stands(exception, date(2027, 6, 1)) == ExceptionState.EXPIRED
    assert PolicyException.objects.get(pk=exception.pk).state == ExceptionState.GRANTED, "nobody wrote it yet"
    end()
    end()
    assert PolicyException.objects.get(pk=exception.pk).state == ExceptionState.EXPIRED
    assert told(exception, "exceptions.ended") == {cast.unit_lead.pk, cast.analyst.pk}
    assert open_dates(exception) == set()


def test_what_is_over_is_not_revoked(cast: Cast) -> None:
    exception = granted(cast)
    with pytest.raises(TransitionRefused, match="over already"):
        step(exception, "revoke", cast.ciso, now=at(END + timedelta(days=1)), comment="Late")


def test_who_revokes_it_is_not_told_and_the_others_are(cast: Cast) -> None:
    exception = step(granted(cast), "revoke", cast.analyst, comment="The locks are there")
    assert exception.state == ExceptionState.REVOKED
    assert told(exception, "exceptions.ended") == {cast.unit_lead.pk}
    assert open_dates(exception) == set()


def renewal(cast: Cast, exception: PolicyException, starts_on: date, now: datetime = NOW) -> PolicyException:
    return submitted(
        cast,
        document=exception.document,
        renews=exception,
        starts_on=starts_on,
        expires_on=max(END, starts_on + timedelta(days=90)),
        now=now,
    )


def test_a_renewal_is_a_decision_of_its_own_and_the_old_one_holds_until_it_begins(cast: Cast) -> None:
    exception = granted(cast)
    begins = END - timedelta(days=10)
    new = renewal(cast, exception, begins)
    assert stands(exception, begins) == ExceptionState.GRANTED, "nobody granted the renewal"
    decide(new, cast.analyst)
    assert stands(exception, begins - timedelta(days=1)) == ExceptionState.GRANTED
    assert stands(exception, begins) == ExceptionState.RENEWED
    assert open_dates(exception) == set()
    assert open_dates(new) == {(EXPIRY, new.expires_on, cast.unit_lead.pk)}


def test_a_renewal_that_begins_today_takes_its_place_at_once(cast: Cast) -> None:
    exception = granted(cast, starts_on=START - timedelta(days=30))
    decide(renewal(cast, exception, START), cast.analyst)
    assert PolicyException.objects.get(pk=exception.pk).state == ExceptionState.RENEWED
    assert told(exception, "exceptions.ended") == set()


def test_what_expired_before_its_renewal_begins_stays_expired(cast: Cast) -> None:
    exception = granted(cast)
    later = END + timedelta(days=30)
    new = renewal(cast, exception, later, now=at(later))
    decide(new, cast.analyst, now=at(later))
    assert stands(exception, later) == ExceptionState.EXPIRED


def test_a_renewal_holds_as_long_as_what_it_takes_the_place_of(cast: Cast) -> None:
    exception = granted(cast)
    sooner = {"starts_on": START + timedelta(days=30), "expires_on": END - timedelta(days=1)}
    with pytest.raises(FieldsRefused) as refused:
        exception_make(cast, document=exception.document, renews=exception, **sooner)
    assert "revoke it" in refused.value.errors["expires_on"]
    draft = exception_make(
        cast, document=exception.document, renews=exception, **sooner | {"expires_on": END}
    )
    with pytest.raises(FieldsRefused):
        exception_change(
            exception=draft,
            changes={"expires_on": END - timedelta(days=1)},
            actor=cast.unit_lead,
            now=NOW,
            version=draft.version,
        )


def test_what_ends_sooner_ends_nothing_although_it_renews_it(cast: Cast) -> None:
    exception = granted(cast)
    new = exception_make(cast, document=exception.document, renews=exception)
    sooner = START + timedelta(days=30)
    PolicyException.objects.filter(pk=new.pk).update(expires_on=sooner)  # as was possible once
    new = decide(step(PolicyException.objects.get(pk=new.pk), "submit", cast.unit_lead), cast.analyst)
    assert stands(new, sooner) == ExceptionState.GRANTED
    after = sooner + timedelta(days=1)
    assert stands(new, after) == ExceptionState.EXPIRED
    assert stands(exception, after) == ExceptionState.GRANTED
    assert open_dates(exception) == {(EXPIRY, END, cast.unit_lead.pk)}


def test_a_renewal_whose_last_day_passed_while_it_waited_ends_nothing(cast: Cast) -> None:
    exception = granted(cast, expires_on=START + timedelta(days=300))
    new = exception_make(
        cast, document=exception.document, renews=exception, expires_on=START + timedelta(days=320)
    )
    sooner = START + timedelta(days=30)
    PolicyException.objects.filter(pk=new.pk).update(expires_on=sooner)
    new = step(PolicyException.objects.get(pk=new.pk), "submit", cast.unit_lead)
    after = sooner + timedelta(days=1)
    with pytest.raises(ApprovalRefused, match="is over"):
        decide(new, cast.analyst, now=at(after))
    assert stands(exception, after) == ExceptionState.GRANTED


def test_nothing_is_granted_after_its_last_day(cast: Cast) -> None:
    exception = submitted(cast, risk=RiskLevel.HIGH)
    decide(exception, cast.analyst, now=at(END))
    late = at(END + timedelta(days=1))
    with pytest.raises(ApprovalRefused, match="31 May 2027, is over"):
        decide(exception, cast.ciso, now=late)
    with pytest.raises(TransitionRefused, match="is over"):
        apply_transition(record=exception, name="grant", actor=cast.ciso, now=late, by_approval=True)
    exception = decide(exception, cast.ciso, Verdict.CHANGES, now=late, comment="Until when?")
    assert exception.state == ExceptionState.DRAFT


def test_who_came_to_own_it_does_not_decide_on_it(cast: Cast) -> None:
    exception = submitted(cast)
    exception_give(
        record=exception, to=cast.analyst, leaving=cast.unit_lead, actor=cast.administrator, now=NOW
    )
    with pytest.raises(ApprovalRefused, match="You own it"):
        decide(exception, cast.analyst)


def test_a_renewal_that_is_revoked_before_it_begins_gives_its_place_back(cast: Cast) -> None:
    exception = granted(cast)
    new = decide(renewal(cast, exception, END), cast.analyst)
    step(new, "revoke", cast.ciso, comment="Not needed")
    assert stands(exception, END) == ExceptionState.GRANTED
    assert open_dates(exception) == {(EXPIRY, END, cast.unit_lead.pk)}


def test_an_exception_has_one_renewal_that_may_come(cast: Cast) -> None:
    exception = granted(cast)
    new = renewal(cast, exception, END)
    with pytest.raises(ExceptionRefused, match=new.reference):
        renewal(cast, exception, END)
    decide(new, cast.analyst, Verdict.REJECT, comment="No")
    renewal(cast, exception, END)


def test_only_what_was_granted_is_renewed(cast: Cast) -> None:
    with pytest.raises(ExceptionRefused):
        renewal(cast, submitted(cast), END)


def test_what_is_over_before_anybody_decides_is_not_submitted(cast: Cast) -> None:
    exception = exception_make(cast)
    with pytest.raises(TransitionRefused, match="over before"):
        step(exception, "submit", cast.unit_lead, now=at(END))
