"""Reminders of people who are away go to who stands in for them."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from foundation.accounts.selectors import delegations_in_force
from foundation.deadlines.ladders import Clock
from foundation.deadlines.recipients import Claim, Why
from foundation.records.selectors import pairs_that_see


class Told(NamedTuple):
    """Why a person is told, for whom if that is another, and from when on if not at once."""

    why: Why
    instead_of: str = ""
    not_before: datetime | None = None


def with_stand_ins(
    recipients: Mapping[int, Mapping[int, Why]], claims: Collection[Claim], *, clock: Clock, on: date
) -> dict[int, dict[int, Told]]:
    """Return who is told of each deadline, by its id, with those who stand in on a day.

    Who is away is told on the morning after, by then of the latest reminder alone, and of nothing that was met meanwhile.
    Where the stand-in may not know of the record, the person is told as ever. A stand-in who is told anyway is told once.
    Two queries at the most, whatever their number.
    """
    people = {user_id for told in recipients.values() for user_id in told}
    found = delegations_in_force(on=on).filter(person_id__in=people).select_related("person")
    away = {delegation.person_id: delegation for delegation in found}
    seen = (
        pairs_that_see(
            {
                (claim.record_id, away[user_id].stand_in_id)
                for claim in claims
                for user_id in recipients[claim.deadline_id]
                if user_id in away
            },
            on=on,
        )
        if away
        else set()
    )
    answer: dict[int, dict[int, Told]] = {}
    for claim in claims:
        told = {user_id: Told(why) for user_id, why in recipients[claim.deadline_id].items()}
        for user_id, why in recipients[claim.deadline_id].items():
            delegation = away.get(user_id)
            if delegation is None or (claim.record_id, delegation.stand_in_id) not in seen:
                continue
            back = clock.at(delegation.ends_on + timedelta(days=1))
            told[user_id] = Told(why, not_before=back)
            told.setdefault(delegation.stand_in_id, Told(why, instead_of=delegation.person.full_name))
        answer[claim.deadline_id] = told
    return answer
